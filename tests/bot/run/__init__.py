"""tests: keeping the house running on one machine."""
