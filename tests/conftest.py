"""tests: the fixtures every room shares. Real parts only: SQLite files, PostgreSQL, Valkey, Chromium."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import fastapi.dependencies.models
import pytest
import redis.asyncio
import structlog

import kit.one_thread  # noqa: F401 - before numpy
from bot.logs import only_places, without_secrets
from kit.contracts import Signals
from kit.rooms import ROOMS, text_folders
from kit.signals import MemorySignals, RedisSignals
from kit.sql import Database, metadata
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.postgres import PostgresServer, find_postgres
from tests.support.valkey import ValkeyServer

pytest_plugins = [
    "tests.support.browser",
    "tests.support.library",
    "tests.support.prepared",
    "tests.support.understanding",
]


def _load_tables() -> None:
    """Register every room's tables on `kit.sql.metadata`."""
    for room in ROOMS:
        if importlib.util.find_spec(f"{room}.adapters") and importlib.util.find_spec(f"{room}.adapters.tables"):
            importlib.import_module(f"{room}.adapters.tables")


@pytest.fixture(autouse=True)
def handlers_forgotten() -> Iterator[None]:
    """FastAPI remembers what kind of function each handler is, and so every desk a test builds, with its models."""
    yield
    for kept in vars(fastapi.dependencies.models).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """What rooms log reads as on a terminal, and says of an exception what the desk's own log says.

    structlog's own way would draw every variable on the way to it: with a knowledge base among them that takes twenty
    seconds, in which the desk under test stands still.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S.%f", utc=True),
            only_places,
            without_secrets,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until the test moves it."""
    return MovableClock()


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The real catalogues of all rooms."""
    return Texts.load(text_folders())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with the schema in the database `desk`; skips where no binary is installed."""
    binaries = find_postgres()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries here; `apt-get install postgresql` brings them")
    _load_tables()
    server = PostgresServer(binaries)
    try:
        server.start()
        asyncio.run(_make_desk(server))
        yield server
    finally:
        server.stop()


async def _make_desk(server: PostgresServer) -> None:
    connection = await asyncpg.connect(server.url())
    await connection.execute("CREATE DATABASE desk")
    await connection.close()
    await _make_schema(server.url("desk"))


async def _make_schema(url: str) -> None:
    database = Database(url)
    await database.create_schema()
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema, to be copied."""
    _load_tables()
    path = tmp_path_factory.mktemp("template") / "desk.db"
    asyncio.run(_make_schema(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a fresh SQLite store with the schema."""
    shutil.copyfile(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite store, for tests where PostgreSQL would say nothing new."""
    database = Database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty store with the schema; SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    server: PostgresServer = request.getfixturevalue("postgres_server")
    asyncio.run(_empty_tables(server.url("desk")))
    return server.url("desk")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty store; SQLite and PostgreSQL in turn."""
    database = Database(database_url)
    yield database
    await database.close()


async def _empty_tables(url: str) -> None:
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    if names:
        connection = await asyncpg.connect(url)
        await connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        await connection.close()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    """A Valkey shared by all tests; those that kill one start their own."""
    server = ValkeyServer(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def redis_client(valkey: ValkeyServer) -> AsyncIterator[redis.asyncio.Redis]:
    """A client of the shared Valkey, which is empty at the start of the test."""
    client = redis.asyncio.Redis.from_url(valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "redis"])
async def signals(request: pytest.FixtureRequest) -> AsyncIterator[Signals]:
    """The signal wire; in memory and over Valkey in turn."""
    if request.param == "memory":
        yield MemorySignals()
        return
    server: ValkeyServer = request.getfixturevalue("valkey")
    client = redis.asyncio.Redis.from_url(server.url)
    signals = RedisSignals(client)
    yield signals
    await signals.close()
    await client.aclose()
