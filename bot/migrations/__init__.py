"""bot.migrations: brings a database from any earlier version of the house to this one."""
