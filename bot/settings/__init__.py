"""bot: config.yml as one typed value, composed of every room's section."""
