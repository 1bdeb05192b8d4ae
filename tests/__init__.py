"""tests: mirrors the rooms. Names are sentences that state a promise."""
