"""tests: browser."""
