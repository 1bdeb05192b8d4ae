"""Promises of the report: what is written can be read again, no slot stays empty, the worst errors come first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.app.evaluate import TEMPLATE, fingerprint
from bot.app.report.measure import Found, answer_figures, complaint_groups, intent_group
from bot.app.report.overlap import Near, Sets
from bot.app.report.page import Evaluation, as_json, as_page, published
from bot.app.report.pictures import draw_curve
from kit.contracts import Language
from kit.rooms import HOUSE
from knowledge_base.contracts import Level
from knowledge_base.evaluation.metrics import Judged
from knowledge_base.evaluation.rows import Asked
from nlu.adapters.evaluation import Judged as JudgedIntent
from nlu.complaint.rows import ComplaintRow
from nlu.contracts import ComplaintReading, Scored, Severity
from nlu.starter_content import OUTLIER


def judged(text: str, gold: str | None, best: str, confidence: float, *, level: Level, language: Language) -> Judged:
    asked = Asked(text=text, gold=gold, group=f"g {language}", language=language)
    return Judged(asked=asked, best=(best,), confidence=confidence, level=level, milliseconds=1.0)


ANSWERS = [
    row
    for language in Language
    for row in (
        *(
            judged(f"q{n} | {language}", "a", "a", 0.9 - n / 100, level=Level.SURE, language=language)
            for n in range(30)
        ),
        judged("surely wrong", "b", "x", 0.99, level=Level.SURE, language=language),
        judged("wrong but unsure", "b", "x", 0.995, level=Level.UNSURE, language=language),
        judged("nobody knows", None, "x", 0.2, level=Level.UNKNOWN, language=language),
    )
]
INTENTS = [
    JudgedIntent(
        text="t", label=label, prediction=said, confidence=0.9, second="", second_confidence=0, milliseconds=1.0
    )
    for label, said in (("a", "a"), ("a", "b"), ("b", "b"), (OUTLIER, OUTLIER), (OUTLIER, "b"))
]


def complaint(text: str, category: str, said: str, *, complaint: bool = True) -> tuple[ComplaintRow, ComplaintReading]:
    row = ComplaintRow(text=text, language=Language.EN, complaint=complaint, test=True, category=category, mood="calm")
    reading = ComplaintReading(
        is_complaint=bool(said),
        confidence=0.97 if said else 0.1,
        categories=(Scored(name=said or "other", confidence=0.8),),
        severity=Severity.NORMAL,
        severity_confidence=0.9,
        rule=None,
        wants=(),
        mood=Scored(name="calm", confidence=0.9),
        evidence=(),
    )
    return row, reading


COMPLAINTS = [
    complaint("late", "delivery", "delivery"),
    complaint("broken", "product_quality", "delivery"),
    complaint("unheard", "product_quality", ""),
    complaint("a joke", "", "delivery", complaint=False),
]
NEAR = Near(sets="intents", test="where is it", teach="where is it?", likeness=99.0)


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation(
        found=[
            *answer_figures(ANSWERS, seed=0),
            intent_group("intents stand-in", INTENTS, seed=0),
            Found(name="intents Rasa"),
            complaint_groups(COMPLAINTS, seed=0)[-1],
        ],
        answers=ANSWERS,
        complaints=COMPLAINTS,
        intents=INTENTS,
        near=[(Sets(name="intents", teach=("where is it?",), test=("where is it",)), [NEAR])],
        versions={"encoder": "e", "seed": "0"},
        notes=[],
    )


def test_what_is_written_is_read_again(evaluation: Evaluation) -> None:
    read = published(as_json(evaluation))
    assert set(read) == {found.name for found in evaluation.found}
    for found in evaluation.found:
        assert set(read[found.name]) == set(found.figures)
        for name, interval in found.figures.items():
            assert read[found.name][name].value == pytest.approx(interval.value, abs=1e-4)
    assert read["answers zh"]["top1"].rows == 33


def test_another_format_is_refused(evaluation: Evaluation) -> None:
    content = json.loads(as_json(evaluation)) | {"format": 0}
    with pytest.raises(ValueError, match="make evaluate"):
        published(json.dumps(content))


def test_every_slot_of_the_page_is_filled_and_errors_come_worst_first(evaluation: Evaluation) -> None:
    page = as_page(evaluation, TEMPLATE.read_text(encoding="utf-8"))
    assert "$" not in page
    assert page.index("surely wrong") < page.index("wrong but unsure")
    assert "q0 \\| zh" not in page  # right ones are no errors
    assert "where is it?" in page
    assert "| product_quality | 1 |" in page
    for line in page.splitlines():
        if line.startswith("|"):
            assert line.endswith("|"), line


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg"):
        draw_curve(ANSWERS, tmp_path / name, wanted=0.95)
    drawn = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert drawn == (tmp_path / "other.svg").read_text(encoding="utf-8")
    assert all(word in drawn for word in ("Chinese", "English", "coverage", "precision"))


def test_the_data_is_named_by_its_content() -> None:
    name = fingerprint("nlu/starter", "*.jsonl")
    assert len(name) == 12
    assert name == fingerprint("nlu/starter", "*.jsonl") != fingerprint("nlu/starter", "*.yml")
    assert TEMPLATE.is_relative_to(HOUSE)
