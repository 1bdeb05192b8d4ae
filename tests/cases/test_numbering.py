from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from cases.numbering import number_of
from cases.settings import CaseSettings
from kit.contracts import Tx
from kit.sql import Database
from tests.cases.support import COMPLAINT, Files, a_complaint, build_files
from tests.support.clock import MovableClock


class Undone(Exception):
    """Something else in the caller's transaction failed."""


def expected(count: int, period: str = "2611") -> list[str]:
    return [f"TS{period}-{number:06d}" for number in range(1, count + 1)]


async def test_a_number_names_month_and_count(files: Files) -> None:
    assert [(await files.open(a_complaint(f"k{n}"))).number for n in range(3)] == expected(3)


async def test_opening_under_the_same_key_again_returns_the_same_file(files: Files) -> None:
    first = await files.open()
    files.clock.forward(hours=1)
    again = await files.open(a_complaint(COMPLAINT.key, what_happened="又一遍"))
    assert again == first
    assert (await files.open(a_complaint("other"))).number == "TS2611-000002"


async def test_files_opened_at_once_get_numbers_without_gaps_or_doubles(files: Files) -> None:
    opened = await asyncio.gather(*(files.open(a_complaint(f"k{n}")) for n in range(40)))
    assert sorted(case.number for case in opened) == expected(40)


async def test_the_same_complaint_opened_many_times_at_once_is_one_file_and_costs_no_number(files: Files) -> None:
    opened = await asyncio.gather(*(files.open(a_complaint(f"k{n % 5}")) for n in range(40)))
    assert sorted({case.number for case in opened}) == expected(5)
    assert (await files.open(a_complaint("next"))).number == "TS2611-000006"


async def test_a_transaction_that_is_undone_gives_its_number_back(files: Files) -> None:
    async def open_and_fail(tx: Tx) -> None:
        await files.cases.open(tx, a_complaint("lost"), at=files.clock())
        raise Undone

    for outcome in await asyncio.gather(
        *(files.database.write(open_and_fail) for _ in range(5)),
        *(files.open(a_complaint(f"k{n}")) for n in range(5)),
        return_exceptions=True,
    ):
        assert isinstance(outcome, Undone) or not isinstance(outcome, BaseException)
    assert (await files.open(a_complaint("next"))).number == "TS2611-000006"


async def test_two_processes_on_one_sqlite_file_share_the_count(sqlite_url: str, clock: MovableClock) -> None:
    stores = [Database(sqlite_url), Database(sqlite_url)]
    try:
        rooms = [build_files(store, clock) for store in stores]
        opened = await asyncio.gather(*(room.open(a_complaint(f"k{n}")) for n, room in enumerate(rooms * 15)))
        assert sorted(case.number for case in opened) == expected(30)
    finally:
        for store in stores:
            await store.close()


async def test_the_count_begins_again_with_the_month_of_the_shops_own_clock(files: Files) -> None:
    files.clock.at = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    assert (await files.open(a_complaint("november"))).number == "TS2611-000001"
    files.clock.at = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert (await files.open(a_complaint("december"))).number == "TS2612-000001"


def test_the_millionth_file_of_a_month_still_has_a_number_of_its_own() -> None:
    assert number_of("TS", "2611", 999_999) == "TS2611-999999"
    assert number_of("TS", "2611", 1_000_000) == "TS2611-1000000"


async def test_the_letters_of_a_number_are_a_setting(sqlite_database: Database, clock: MovableClock) -> None:
    files = build_files(sqlite_database, clock, CaseSettings(prefix="CP"))
    assert (await files.open()).number == "CP2611-000001"
    with pytest.raises(ValueError, match="pattern"):
        CaseSettings(prefix="投诉")


def test_categories_are_named_once() -> None:
    with pytest.raises(ValueError, match="twice here: other"):
        CaseSettings(categories=(*CaseSettings().categories, CaseSettings().categories[-1]))
