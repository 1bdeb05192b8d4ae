"""nlu: measures the production pipeline on anybody's data: trains Rasa, serves the model, asks it every text."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit.contracts import Language
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.rasa_process import rasa_server
from nlu.adapters.training import config_text, files_of, train
from nlu.adapters.vectors import content_hash, encode_sorted
from nlu.complaint.evaluate import macro_f1
from nlu.contracts import UNKNOWN, Reading, Scored
from nlu.language import HAN, detect_language
from nlu.normalise import clean, fold
from nlu.ports import Encoder
from nlu.service import NOTHING
from nlu.starter_content import Labelled
from nlu.versions import Scores

PATIENCE_SECONDS = 20.0
"""An evaluation waits; the run-time deadline is a matter of the desk, not of the model."""
TOLD_EVERY = 1_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One test text and what the served model said of it."""

    text: str
    label: str
    prediction: str
    confidence: float
    second: str
    second_confidence: float
    milliseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFigures:
    """All in one; the out-of-scope ones are None without an out-of-scope label."""

    train_rows: int
    test_rows: int
    intents: int
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float
    oos_recall: float | None
    oos_precision: float | None
    parse_p50_ms: float
    parse_p95_ms: float
    training_seconds: float


def evaluate(
    encoder: Encoder, train_rows: Sequence[Labelled], test_rows: Sequence[Labelled], *, oos_label: str, say: Say
) -> tuple[IntentFigures, list[Judged]]:
    """Train, serve, ask. `oos_label` "" means a closed world: the likeliest intent is taken."""
    say(f"{len(train_rows)} training rows, {len(test_rows)} test rows; training (the examples are encoded first)")
    with tempfile.TemporaryDirectory(prefix="nlu-evaluate-") as name:
        folder = Path(name)
        files, config = files_of(train_rows), config_text(outlier=oos_label)
        trained = train(encoder, folder, files=files, config=config, progress=lambda n: say(f"  {n} encoded"))
        say(f"trained in {trained.seconds:.0f} s; encoding the test rows")
        judged = judge(encoder, trained.model, test_rows, oos_label=oos_label, say=say)
    return figures_of(train_rows, judged, oos_label, trained.seconds), judged


def judge(
    encoder: Encoder, model: Path, rows: Sequence[Labelled], *, oos_label: str, say: Say = lambda _: None
) -> list[Judged]:
    """Serve `model` and ask it every text. Blocking."""
    readings = read_all(encoder, [row.text for row in rows])
    with (
        tempfile.TemporaryDirectory(prefix="nlu-judge-") as folder,
        rasa_server(model, log=Path(folder) / "rasa.log") as (url, secret, _),
    ):
        say("served; asking")
        return asyncio.run(_ask(url, secret, rows, readings, oos_label=oos_label, say=say))


def score(encoder: Encoder, model: Path, rows: Sequence[Labelled], *, oos_label: str) -> Scores:
    """How a version does on the held-out set, in whole and in each language."""
    judged = judge(encoder, model, rows, oos_label=oos_label)
    figures = figures_of((), judged, oos_label, 0.0)
    chinese = [j for j in judged if HAN.search(j.text)]
    english = [j for j in judged if not HAN.search(j.text)]
    return Scores(
        held_out=held_out_hash(rows),
        rows=len(rows),
        accuracy=figures.accuracy,
        accuracy_zh=_right(chinese) if chinese else None,
        accuracy_en=_right(english) if english else None,
        oos_recall=figures.oos_recall,
        parse_p95_ms=figures.parse_p95_ms,
    )


def held_out_hash(rows: Sequence[Labelled]) -> str:
    """Names a held-out set by its content."""
    return content_hash([(row.text, row.label) for row in rows])


def read_all(encoder: Encoder, texts: Sequence[str]) -> list[Reading]:
    """Readings as `nlu.service.Nlu` makes them, encoded together."""
    kept = [clean(text) for text in texts]
    folded = [fold(text) for text in kept]
    vectors = encode_sorted(encoder, [text or NOTHING for text in folded])
    return [
        Reading(
            text=text,
            normalised=flat,
            language=detect_language(text, Language.EN),
            vector=vector,
            encoder=encoder.fingerprint,
        )
        for text, flat, vector in zip(kept, folded, vectors, strict=True)
    ]


async def _ask(
    url: str, secret: str, rows: Sequence[Labelled], readings: Sequence[Reading], *, oos_label: str, say: Say
) -> list[Judged]:
    client = RasaClient(url, secret, deadline=PATIENCE_SECONDS, breaker=Breaker(1, 0.0), intents=frozenset())
    try:
        await client.parse(readings[0])  # the first one opens the connection
        judged = []
        for row, reading in zip(rows, readings, strict=True):
            began = time.perf_counter()
            ranking, _, _ = await client.parse(reading)
            took = (time.perf_counter() - began) * 1_000
            first, second = first_two(ranking, oos_label)
            judged.append(
                Judged(
                    text=row.text, label=row.label, prediction=first.name, confidence=first.confidence,
                    second=second.name, second_confidence=second.confidence, milliseconds=took,
                )
            )  # fmt: skip
            if len(judged) % TOLD_EVERY == 0:
                say(f"  {len(judged)} asked")
        return judged
    finally:
        await client.aclose()


def first_two(ranking: Sequence[Scored], oos_label: str) -> tuple[Scored, Scored]:
    """The first two as the evaluation's labels: `unknown` is the out-of-scope label, or no answer in a closed world."""
    named = [Scored(name=oos_label, confidence=s.confidence) if s.name == UNKNOWN else s for s in ranking]
    kept = [s for s in named if s.name] + [Scored(name="", confidence=0.0)] * 2
    return kept[0], kept[1]


def figures_of(
    train_rows: Sequence[Labelled], judged: Sequence[Judged], oos_label: str, training_seconds: float
) -> IntentFigures:
    """The figures of all judged rows; `oos_label` "" where there is nothing out of scope."""
    inside = [j for j in judged if not oos_label or j.label != oos_label]
    outside = [j for j in judged if oos_label and j.label == oos_label]
    refused = [j for j in judged if oos_label and j.prediction == oos_label]
    took = [j.milliseconds for j in judged]
    return IntentFigures(
        train_rows=len(train_rows),
        test_rows=len(judged),
        intents=len({row.label for row in train_rows if row.label != oos_label}),
        accuracy=_right(judged),
        macro_f1=macro_f1([j.label for j in judged], [j.prediction for j in judged]),
        in_scope_accuracy=_right(inside),
        oos_recall=_right(outside) if outside else None,
        oos_precision=_right(refused) if refused and outside else None,
        parse_p50_ms=float(np.percentile(took, 50)),
        parse_p95_ms=float(np.percentile(took, 95)),
        training_seconds=training_seconds,
    )


def _right(judged: Sequence[Judged]) -> float:
    return sum(j.label == j.prediction for j in judged) / len(judged) if judged else 0.0
