"""knowledge_base: a new calibration for a base that changed, and whether it may replace the present one. Pure.

It may not where it is worse: on the base's own wordings, or on the golden questions, whose right answers the house has
settled and which no fit is made on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from knowledge_base.calibration import Calibration, Wanted
from knowledge_base.fitting import (
    FEWEST,
    Labelled,
    Question,
    asked_as_they_are,
    at_wanted_points,
    balance,
    fit,
    given_questions,
    judge,
    measured_loss,
    needs_invented,
    own_questions,
)
from knowledge_base.searching import Base

WORSE = 1.02
"""A new calibration whose loss is this many times the old one's is not used. To a loss on questions that a fit has seen
comes what such a fit gains by chance: its weights over the questions, in nats."""


def refitted(
    base: Base, *, wanted: Wanted, unknown: Sequence[Question], golden: Sequence[Question], folded: Sequence[str]
) -> Calibration | None:
    """A calibration of the base's own wordings and `unknown`; None when the present one should stay as it is.

    `golden` are the settled questions that its articles answer, or that nothing answers; `folded` its folded wordings.
    """
    questions = own_questions(base.big, folded=folded, invent=needs_invented(len(unknown)))
    questions += given_questions(base.big, base.space, unknown)
    questions = balance(questions, unknown_share=wanted.unknown_share)
    fitted = fit(questions, wanted)
    if not fitted.questions:
        return None
    present = base.calibration
    asked = asked_as_they_are(base.big, base.space, golden)
    if not (_is_worse_on_own(questions, fitted, present) or is_worse_on(asked, fitted, present)):
        return fitted
    return None if present.wanted == wanted else at_wanted_points(present, questions, wanted)


def _is_worse_on_own(questions: Sequence[Labelled], fitted: Calibration, present: Calibration) -> bool:
    """Whether `fitted` would do worse on such questions; `present` has seen most of them and `fitted.loss` none."""
    if not present.questions:
        return False
    seen = (len(present.rank) + len(present.confidence) + 1) / len(questions)
    return fitted.loss > WORSE * measured_loss(present, questions) + seen


def is_worse_on(golden: Sequence[Labelled], fitted: Calibration, present: Calibration) -> bool:
    """Whether `fitted` finds fewer of the golden questions' articles first, or is as right and clearly less truthful.

    Operating points are left aside: they follow what config.yml asks for. Few questions say nothing of the confidence.
    """
    first, before = (_right_first(golden, each) for each in (fitted, present))
    if first != before or len(golden) < FEWEST:
        return first < before
    return measured_loss(fitted, golden) > WORSE * measured_loss(present, golden)


def _right_first(golden: Sequence[Labelled], calibration: Calibration) -> int:
    return sum(judge(calibration, question).right for question in golden if question.right is not None)


class Folded(Sequence[str]):
    """The wordings folded when they are asked for: a fit looks at a few of very many."""

    def __init__(self, texts: Sequence[str], normalise: Callable[[str], str]) -> None:
        self._texts, self._normalise = texts, normalise

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._normalise(text) for text in self._texts[at]]
        return self._normalise(self._texts[at])
