"""tests: migrating an empty database gives exactly the schema of the tables, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from bot.migrations.steps import STEPS, NewerDatabase, connect, find_level, migrate
from bot.migrations.tables import load_tables
from kit.sql import metadata
from tests.support.postgres import PostgresServer


def plain(thing: object) -> str:
    """What was found, as text; conditions of indexes come as objects."""
    return json.dumps(thing, default=str, sort_keys=True)


def describe(connection: Connection) -> dict[str, Any]:
    """Everything the database says of its tables, in an order that does not depend on how they were made."""
    found = inspect(connection)
    made = "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    rows = connection.execute(text(made)) if connection.dialect.name == "sqlite" else ()
    virtual = {row.name: row.sql for row in rows}
    return {
        name: {
            "virtual": virtual.get(name),
            "columns": {
                column["name"]: (
                    str(column["type"]),
                    column["nullable"],
                    column["default"],
                    column.get("autoincrement"),
                )
                for column in found.get_columns(name)
            },
            "primary key": plain(found.get_pk_constraint(name)),
            "foreign keys": sorted(map(plain, found.get_foreign_keys(name))),
            "unique": sorted(map(plain, found.get_unique_constraints(name))),
            "indexes": sorted(map(plain, found.get_indexes(name))),
            "checks": sorted(map(plain, found.get_check_constraints(name))),
        }
        for name in sorted(found.get_table_names())
        if name != "alembic_version"
    }


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two databases with nothing in them."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    asyncio.run(_run(server, "CREATE DATABASE migrated", "CREATE DATABASE created"))
    yield server.url("migrated"), server.url("created")
    asyncio.run(_run(server, "DROP DATABASE migrated", "DROP DATABASE created"))


async def _run(server: PostgresServer, *statements: str) -> None:
    connection = await asyncpg.connect(server.url())
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def test_a_migrated_database_has_exactly_the_tables_of_the_rooms(empty_urls: tuple[str, str]) -> None:
    migrated, created = empty_urls
    assert (await migrate(migrated)).now is None
    load_tables()
    async with connect(created, writes=True) as connection:
        await connection.run_sync(metadata.create_all)
        wanted = await connection.run_sync(describe)
    async with connect(migrated, writes=False) as connection:
        assert await connection.run_sync(describe) == wanted
    assert wanted


async def test_migrating_twice_changes_nothing_the_second_time(empty_urls: tuple[str, str]) -> None:
    await migrate(empty_urls[0])
    before = await migrate(empty_urls[0])
    assert before.is_newest


async def test_two_that_migrate_at_once_do_not_disturb_each_other(empty_urls: tuple[str, str]) -> None:
    await asyncio.gather(*(migrate(empty_urls[0]) for _ in range(5)))
    assert (await find_level(empty_urls[0])).is_newest


async def test_a_database_of_a_later_version_is_left_alone(empty_urls: tuple[str, str]) -> None:
    await migrate(empty_urls[0])
    async with connect(empty_urls[0], writes=True) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase) as refused:
        await migrate(empty_urls[0])
    assert refused.value.level == "9999"


async def test_a_step_that_fails_leaves_nothing_behind(empty_urls: tuple[str, str]) -> None:
    load_tables()
    last = metadata.sorted_tables[-1].name
    async with connect(empty_urls[0], writes=True) as connection:
        await connection.execute(text(f'CREATE TABLE "{last}" (id INTEGER)'))
    with pytest.raises(DatabaseError):
        await migrate(empty_urls[0])
    async with connect(empty_urls[0], writes=False) as connection:
        assert list(await connection.run_sync(describe)) == [last]
    assert (await find_level(empty_urls[0])).now is None


async def test_words_are_found_after_the_step_that_keeps_them_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    earlier = tmp_path / "earlier"
    (earlier / "versions").mkdir(parents=True)
    shutil.copy(STEPS / "env.py", earlier / "env.py")
    for step in (STEPS / "versions").glob("0*.py"):
        if step.name[:4] <= "0028":
            shutil.copy(step, earlier / "versions" / step.name)
    await migrate(url, steps=earlier)
    async with connect(url, writes=True) as connection:
        await connection.execute(
            text(
                "INSERT INTO articles (id, number, key, category, status, version, languages, titles, search_text,"
                " updated_at, updated_by) VALUES ('a', 7, 'k', 'c', 'draft', 1, 'zh', '{\"zh\": \"七天退款\"}',"
                " '七天退款\nit is 7 days', '2026-11-22', 'Mei')"
            )
        )
    await migrate(url)
    async with connect(url, writes=False) as connection:
        for asked in ('title : "退款"', '"is" *', '"ay" *', '"七天退" *'):
            found = await connection.execute(text("SELECT rowid FROM article_terms(:asked)"), {"asked": asked})
            assert found.scalars().all() == [7], asked


async def test_looking_at_the_level_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    assert (await find_level(f"sqlite:///{path}")).now is None
    assert not path.exists()


STEP = """
from alembic import op
revision, down_revision = {revision!r}, {before!r}
def upgrade():
    op.execute({statement!r})
"""


async def test_a_file_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    (steps / "versions").mkdir(parents=True)
    shutil.copy(STEPS / "env.py", steps / "env.py")
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    statements = ["CREATE TABLE keepsake AS SELECT '您好' AS word", "DROP TABLE keepsake"]
    before = None
    for number, statement in enumerate(statements):
        step = STEP.format(revision=str(number), before=before, statement=statement)
        (steps / "versions" / f"{number}.py").write_text(step)
        await migrate(url, backups=tmp_path / "backups", steps=steps)
        before = str(number)
    async with connect(url, writes=False) as connection:
        assert await connection.run_sync(describe) == {}
    [copy] = (tmp_path / "backups").iterdir()
    async with connect(f"sqlite:///{copy}", writes=False) as connection:
        assert (await connection.execute(text("SELECT word FROM keepsake"))).scalar() == "您好"
