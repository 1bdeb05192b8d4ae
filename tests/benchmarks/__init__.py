"""tests: the benchmark's own arithmetic."""
