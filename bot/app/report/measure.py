"""bot.app.report: measures answers, intents and complaints on what was held out. Blocking; minutes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.report.intervals import Interval, bootstrap
from kit.contracts import Language
from knowledge_base.adapters.build import default_vector_cache
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.adapters.vector_cache import FileVectorCache
from knowledge_base.cli import measure_own
from knowledge_base.encoding import WordingEncoder
from knowledge_base.evaluation.metrics import Judged, figures
from knowledge_base.evaluation.run import Bench, Trained
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.adapters.build import build_stand_in, fitted_folder
from nlu.adapters.complaints import load_complaints
from nlu.adapters.evaluation import Judged as JudgedIntent
from nlu.adapters.evaluation import evaluate, figures_of, first_two, read_all
from nlu.complaint.evaluate import figures as complaint_figures
from nlu.complaint.rows import ComplaintRow, read_rows
from nlu.contracts import ComplaintReading, Scored
from nlu.ports import Encoder
from nlu.service import fold
from nlu.settings import ComplaintSettings
from nlu.starter_content import HELD_OUT, OUTLIER, intent_examples
from nlu.starter_content import read_rows as read_labelled

ANSWERS = ("top1", "recall5", "mrr10", "auroc", "precision", "coverage")
INTENTS = ("accuracy", "macro_f1", "in_scope_accuracy", "oos_recall", "oos_precision")

Say = Callable[[str], None]
JudgedComplaint = tuple[ComplaintRow, ComplaintReading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The held-out questions with what the search said of each."""

    trained: Trained
    judged: Sequence[Judged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One group of figures, named as in docs/evaluation.json."""

    name: str
    figures: Mapping[str, Interval] = field(default_factory=dict)


def measure_answers(encoder: Encoder, settings: KnowledgeBaseSettings) -> Answers:
    """The starter articles, asked what was held out of them and what they cannot answer."""
    bench = Bench(
        encoder=WordingEncoder(encoder, FileVectorCache(default_vector_cache())),
        normalise=fold,
        builder=FaissBuilder(settings.index),
        settings=settings,
    )
    trained, judged = measure_own(bench)
    return Answers(trained=trained, judged=judged)


def measure_complaints(encoder: Encoder, settings: ComplaintSettings) -> list[JudgedComplaint]:
    """The test split of the labelled complaints and look-alikes."""
    classifier = load_complaints(encoder, settings, fitted_folder())
    rows = [row for row in read_rows() if row.test]
    readings = read_all(encoder, [row.text for row in rows])
    return [(row, classifier.read(reading)) for row, reading in zip(rows, readings, strict=True)]


def measure_stand_in(encoder: Encoder) -> list[JudgedIntent]:
    """The held-out intents, asked of what understands while Rasa is away."""
    stand_in = build_stand_in(encoder)
    tests = read_labelled(HELD_OUT)
    judged = []
    for row, reading in zip(tests, read_all(encoder, [row.text for row in tests]), strict=True):
        first, second = first_two(stand_in.rank(reading), OUTLIER)
        judged.append(_judged_intent(row.text, row.label, first, second))
    return judged


def measure_rasa(encoder: Encoder, say: Say) -> list[JudgedIntent]:
    """The held-out intents, asked of a Rasa server with a model trained here. Raises `RasaFault`."""
    return evaluate(encoder, intent_examples(), read_labelled(HELD_OUT), oos_label=OUTLIER, say=say)[1]


def answer_figures(judged: Sequence[Judged], *, seed: int) -> list[Found]:
    """By language, over all questions of that language."""
    return [
        Found(
            name=f"answers {language}",
            figures=bootstrap([each for each in judged if each.asked.language == language], answer_shares, seed=seed),
        )
        for language in Language
    ]


def complaint_groups(judged: Sequence[JudgedComplaint], *, seed: int) -> list[Found]:
    """By language, over complaints and look-alikes."""
    return [
        Found(
            name=f"complaints {language}",
            figures=bootstrap([pair for pair in judged if pair[0].language is language], complaint_shares, seed=seed),
        )
        for language in Language
    ]


def intent_group(name: str, judged: Sequence[JudgedIntent], *, seed: int) -> Found:
    """Over all held-out intents."""
    return Found(name=name, figures=bootstrap(judged, intent_shares, seed=seed))


def answer_shares(judged: Sequence[Judged]) -> dict[str, float | None]:
    """The figures that are published of answers."""
    found = figures(judged)
    return {name: getattr(found, name) for name in ANSWERS}


def complaint_shares(judged: Sequence[JudgedComplaint]) -> dict[str, float | None]:
    """The figures that are published of complaints: all that are shares."""
    if not any(row.complaint for row, _ in judged):
        return {}
    found = complaint_figures([row for row, _ in judged], [reading for _, reading in judged])
    return {name: value for name, value in dataclasses.asdict(found).items() if isinstance(value, float)}


def intent_shares(judged: Sequence[JudgedIntent]) -> dict[str, float | None]:
    """The figures that are published of intents."""
    found = figures_of([], judged, OUTLIER, 0.0)
    return {name: getattr(found, name) for name in INTENTS}


def _judged_intent(text: str, label: str, first: Scored, second: Scored) -> JudgedIntent:
    return JudgedIntent(
        text=text, label=label, prediction=first.name, confidence=first.confidence,
        second=second.name, second_confidence=second.confidence, milliseconds=0.0,
    )  # fmt: skip
