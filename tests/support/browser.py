"""tests: a real browser."""
