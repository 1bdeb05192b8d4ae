"""bot: the dialogue policy, split by responsibility. Pure: values in, a named decision out (bot/decide.py is the door)."""
