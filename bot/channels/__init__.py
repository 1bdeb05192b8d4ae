"""bot: the channels. Each is translation, capabilities and a sender; nobody outside its folder asks which it is."""
