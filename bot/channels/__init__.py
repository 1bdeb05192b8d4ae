"""bot: the channels. Each is translation, capabilities and a sender; nobody outside a channel's folder asks which it is."""
