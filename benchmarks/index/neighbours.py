"""benchmarks.index: one size of index: the kind that is chosen, how often it finds the nearest, how fast, how big."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from benchmarks.index.vectors import FAR, USUAL, make_questions, make_rows
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.corpus import Floats
from knowledge_base.features import NEAR_ROWS
from knowledge_base.segment import Neighbours
from knowledge_base.settings import IndexSettings

QUESTIONS = 500
BLOCK = 100_000
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigures:
    """Of one size."""

    rows: int
    kind: str
    recall: float
    """Share of usual questions whose nearest row came first."""
    recall_far: float
    likeness: float
    """Mean cosine of a usual question to its nearest row."""
    p50_ms: float
    p95_ms: float
    build_seconds: float
    """Processor time: the clock says more about what else the machine does."""
    vectors_mib: float
    index_mib: float
    """What the index takes beside the vectors."""


def measure_size(real_file: Path, rows: int, settings: IndexSettings) -> IndexFigures:
    """Build an index over `rows` made-up vectors and ask it; for a process of its own."""
    real: Floats = np.load(real_file)
    points = make_rows(real, rows, seed=1)
    usual = make_questions(points, real, QUESTIONS, seed=2, steps=USUAL)
    far = make_questions(points, real, QUESTIONS, seed=3, steps=FAR)
    before, began = psutil.Process().memory_info().rss, time.process_time()
    index = FaissBuilder(settings).build(points)
    took, grown = time.process_time() - began, psutil.Process().memory_info().rss - before
    nearest, likeness = exact(points, usual)
    found, times = ask(index, usual)
    return IndexFigures(
        rows=rows,
        kind=index.kind,
        recall=float((found == nearest).mean()),
        recall_far=float((ask(index, far)[0] == exact(points, far)[0]).mean()),
        likeness=likeness,
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        build_seconds=took,
        vectors_mib=points.nbytes / MEBIBYTE,
        index_mib=grown / MEBIBYTE,
    )


def exact(points: Floats, questions: Floats) -> tuple[npt.NDArray[np.int64], float]:
    """(the nearest row of each question, the mean cosine to it), every row compared."""
    best = np.full(len(questions), -2.0, np.float32)
    rows = np.zeros(len(questions), np.int64)
    for start in range(0, len(points), BLOCK):
        near = questions @ points[start : start + BLOCK].T
        at = near.argmax(1)
        value = near[np.arange(len(questions)), at]
        better = value > best
        best[better], rows[better] = value[better], at[better] + start
    return rows, float(best.mean())


def ask(index: Neighbours, questions: Floats) -> tuple[npt.NDArray[np.int64], list[float]]:
    """(the row found first for each question, milliseconds of each), one after the other as the desk asks."""
    for question in questions[:20]:
        index.nearest(question, NEAR_ROWS)
    found, times = [], []
    for question in questions:
        began = time.perf_counter()
        rows = index.nearest(question, NEAR_ROWS)
        times.append((time.perf_counter() - began) * 1_000)
        found.append(int(rows[0]))
    return np.array(found, np.int64), times
