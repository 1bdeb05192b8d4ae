"""tests: the embedded Valkey."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import redis

from bot.run.part import Happening, Part
from bot.run.place import Place
from bot.run.valkey import EmbeddedValkey
from tests.bot.run.conftest import Seen
from tests.support.wait import until

Keep = Callable[..., Part]


async def test_what_was_acknowledged_survives_kill_9(keep: Keep, place: Place) -> None:
    valkey = EmbeddedValkey(place)
    part = keep(valkey.build, "valkey")
    await until(part.ready.is_set)
    with redis.Redis.from_url(valkey.url) as client:
        client.set("place", "3")
    first = part.status.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: part.ready.is_set() and part.status.pid != first)
    with redis.Redis.from_url(valkey.url) as client:
        assert client.get("place") == b"3"


async def test_nobody_else_can_reach_it(keep: Keep, place: Place) -> None:
    valkey = EmbeddedValkey(place)
    part = keep(valkey.build, "valkey")
    await until(part.ready.is_set)
    assert (place.sockets / "valkey.sock").stat().st_mode & 0o077 == 0
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("port") == {"port": "0"}


async def test_a_damaged_store_is_set_aside_and_an_empty_one_started(keep: Keep, place: Place, seen: Seen) -> None:
    store = place.valkey / "appendonlydir"
    store.mkdir()
    (store / "appendonly.aof.manifest").write_text("this is no manifest\n")
    part = keep(EmbeddedValkey(place).build, "valkey")
    await until(part.ready.is_set)
    assert seen.happenings() == [Happening.DIED, Happening.DIED, Happening.READY]
    [aside] = place.valkey.glob("damaged-*")
    assert (aside / "appendonly.aof.manifest").exists()
