"""handoff: the desk in SQL and Redis. Nothing outside the room but `bot/app.py` imports from here."""
