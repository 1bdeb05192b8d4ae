"""tests: docs/protocol.md names every socket, every frame and every JSON address there is."""

from __future__ import annotations

import re
from pathlib import Path

from kit.rooms import HOUSE, ROOMS

DOC = (HOUSE / "docs/protocol.md").read_text(encoding="utf-8")
SOCKETS = {"visitor": "bot/channels/web", "desk": "handoff/web"}
SHARED = ("kit/web/sockets.py",)


def code_of(folder: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((HOUSE / folder).rglob("*.py")))


def section(name: str) -> str:
    """The part of the page about one socket."""
    start = DOC.index(f"`/ws/{name}`")
    return DOC[start : DOC.index("\n## ", start)]


def documented(name: str) -> set[str]:
    """Frame types in the first cells of a socket's tables."""
    cells = re.findall(r"^\| ([^|]+?) \|", section(name), flags=re.MULTILINE)
    return {frame for cell in cells for frame in re.findall(r"`(\w+)`", cell)}


def test_every_frame_a_socket_takes_or_sends_is_documented_and_no_other() -> None:
    shared = "\n".join((HOUSE / path).read_text(encoding="utf-8") for path in SHARED)
    for name, folder in SOCKETS.items():
        code = code_of(folder)
        sent = set(re.findall(r'"t": "(\w+)"', code + shared))
        taken = set(re.findall(r'"(\w+)": self\._\w+', (HOUSE / folder / "socket.py").read_text(encoding="utf-8")))
        assert len(taken) >= 5, f"the handlers of /ws/{name} are not found where they were; mend this test"
        assert sent | taken == documented(name), f"/ws/{name}: docs/protocol.md and the code differ"


def routes() -> set[str]:
    """Literal addresses of routes in the rooms' code, below their router's prefix."""
    found = set()
    for path in (path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        named = dict(re.findall(r'^([A-Z_]+) = "([^"]+)"', text, flags=re.MULTILINE))
        given = re.search(r"APIRouter\(prefix=([^),]+)", text)
        prefix = "" if given is None else named.get(given[1], given[1].strip('"'))
        found |= {
            prefix + address
            for address in re.findall(r'router\.(?:get|post|put|delete|websocket)\("([^"]*)"', text)
            if prefix.startswith("/") or not given
        }
    return found


def test_every_address_is_documented() -> None:
    addresses = routes()
    assert {"/ws/visitor", "/api/messages", "/sign-in"} <= addresses
    roots = {root.rstrip("/") for root in re.findall(r"`(?:GET |POST )?(/[\w/-]*)", DOC)}
    missing = {
        address
        for address in addresses
        if not any(address == root or (root and address.startswith(f"{root}/")) for root in {*roots, "/"} - {""})
    }
    assert not missing, f"name these in docs/protocol.md: {missing}"


def test_the_pages_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", DOC)
    assert links
    assert all((Path(HOUSE) / "docs" / link).exists() for link in links if "://" not in link)
