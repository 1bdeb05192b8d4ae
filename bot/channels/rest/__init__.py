"""bot: the REST channel. Any chat app is attached by a program that carries messages in and replies out."""
