"""tests: the knowledge base."""
