"""bot: the conversation. Channels, inbox, turn, decision, outbox, realtime; `bot/app.py` builds the whole house."""
