"""knowledge_base: SQL stores, the FAISS index and files. Nothing outside the room imports this but bot/app.py."""
