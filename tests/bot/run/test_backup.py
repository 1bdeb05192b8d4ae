"""tests: a copy of the store is whole, and comes back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.migrations.steps import migrate
from bot.run.backup import NotACopy, NotEmbedded, back_up, database_file, restore


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one line in it."""
    path = tmp_path / "var" / "desk.db"
    path.parent.mkdir()
    asyncio.run(migrate(f"sqlite:///{path}"))
    write(path, "one")
    return path


def write(path: Path, word: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        connection.execute("INSERT INTO words VALUES (?)", (word,))


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words ORDER BY rowid")]


def test_a_copy_holds_what_was_committed_even_while_somebody_writes(store: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        busy.execute("INSERT INTO words VALUES ('not yet')")
        assert back_up(store, tmp_path / "backups" / "copy.db") > 0
        busy.execute("ROLLBACK")
    assert words(tmp_path / "backups" / "copy.db") == ["one"]
    assert (tmp_path / "backups" / "copy.db").stat().st_mode & 0o077 == 0


def test_a_copy_never_replaces_a_file(store: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(FileExistsError):
        back_up(store, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_restored_store_is_the_copy_and_the_present_one_is_kept(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "copy.db")
    write(store, "two")
    aside = restore(tmp_path / "copy.db", store)
    assert words(store) == ["one"]
    assert aside is not None
    assert words(aside) == ["one", "two"]


def test_restoring_onto_nothing_works(store: Path, tmp_path: Path) -> None:
    assert restore(store, tmp_path / "new" / "desk.db") is None
    assert words(tmp_path / "new" / "desk.db") == ["one"]


def test_what_is_no_copy_is_refused_and_the_store_untouched(store: Path, tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear shop, " * 1000)
    empty = tmp_path / "empty.db"
    sqlite3.connect(empty).close()
    torn = tmp_path / "torn.db"
    back_up(store, torn)
    torn.write_bytes(torn.read_bytes()[:8192] + os.urandom(60_000))
    for path in (text, empty, torn, tmp_path / "missing.db"):
        with pytest.raises(NotACopy):
            restore(path, store)
    assert words(store) == ["one"]


def test_another_kind_of_store_has_its_own_tools() -> None:
    with pytest.raises(NotEmbedded) as refused:
        database_file("postgresql://desk:hunter2@127.0.0.1/desk")
    assert "hunter2" not in str(refused.value)
