"""tests: contracts."""
