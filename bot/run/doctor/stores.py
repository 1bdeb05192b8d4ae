"""bot.run.doctor: the database and Redis, as they answer now."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime

import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.migrations.steps import connect, find_level
from bot.run.doctor.findings import Finding, Look, fault, good, note

REDIS = (7, 0)
POSTGRES = 13
ANSWER_SECONDS = 10
CLOCK_SECONDS = 5.0
MIGRATE = ".venv/bin/python -m bot migrate"
RESTORE = ".venv/bin/python -m bot restore FILE"


async def check_database(look: Look) -> list[Finding]:
    """Whether it answers, is whole, and is at this version's level."""
    url = make_url(look.database_url)
    shown = url.render_as_string(hide_password=True)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            level = await find_level(look.database_url)
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError) as error:
        return [_unreachable(look, shown, error)]
    if level.now is None:
        return [note("database", "empty", address=shown, mend=MIGRATE)]
    findings = []
    if url.get_backend_name() == "sqlite":
        findings += await asyncio.to_thread(_whole, str(url.database))
    else:
        findings += await _server(look)
    if not level.is_newest and not level.is_known:
        findings.append(fault("database", "newer", level=level.now, newest=level.newest, mend="git pull && make setup"))
    elif not level.is_newest:
        findings.append(fault("database", "older", level=level.now, newest=level.newest, mend=MIGRATE))
    return findings or [good("database", address=shown, level=level.now)]


async def check_redis(look: Look) -> list[Finding]:
    """The outside Redis, where one is set; the desk's own is its supervisor's business."""
    if look.redis_url is None:
        return []
    try:
        return [await _ask_redis(look.redis_url)]
    except ValueError as error:
        return [fault("redis", "bad_address", fault=str(error), mend="export REDIS_URL=redis://127.0.0.1:6379/0")]
    except AuthenticationError:
        return [fault("redis", "password", mend="export REDIS_URL=redis://:PASSWORD@HOST:6379/0")]
    except (RedisError, OSError) as error:
        return [fault("redis", "down", fault=type(error).__name__, mend="redis-cli -u $REDIS_URL ping")]


async def _ask_redis(url: str) -> Finding:
    client = redis.asyncio.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        about = await client.info("server")
        seconds, microseconds = await client.time()
    finally:
        await client.aclose()
    version = str(about.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2]) < REDIS:
        return fault("redis", "old", version=version, mend="unset REDIS_URL")
    away = abs(datetime.now(UTC).timestamp() - (seconds + microseconds / 1e6))
    if away > CLOCK_SECONDS:
        return fault("redis", "clock", seconds=round(away), mend="timedatectl set-ntp true")
    return good("redis", version=version)


def _unreachable(look: Look, shown: str, error: Exception) -> Finding:
    words = str(getattr(error, "orig", None) or error).splitlines()[0] if str(error) else type(error).__name__
    embedded = make_url(look.database_url).get_backend_name() == "sqlite"
    mend = RESTORE if embedded else "psql $DATABASE_URL -c 'select 1'"
    return fault("database", "unreachable", address=shown, fault=words[:200], mend=mend)


def _whole(path: str) -> list[Finding]:
    """SQLite's own look at its file, and at the references in it."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=ANSWER_SECONDS)) as connection:
        try:
            told = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
        except sqlite3.DatabaseError as error:
            return [fault("database", "damaged", fault=str(error)[:200], mend=RESTORE)]
    if told != ["ok"]:
        return [fault("database", "damaged", fault=told[0][:200], mend=RESTORE)]
    if broken:
        return [fault("database", "damaged", fault=f"{broken[0][0]} -> {broken[0][2]}", mend=RESTORE)]
    return []


async def _server(look: Look) -> list[Finding]:
    async with asyncio.timeout(ANSWER_SECONDS), connect(look.database_url, writes=False) as connection:
        version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one()) // 10_000
        encoding = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
        now = (await connection.execute(text("SELECT now()"))).scalar_one()
    if version < POSTGRES:
        return [fault("database", "old_server", version=version, wanted=POSTGRES, mend="unset DATABASE_URL")]
    if encoding != "UTF8":
        return [
            fault("database", "encoding", encoding=encoding, mend="createdb --encoding=UTF8 --template=template0 desk")
        ]
    away = abs((datetime.now(UTC) - now).total_seconds())
    if away > CLOCK_SECONDS:
        return [fault("database", "clock", seconds=round(away), mend="timedatectl set-ntp true")]
    return []
