"""bot.app: what every process of the desk stands on: settings, secrets, the store, the wire, the texts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import redis.asyncio

from bot.app.secrets import Secrets, load_secrets
from bot.settings import DeskSettings
from kit.contracts import Clock, JsonValue, NewId, Signal, Signals
from kit.ids import new_id, now
from kit.rooms import text_folders
from kit.settings import load_settings
from kit.signals import RedisSignals
from kit.sql import Database
from kit.texts import Texts

PATIENCE_SECONDS = 2.0
"""How long Redis may take to answer; what it holds is only speed, and SQL knows the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Opened once a process, closed at its end."""

    settings: DeskSettings
    secrets: Secrets = field(repr=False)
    data_dir: Path
    config: Path
    """The file the settings came from, for processes that are started."""
    database: Database
    signals: Signals
    client: redis.asyncio.Redis | None
    """None where no Redis is configured: everything works, news are read from SQL."""
    texts: Texts
    clock: Clock = now
    new_id: NewId = new_id


def read_settings(config: Path, data_dir: Path | None = None) -> tuple[DeskSettings, Path]:
    """config.yml and the data directory it names (`data_dir` wins). Raises `kit.settings.SettingsFault`."""
    settings = load_settings(config, DeskSettings)
    folder = data_dir if data_dir is not None else config.parent / settings.data_dir
    return settings, folder.resolve()


@contextlib.asynccontextmanager
async def open_ground(
    settings: DeskSettings,
    data_dir: Path,
    *,
    config: Path = Path("config.yml"),
    secrets: Secrets | None = None,
    clock: Clock = now,
) -> AsyncIterator[Ground]:
    """Open store and wire; closed in reverse order."""
    known = secrets or load_secrets(data_dir)
    async with contextlib.AsyncExitStack() as stack:
        database = Database(known.database_url)
        await database.open()
        stack.push_async_callback(database.close)
        client: redis.asyncio.Redis | None = None
        signals: Signals = Unwired()
        if known.redis_url:
            client = redis.asyncio.Redis.from_url(
                known.redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
            )
            stack.push_async_callback(client.aclose)
            wired = RedisSignals(client)
            stack.push_async_callback(wired.close)
            signals = wired
        yield Ground(
            settings=settings,
            secrets=known,
            data_dir=data_dir,
            config=config,
            database=database,
            signals=signals,
            client=client,
            texts=Texts.load(text_folders()),
            clock=clock,
        )


class Unwired:
    """The wire of a desk without Redis: it is always down, so everybody reads SQL instead."""

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        """Nobody hears it."""

    @contextlib.asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Signal | None]]:
        """Nothing ever comes."""
        yield _silence()

    def up(self) -> bool:
        """Never."""
        return False


async def _silence() -> AsyncIterator[Signal | None]:
    await asyncio.Event().wait()
    yield None
