"""tests: the console's routes, socket and pages."""
