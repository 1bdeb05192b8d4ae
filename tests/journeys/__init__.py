"""tests: whole conversations through the running desk, as customers and representatives have them."""
