"""tests: understanding."""
