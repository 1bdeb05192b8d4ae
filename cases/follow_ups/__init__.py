"""cases: follow-up calls (回访): who is asked afterwards, when, how, and what came of it."""
