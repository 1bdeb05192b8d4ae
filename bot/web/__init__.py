"""bot: what programs and administrators ask of conversations over HTTP. Customers' channels are in bot/channels."""
