"""tests: kit."""
