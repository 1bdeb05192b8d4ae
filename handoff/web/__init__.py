"""handoff: the agents' console: its page, its socket, and what it asks over HTTP."""
