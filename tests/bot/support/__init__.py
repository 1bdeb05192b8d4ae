"""tests: a conversation's parts, ready to use, and stand-ins that follow a script."""
