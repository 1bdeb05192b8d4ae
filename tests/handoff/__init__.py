"""tests: the live desk."""
