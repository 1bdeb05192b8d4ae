"""bot: the conversation's SQL. Nothing outside the room but `bot/app.py` imports from here."""
