"""bot: webhooks. What happens in conversations is told to other systems, signed, at least once, from a stored outbox."""
