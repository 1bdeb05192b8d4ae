"""tests: the benchmark's figures can be believed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.arrivals import poisson
from benchmarks.figures import percentile, summarise
from benchmarks.questions import endless, held_out


def test_figures_are_read_off_the_ordered_latencies() -> None:
    figures = summarise([each / 1000 for each in range(100, 0, -1)])
    assert (figures.count, figures.p50, figures.p95, figures.p99, figures.longest) == (100, 50, 95, 99, 100)


def test_one_latency_is_all_its_figures() -> None:
    figures = summarise([0.020])
    assert (figures.p50, figures.p99, figures.longest) == (20, 20, 20)


def test_no_latencies_have_no_figures() -> None:
    with pytest.raises(ValueError, match="no latencies"):
        summarise([])


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_at_least_the_share_lies_at_or_below_its_percentile(values: list[float], share: float) -> None:
    ordered = sorted(values)
    value = percentile(ordered, share)
    assert sum(each <= value for each in ordered) >= share * len(ordered) - 1e-9


@given(st.floats(5, 200), st.integers(0, 2**32))
def test_arrivals_are_ordered_within_the_time_and_as_many_as_the_rate_says(rate: float, seed: int) -> None:
    moments = poisson(rate, 60, seed=seed)
    assert moments == sorted(moments)
    assert all(0 < each < 60 for each in moments)
    assert abs(len(moments) - rate * 60) < 7 * (rate * 60) ** 0.5


def test_no_question_comes_again_within_a_run() -> None:
    texts = list(itertools.islice(endless(seed=1), 64 * len(held_out())))
    assert len(set(texts)) > 0.99 * len(texts)
