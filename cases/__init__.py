"""cases: complaint files and their numbers. Knows nothing of channels or articles."""
