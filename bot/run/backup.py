"""bot.run: copies of a SQLite store, and their way back. PostgreSQL has its own tools (docs/operations.md)."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from kit.sql import store_url


class NotACopy(Exception):
    """The file cannot be restored; the words say why."""


class NotEmbedded(Exception):
    """The store is not a SQLite file."""


def database_file(url: str) -> Path:
    """The file behind `url`. Raises NotEmbedded."""
    parsed = make_url(store_url(url))
    if parsed.get_backend_name() != "sqlite":
        raise NotEmbedded(parsed.render_as_string(hide_password=True))
    return Path(str(parsed.database))


def back_up(database: Path, target: Path) -> int:
    """Copy the store as it is at one moment, while the desk may be running; returns the bytes written.

    The copy appears under its name only when it is whole. Raises FileExistsError, sqlite3.Error, OSError.
    """
    if target.exists():
        raise FileExistsError(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(half)) as new,
        ):
            half.chmod(0o600)
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        check_copy(half)
        os.link(half, target)  # unlike a rename it never replaces a file that came meanwhile
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def restore(copy: Path, database: Path) -> Path | None:
    """Put `copy` in the place of the store; returns where the present one was moved, None when there was none.

    The desk must not be running. Raises NotACopy, OSError.
    """
    check_copy(copy)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    ready = database.with_name(f"{database.name}.restoring-{stamp}")
    back_up(copy, ready)  # first, so that a full disk leaves the present store where it is
    aside = database.with_name(f"{database.name}.before-{stamp}") if database.exists() else None
    if aside is not None:
        for suffix in ("", "-wal", "-shm"):
            part = database.with_name(database.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    ready.rename(database)
    return aside


def check_copy(path: Path) -> None:
    """Raises NotACopy unless `path` is a whole SQLite store of this desk."""
    if not path.is_file():
        raise NotACopy("no such file")
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            told = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise NotACopy(str(error)) from error
    if told != "ok":
        raise NotACopy(told)
