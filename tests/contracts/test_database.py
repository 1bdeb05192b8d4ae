"""tests: the store's promises, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from kit.contracts import Tx
from kit.sql import FOR_MANY, Database, StoreClosed, UtcDateTime, connection_of, store_url

own = MetaData()
"""Apart from `kit.sql.metadata`: this table belongs to the test alone."""
notes = Table(
    "test_notes",
    own,
    Column("id", Integer, primary_key=True),
    Column("words", String, nullable=False, unique=True),
    Column("at", UtcDateTime),
)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Database]:
    """The store with the test's own table."""
    await database.write(lambda tx: connection_of(tx).run_sync(own.drop_all))
    await database.write(lambda tx: connection_of(tx).run_sync(own.create_all))
    yield database
    if not database.embedded:
        leftover = Database(database.url)
        await leftover.write(lambda tx: connection_of(tx).run_sync(own.drop_all))
        await leftover.close()


def adding(words: str) -> Callable[[Tx], Awaitable[str]]:
    async def work(tx: Tx) -> str:
        await connection_of(tx).execute(insert(notes).values(words=words))
        return words

    return work


async def stored(store: Database) -> set[str]:
    async with store.read() as connection:
        return set((await connection.execute(select(notes.c.words))).scalars())


async def test_what_write_returned_is_seen_by_the_next_reader(store: Database) -> None:
    assert await store.write(adding("one")) == "one"
    assert await stored(store) == {"one"}


async def test_a_write_that_raises_stores_nothing(store: Database) -> None:
    async def work(tx: Tx) -> None:
        await adding("half")(tx)
        message = "no"
        raise LookupError(message)

    with pytest.raises(LookupError, match="no"):
        await store.write(work)
    assert await stored(store) == set()


async def test_many_writers_at_once_all_get_their_own_result(store: Database) -> None:
    names = [f"note {number}" for number in range(200)]
    assert await asyncio.gather(*(store.write(adding(name)) for name in names)) == names
    assert await stored(store) == set(names)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("INSERT INTO test_notes (words) VALUES ('taken')", IntegrityError),
        ("SELECT * FROM no_such_table", (OperationalError, ProgrammingError)),
    ],
    ids=["broken constraint", "faulty statement"],
)
async def test_one_failing_write_harms_none_of_those_beside_it(
    store: Database, statement: str, error: type[Exception]
) -> None:
    await store.write(adding("taken"))

    async def failing(tx: Tx) -> None:
        await adding("undone")(tx)
        await connection_of(tx).execute(text(statement))

    first, failed, last = await asyncio.gather(
        store.write(adding("first")), store.write(failing), store.write(adding("last")), return_exceptions=True
    )
    assert (first, last) == ("first", "last")
    assert isinstance(failed, error)
    assert await stored(store) == {"taken", "first", "last"}


async def test_a_write_that_ends_the_transaction_of_all_harms_only_itself(store: Database) -> None:
    """Some faults (disk full, I/O error) make SQLite roll everything back; ROLLBACK does the same here."""

    async def tearing(tx: Tx) -> None:
        await connection_of(tx).exec_driver_sql("ROLLBACK")
        await connection_of(tx).exec_driver_sql("SELECT * FROM no_such_table")

    first, torn, last = await asyncio.gather(
        store.write(adding("first")), store.write(tearing), store.write(adding("last")), return_exceptions=True
    )
    assert (first, last) == ("first", "last")
    assert isinstance(torn, DBAPIError)
    assert await stored(store) == {"first", "last"}


async def test_a_constraint_broken_at_commit_harms_only_its_own_write(store: Database) -> None:
    await store.write(
        lambda tx: connection_of(tx).exec_driver_sql(
            "CREATE TABLE test_children (parent INTEGER REFERENCES test_notes (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    try:
        late = text("INSERT INTO test_children VALUES (404)")
        first, failed, last = await asyncio.gather(
            store.write(adding("first")),
            store.write(lambda tx: connection_of(tx).execute(late)),
            store.write(adding("last")),
            return_exceptions=True,
        )
        assert (first, last) == ("first", "last")
        assert isinstance(failed, IntegrityError)
        assert await stored(store) == {"first", "last"}
    finally:
        await store.write(lambda tx: connection_of(tx).exec_driver_sql("DROP TABLE test_children"))


async def test_a_write_whose_caller_is_cancelled_is_carried_through(store: Database) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx) -> None:
        await adding("slow")(tx)
        inside.set()
        await go_on.wait()

    caller = asyncio.create_task(store.write(slow))
    await inside.wait()
    behind = asyncio.create_task(store.write(adding("behind")))
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    assert await behind == "behind"
    await store.close()
    again = Database(store.url)
    assert await stored(again) == {"slow", "behind"}
    await again.close()


async def test_work_that_cancels_itself_is_undone_and_the_store_lives_on(store: Database) -> None:
    async def cancelled(tx: Tx) -> None:
        await adding("gone")(tx)
        raise asyncio.CancelledError

    results = await asyncio.gather(store.write(cancelled), store.write(adding("kept")), return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert await stored(store) == {"kept"}


async def test_a_write_that_hangs_is_undone_and_those_behind_it_go_on(store: Database) -> None:
    impatient = Database(store.url, work_seconds=0.2)

    async def hanging(tx: Tx) -> None:
        await adding("hanging")(tx)
        await asyncio.Event().wait()

    results = await asyncio.gather(impatient.write(hanging), impatient.write(adding("behind")), return_exceptions=True)
    assert isinstance(results[0], TimeoutError)
    assert results[1] == "behind"
    assert await stored(impatient) == {"behind"}
    await impatient.close()


async def test_closing_finishes_what_was_accepted_and_refuses_the_rest(store: Database) -> None:
    writes = [asyncio.create_task(store.write(adding(f"note {number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*writes)) == 100
    with pytest.raises(StoreClosed):
        await store.write(adding("too late"))
    again = Database(store.url)
    assert len(await stored(again)) == 100
    await again.close()


async def test_closing_twice_or_unopened_is_no_fault(store: Database) -> None:
    unopened = Database(store.url)
    await unopened.close()
    await store.close()
    await store.close()


async def test_a_write_inside_a_write_is_named_as_the_mistake_it_is(store: Database) -> None:
    async def outer(tx: Tx) -> None:
        await adding("outer")(tx)
        await store.write(adding("inner"))

    with pytest.raises(RuntimeError, match="hand the open `tx` on"):
        await store.write(outer)
    assert await stored(store) == set()


async def test_a_reader_cannot_write(store: Database) -> None:
    async with store.read() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(insert(notes).values(words="sneaked in"))
    assert await stored(store) == set()


async def test_a_reader_sees_one_state_and_never_half_a_write(store: Database) -> None:
    async def two(tx: Tx) -> None:
        await adding("left")(tx)
        seen.append(await stored(store))
        await adding("right")(tx)

    seen: list[set[str]] = []
    await store.write(two)
    assert seen == [set()]
    assert await stored(store) == {"left", "right"}


async def test_of_two_who_take_the_same_thing_one_wins(store: Database) -> None:
    await store.write(adding("free"))

    def take(name: str) -> Callable[[Tx], Awaitable[int]]:
        async def work(tx: Tx) -> int:
            taken = await connection_of(tx).execute(
                update(notes).where(notes.c.words == "free").values(words=f"taken by {name}")
            )
            return taken.rowcount

        return work

    counts = await asyncio.gather(*(store.write(take(str(number))) for number in range(20)))
    assert sorted(counts) == [0] * 19 + [1]


async def test_stores_of_two_processes_add_up_without_losing_one(store: Database) -> None:
    """Two `Database` objects share nothing but the store, as web and worker do."""
    other = Database(store.url)
    await store.write(adding("0"))

    async def add_one(tx: Tx) -> None:
        connection = connection_of(tx)
        row = (await connection.execute(select(notes).with_for_update())).one()
        await connection.execute(update(notes).where(notes.c.id == row.id).values(words=str(int(row.words) + 1)))

    await asyncio.gather(*(house.write(add_one) for house in (store, other) for _ in range(40)))
    assert await stored(store) == {"80"}
    await other.close()


async def test_times_come_back_aware_and_in_utc(store: Database) -> None:
    shanghai = datetime(2026, 11, 21, 18, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8)))
    await store.write(lambda tx: connection_of(tx).execute(insert(notes).values(words="when", at=shanghai)))
    async with store.read() as connection:
        row = (await connection.execute(select(notes.c.at, func.max(notes.c.at).over()))).one()
    assert row[0] == row[1] == shanghai
    assert row[0].tzinfo == row[1].tzinfo == UTC


async def test_a_naive_time_is_refused(store: Database) -> None:
    naive = datetime(2026, 11, 21)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(DBAPIError.__mro__[1], match="aware UTC"):
        await store.write(lambda tx: connection_of(tx).execute(insert(notes).values(words="when", at=naive)))


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgresql://u:p%40ss@h/d", "postgresql+asyncpg://u:p%40ss@h/d"),
        ("postgres://h/d", "postgresql+asyncpg://h/d"),
        ("sqlite:///var/desk.db", "sqlite+aiosqlite:///var/desk.db"),
    ],
)
def test_addresses_are_taken_as_people_write_them(written: str, used: str) -> None:
    assert store_url(written) == used


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_a_store_that_cannot_serve_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="a store is"):
        store_url(url)


async def test_one_question_takes_one_processor_and_is_not_compiled_first(store: Database) -> None:
    if store.embedded:
        pytest.skip("PostgreSQL's settings")
    async with store.read() as connection:
        told = {name: (await connection.execute(text(f"SHOW {name}"))).scalar_one() for name in FOR_MANY}
    assert told == FOR_MANY
