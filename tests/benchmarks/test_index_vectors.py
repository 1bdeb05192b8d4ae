"""Promises of the index benchmark: made-up questions have nearest rows, an index is measured against exact search."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.index.__main__ import table
from benchmarks.index.neighbours import exact, measure_size
from benchmarks.index.vectors import FAR, USUAL, make_questions, make_rows, real_sentences, unit
from knowledge_base.settings import IndexSettings

REAL = unit(np.random.default_rng(1).normal(size=(300, 48)).astype(np.float32))


def test_far_questions_are_farther_than_usual_ones() -> None:
    rows = make_rows(REAL, 2_000, seed=1)
    near = [exact(rows, make_questions(rows, REAL, 200, seed=2, steps=steps))[1] for steps in (USUAL, FAR)]
    assert 1 > near[0] > near[1] > 0
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_the_same_seed_makes_the_same_rows() -> None:
    assert np.array_equal(make_rows(REAL, 100, seed=4), make_rows(REAL, 100, seed=4))
    assert not np.array_equal(make_rows(REAL, 100, seed=4), make_rows(REAL, 100, seed=5))


def test_exact_search_finds_what_stands_in_it() -> None:
    rows = make_rows(REAL, 500, seed=1)
    found, likeness = exact(rows, rows[:50])
    assert found.tolist() == list(range(50))
    assert likeness > 0.999


def test_a_size_is_measured_with_the_kind_that_its_settings_choose(tmp_path: Path) -> None:
    np.save(tmp_path / "real.npy", REAL)
    for settings, kind in ((IndexSettings(), "exact"), (IndexSettings(exact_up_to=0), "graph")):
        measured = measure_size(tmp_path / "real.npy", 1_500, settings)
        assert (measured.kind, measured.rows) == (kind, 1_500)
        assert measured.recall >= 0.95
        assert f"| 1,500 | {kind} |" in table([measured], None)


def test_the_sentences_are_those_of_the_house_each_once() -> None:
    texts = real_sentences()
    assert len(texts) > 5_000
    assert len(set(texts)) == len(texts)
