"""bot: webhooks. Other systems are told what happens in conversations: signed, at least once, from a stored outbox."""
