"""bot.run: ports. The supervisor opens the desk's own port and hands it to the web process.

So a web process that dies takes no port with it: customers who connect in between wait in the backlog, not in front of
a closed door, and nobody can take the port while it is restarted.
"""

from __future__ import annotations

import errno
import socket

NEXT_PORTS = 20
"""How many ports after the wanted one are tried before any free one is taken."""
BACKLOG = 1024


class PortTaken(Exception):
    """The address cannot be listened on for a reason that another port would not mend."""


def listen(host: str, port: int, *, move: bool) -> socket.socket:
    """Listen on `port` of `host`; where it is taken and `move` allows it, on one of the next or any free one.

    Raises PortTaken when it cannot, with the system's own words.
    """
    wanted = [port] if not move else [*range(port, min(port + NEXT_PORTS, 65_536)), 0]
    for each in wanted:
        try:
            return _listen(host, each)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES} or each == wanted[-1]:
                raise PortTaken(f"{host}:{port}: {error.strerror}") from error
    raise AssertionError


def is_free(host: str, port: int) -> bool:
    """Whether the port could be listened on now."""
    try:
        _bind(host, port).close()
    except OSError:
        return False
    return True


def _listen(host: str, port: int) -> socket.socket:
    wire = _bind(host, port)
    wire.listen(BACKLOG)
    wire.setblocking(False)  # noqa: FBT003 - positional only
    return wire


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    wire = socket.socket(family, kind, protocol)
    try:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind(address)
    except OSError:
        wire.close()
        raise
    return wire
