"""cases: complaint reports, from facts to figures to bytes."""
