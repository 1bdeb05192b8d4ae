"""cases: the files in SQL. Nothing outside the room but `bot/app.py` imports from here."""
