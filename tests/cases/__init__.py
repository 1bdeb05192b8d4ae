"""tests: complaint files."""
