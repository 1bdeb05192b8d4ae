"""Promises of the published intervals: the figure lies in its own, more rows narrow it, a real fall is noticed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.app.report.intervals import Interval, bootstrap, fallen


def share(rows: Sequence[bool]) -> dict[str, float | None]:
    return {"share": sum(rows) / len(rows), "nothing": None}


def rows(right: int, wrong: int) -> list[bool]:
    return [True] * right + [False] * wrong


def test_a_figure_lies_in_its_interval_and_more_rows_narrow_it() -> None:
    few, many = (bootstrap(rows(8 * n, 2 * n), share, seed=1)["share"] for n in (10, 100))
    for each in (few, many):
        assert each.value == pytest.approx(0.8)
        assert each.low < each.value < each.high
    assert many.high - many.low < (few.high - few.low) / 2
    assert (few.rows, many.rows) == (100, 1_000)
    # As the normal approximation has it: 1.96 standard errors on either side.
    assert many.low == pytest.approx(0.8 - 1.96 * (0.8 * 0.2 / 1_000) ** 0.5, abs=0.01)


def test_the_same_seed_gives_the_same_interval() -> None:
    assert bootstrap(rows(70, 30), share, seed=3) == bootstrap(rows(70, 30), share, seed=3)


def test_what_says_nothing_is_not_published() -> None:
    assert set(bootstrap(rows(3, 1), share, seed=1)) == {"share"}


def test_a_figure_that_is_always_the_same_keeps_its_interval_shut() -> None:
    found = bootstrap(rows(20, 0), share, seed=1)["share"]
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)


def test_only_a_fall_below_the_interval_counts() -> None:
    known = {"a": Interval(value=0.8, low=0.75, high=0.85, rows=100), "gone": Interval(value=1, low=1, high=1, rows=9)}
    assert fallen({"a": 0.76, "new": 0.1}, known) == {}
    assert fallen({"a": 0.9}, known) == {}
    assert fallen({"a": 0.74}, known) == {"a": (0.74, known["a"])}
