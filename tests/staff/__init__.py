"""tests: staff."""
