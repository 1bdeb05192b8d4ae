"""kit: plumbing every room may use and that knows nothing of the desk (see docs/decisions/0001-a-kit-room.md)."""
