"""bot.app: the one place where concrete things are built. Reads like a parts list; owns the order of start and stop.

`ground` opens store and wire, `rooms` builds the services, `mind` loads the models; `work` and `web` are the two
processes, `ask` is the command that runs one text through the real turn.
"""
