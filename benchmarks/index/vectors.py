"""benchmarks.index: many made-up question vectors that lie as real ones do, and questions about them.

Uniform noise would flatter or shame an index: real questions crowd in few directions. So each made-up row stands near a
real sentence's vector, moved by differences of other real sentences, which keeps the directions in which real ones
differ; a question is a row moved a little further. How far is set by what real paraphrases show (`USUAL`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.adapters.vector_cache import FileVectorCache
from knowledge_base.corpus import Floats
from knowledge_base.encoding import WordingEncoder
from knowledge_base.ports import Encoder
from knowledge_base.starter import starter_drafts, unknown
from knowledge_base.wordings import Role, wordings_of
from nlu.complaint.rows import read_rows
from nlu.starter_content import intent_examples

BLOCK = 50_000
"""Rows made at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How far a made-up row stands from a real sentence, and a question from its row, in lengths of a difference."""

    row: float = 0.45
    question: float = 0.6


USUAL, FAR = Steps(), Steps(question=0.9)
"""The starter's held-out paraphrases come to a mean best cosine of .38, .52, .65 among 100, 1,000 and 11,000 real
sentences: about .9 at a million. The usual made-up question comes to .86 there, a far one to .75."""


def real_sentences(more: Path | None = None) -> list[str]:
    """Every sentence that comes with the house, each once; `more` names a file with further ones, one a line."""
    texts = [w.text for draft in starter_drafts() for w in wordings_of(draft) if w.role is Role.QUESTION]
    texts += [row.text for row in (*unknown("dev"), *unknown("test"))]
    texts += [example.text for example in intent_examples()]
    texts += [row.text for row in read_rows()]
    if more is not None:
        texts += more.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


def encode(encoder: Encoder, texts: list[str], kept: Path, say: Callable[[str], None]) -> Floats:
    """The sentences' vectors, centred and of length 1; `kept` remembers them for the next run."""
    known = WordingEncoder(encoder, FileVectorCache(kept))
    rows: list[Floats] = []
    for start in range(0, len(texts), 1_000):
        rows += known.questions(texts[start : start + 1_000])
        say(f"  {len(rows)} of {len(texts)} sentences encoded")
    return unit(np.stack(rows) - np.mean(rows, axis=0))


def unit(rows: Floats) -> Floats:
    """The rows made as long as 1."""
    return np.ascontiguousarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), np.float32)


def make_rows(real: Floats, count: int, *, seed: int, steps: Steps = USUAL) -> Floats:
    """`count` rows, each near a real one."""
    random = np.random.default_rng(seed)
    made = np.empty((count, real.shape[1]), np.float32)
    for start in range(0, count, BLOCK):
        some = made[start : start + BLOCK]
        some[:] = unit(_moved(real[random.integers(0, len(real), len(some))], real, steps.row, random))
    return made


def make_questions(rows: Floats, real: Floats, count: int, *, seed: int, steps: Steps = USUAL) -> Floats:
    """`count` questions, each about one of the rows."""
    random = np.random.default_rng(seed)
    return unit(_moved(rows[random.integers(0, len(rows), count)], real, steps.question, random))


def _moved(rows: Floats, real: Floats, step: float, random: np.random.Generator) -> Floats:
    """Each row a step away in a direction in which two real sentences differ."""
    one, other = random.integers(0, len(real), (2, len(rows)))
    away = unit(real[one] - real[other])
    return np.asarray(rows + step * random.uniform(0.5, 1.5, (len(rows), 1)) * away, np.float32)
