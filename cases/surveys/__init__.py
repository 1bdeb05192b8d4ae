"""cases: satisfaction surveys: offered, answered, counted."""
