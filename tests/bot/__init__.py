"""tests: the conversation."""
