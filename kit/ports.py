"""kit: free ports, for programs that cannot be asked to bind port 0 and say what they got."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment; whoever uses it must cope with losing it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
