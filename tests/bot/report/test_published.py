"""The published figures still hold: what can be measured quickly is measured anew and compared.

A figure below its interval in docs/evaluation.json fell by more than chance. Mend the change, or run `make evaluate`
and commit the new page with the reason.
"""

from __future__ import annotations

import pytest

from bot.app.report.intervals import Interval, fallen
from bot.app.report.measure import (
    answer_shares,
    complaint_shares,
    intent_shares,
    measure_answers,
    measure_complaints,
    measure_stand_in,
)
from bot.app.report.page import published
from kit.contracts import Language
from kit.rooms import HOUSE
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.ports import Encoder
from nlu.settings import ComplaintSettings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Interval]]:
    return published((HOUSE / "docs" / "evaluation.json").read_text(encoding="utf-8"))


def check(fresh: dict[str, float | None], known: dict[str, Interval]) -> None:
    """No figure fell, and none is missing from the published ones."""
    measured = {name: value for name, value in fresh.items() if value is not None}
    assert set(measured) == set(known), "figures were added or removed: run `make evaluate`"
    fell = {
        name: f"{value:.3f}, published {was.value:.3f} ({was.low:.3f} to {was.high:.3f})"
        for name, (value, was) in fallen(measured, known).items()
    }
    assert fell == {}, "mend the change, or run `make evaluate` and commit the page with the reason"


def test_answers_are_as_good_as_published(encoder: Encoder, known: dict[str, dict[str, Interval]]) -> None:
    answers = measure_answers(encoder, KnowledgeBaseSettings())
    for language in Language:
        mine = [each for each in answers.judged if each.asked.language == language]
        check(answer_shares(mine), known[f"answers {language}"])


def test_complaints_are_heard_as_well_as_published(encoder: Encoder, known: dict[str, dict[str, Interval]]) -> None:
    judged = measure_complaints(encoder, ComplaintSettings())
    for language in Language:
        check(
            complaint_shares([pair for pair in judged if pair[0].language is language]), known[f"complaints {language}"]
        )


def test_the_stand_in_understands_as_well_as_published(encoder: Encoder, known: dict[str, dict[str, Interval]]) -> None:
    check(intent_shares(measure_stand_in(encoder)), known["intents stand-in"])
