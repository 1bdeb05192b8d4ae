"""bot.app.report: whether a text that is only for testing also teaches something. Pure.

Two texts are the same when nothing but case, width, punctuation, spaces, Traditional or Simplified characters, masked
numbers or a greeting parts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from kit.contracts import Language
from knowledge_base.starter import held_out, starter_drafts, unknown, unknown_for_fitting
from knowledge_base.wordings import wordings_of
from nlu.adapters.complaints import training_rows
from nlu.complaint.rows import read_rows
from nlu.service import bare
from nlu.starter_content import HELD_OUT, intent_examples
from nlu.starter_content import read_rows as read_labelled

NEAR = 90.0
"""Of 100: share of letters in common (edit distance) from which two texts are told as near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Texts that teach and texts that test one thing."""

    name: str
    teach: tuple[str, ...]
    test: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A test text and the teaching text nearest to it."""

    sets: str
    test: str
    teach: str
    likeness: float


def starter_sets() -> tuple[Sets, ...]:
    """Every set that comes with the house and is measured."""
    wordings = tuple(w.text for draft in starter_drafts() for w in wordings_of(draft))
    fitted = tuple(question.text for question in unknown_for_fitting())
    asked = tuple(row.text for row in (*held_out(), *unknown("test")))
    complaints = read_rows()
    return (
        Sets(name="answers", teach=(*wordings, *fitted), test=asked),
        Sets(name="unanswerable, development half", teach=wordings, test=fitted),
        Sets(
            name="intents",
            teach=tuple(example.text for example in intent_examples()),
            test=tuple(row.text for row in read_labelled(HELD_OUT)),
        ),
        *(
            Sets(
                name=f"complaints and look-alikes, {language}",
                teach=tuple(row.text for row in training_rows()),
                test=tuple(row.text for row in complaints if row.test and row.language is language),
            )
            for language in Language
        ),
    )


def shared(sets: Sets) -> list[str]:
    """Test texts that also teach."""
    teach = {bare(text) for text in sets.teach}
    return [text for text in sets.test if bare(text) in teach]


def nearest(sets: Sets, *, least: float = NEAR) -> list[Near]:
    """Test texts with a teaching text that is nearly the same, likest first."""
    teach = list(dict.fromkeys(sets.teach))
    if not teach or not sets.test:
        return []
    queries, choices = [bare(text) for text in sets.test], [bare(text) for text in teach]
    found: list[Near] = []
    for start in range(0, len(queries), 200):
        likeness = process.cdist(queries[start : start + 200], choices, scorer=fuzz.ratio, score_cutoff=least)
        for row, best in enumerate(np.asarray(likeness).argmax(1).tolist()):
            if likeness[row, best] >= least:
                found.append(
                    Near(
                        sets=sets.name,
                        test=sets.test[start + row],
                        teach=teach[best],
                        likeness=float(likeness[row, best]),
                    )
                )
    return sorted(found, key=lambda near: -near.likeness)


def count_near(all_sets: Sequence[Sets]) -> list[tuple[Sets, list[Near]]]:
    """Each set with its near pairs."""
    return [(sets, nearest(sets)) for sets in all_sets]
