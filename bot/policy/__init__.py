"""bot: the dialogue policy by responsibility. Pure: values in, a named decision out; bot/decide.py is its door."""
