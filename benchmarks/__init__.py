"""benchmarks: how fast the desk answers, socket to socket, beside a stock Rasa bot. Uses the desk from outside only."""
