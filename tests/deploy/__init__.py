"""tests: deploy."""
