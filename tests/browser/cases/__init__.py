"""tests: the screens of the cases room in a real browser."""
