"""bot.migrations.versions: one module a step, never changed once it is released."""
