"""knowledge_base: its commands. `knowledge_base/__main__.py` builds the parts and calls these."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kit.contracts import Language
from knowledge_base.contracts import Level
from knowledge_base.evaluation.disturbed import disturbed
from knowledge_base.evaluation.metrics import CurvePoint, Figures, Judged, figures, percentile
from knowledge_base.evaluation.rows import Asked, DetectLanguage, Faq, read_faqs, read_questions
from knowledge_base.evaluation.run import Bench, Trained, own_curve
from knowledge_base.fitting import Judgement, lowest_threshold
from knowledge_base.starter import held_out, starter_drafts, unknown
from knowledge_base.wordings import wordings_of

DECISIONS = {Level.SURE: "answer", Level.UNSURE: "clarify", Level.UNKNOWN: "unknown"}
COLUMNS = (
    "questions",
    "with_gold",
    "top1",
    "recall5",
    "mrr10",
    "auroc",
    "precision",
    "coverage",
    "answered",
    "clarified",
)
PRECISIONS = (0.80, 0.85, 0.90, 0.925, 0.95, 0.97, 0.98, 0.99)


def evaluate(
    bench: Bench, detect: DetectLanguage, *, faqs: Path, queries: Path, dev: Path | None, out: Path | None
) -> None:
    """Evaluate anybody's questions on anybody's articles."""
    articles = read_faqs(faqs, detect)
    ids = [faq.id for faq in articles]
    asked = read_questions(queries, detect, ids)
    labelled = read_questions(dev, detect, ids) if dev else None
    print(f"{len(articles)} articles, {len(asked)} questions, {len(labelled or ())} development rows", file=sys.stderr)
    trained = bench.train(articles, labelled)
    _report(trained, bench.ask(trained.base, asked), out)


def measure_own(bench: Bench) -> tuple[Trained, list[Judged]]:
    """The starter articles, asked the paraphrases and unanswerable questions that were held out."""
    asked = [
        Asked(text=row.text, gold=row.gold, group=f"{row.group} {row.language}", language=row.language)
        for row in (*held_out(), *unknown("test"))
    ]
    trained = bench.train(starter_faqs(), None, unknown=_unknown_dev())
    return trained, bench.ask(trained.base, asked)


def evaluate_own(bench: Bench, *, out: Path | None) -> None:
    """Evaluate the starter articles on what was held out."""
    trained, judged = measure_own(bench)
    by_language = {
        f"all {language}": figures([each for each in judged if each.asked.language == language])
        for language in Language
    }
    _report(trained, judged, out, more=by_language)


def evaluate_disturbed(bench: Bench, *, out: Path | None) -> None:
    """Evaluate the starter articles on their own wordings written otherwise: other script, slips, noise."""
    faqs = starter_faqs()
    trained = bench.train(faqs, None, unknown=_unknown_dev())
    _report(trained, bench.ask(trained.base, disturbed(faqs)), out)


def calibrate(bench: Bench, detect: DetectLanguage, *, faqs: Path | None, dev: Path | None) -> None:
    """Show what each wanted precision would cost, from questions judged by a fit that did not see them."""
    articles = read_faqs(faqs, detect) if faqs else starter_faqs()
    rows = read_questions(dev, detect, [faq.id for faq in articles]) if dev else None
    trained = bench.train(articles, rows, unknown=_unknown_dev() if faqs is None else ())
    found = own_curve(trained)
    groups = [("all languages", found)]
    for language in Language:
        mine = [each for each, asked in zip(found, trained.labelled, strict=True) if asked.language == language]
        groups.append((str(language), mine))
    for name, mine in groups:
        if mine:
            _print_trade(name, mine)
    for language, points in sorted(trained.base.calibration.thresholds.items()):
        print(f"in use for {language}: answer from {points.answer:.3f}, choices from {points.clarify:.3f}")


def _print_trade(name: str, found: Sequence[Judgement]) -> None:
    print(f"{name}, {len(found)} questions")
    print("wanted precision   threshold   precision   right ones answered   all questions answered")
    for wanted in PRECISIONS:
        point = _point_for(found, wanted)
        if point is None:
            print(f"{wanted:16.1%}   not reached on these questions")
        else:
            print(
                f"{wanted:16.1%} {point.threshold:11.3f} {point.precision:11.1%}"
                f" {point.coverage:21.1%} {point.answered:24.1%}"
            )
    print()


def starter_faqs() -> tuple[Faq, ...]:
    """The starter articles as evaluation rows, named by their keys."""
    return tuple(Faq(id=draft.key, wordings=wordings_of(draft)) for draft in starter_drafts())


def _unknown_dev() -> list[Asked]:
    return [Asked(text=row.text, gold=None, group=row.group, language=row.language) for row in unknown("dev")]


def _point_for(found: Sequence[Judgement], wanted: float) -> CurvePoint | None:
    """What the lowest threshold that keeps the wanted precision gives."""
    threshold = lowest_threshold([(each.confidence, each.right, each.weight) for each in found], wanted)
    if threshold is None:
        return None
    answers = [each for each in found if each.confidence >= threshold]
    answered = sum(each.weight for each in answers)
    right = sum(each.weight for each in answers if each.right)
    return CurvePoint(
        threshold=threshold,
        precision=right / answered,
        coverage=right / (sum(each.weight for each in found if each.right) or 1.0),
        answered=answered / sum(each.weight for each in found),
    )


def _report(
    trained: Trained, judged: Sequence[Judged], out: Path | None, *, more: Mapping[str, Figures] | None = None
) -> None:
    groups = {"all": figures(judged), **(more or {})}
    for name in sorted({each.asked.group for each in judged}):
        groups[name] = figures([each for each in judged if each.asked.group == name])
    times = [each.milliseconds for each in judged]
    latency = {"p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95)}
    width = max(len(name) for name in groups) + 2
    print(" " * width + "".join(f"{column:>11}" for column in COLUMNS))
    for name, values in groups.items():
        counts = f"{values.questions:>11}{values.with_gold:>11}"
        print(f"{name:{width}}" + counts + "".join(f"{_shown(getattr(values, column)):>11}" for column in COLUMNS[2:]))
    base = trained.base
    print(
        f"search p50 {latency['p50_ms']:.2f} ms, p95 {latency['p95_ms']:.2f} ms (without encoding); "
        f"{base.articles} articles, {len(base.big)} wordings, {base.big.neighbours.kind} index; encoded in "
        f"{trained.encode_seconds:.1f} s, built in {trained.build_seconds:.1f} s, fitted in {trained.fit_seconds:.1f} s"
    )
    thresholds = {str(k): [v.answer, v.clarify] for k, v in sorted(base.calibration.thresholds.items())}
    print(f"thresholds {thresholds}, fitted on {base.calibration.questions} questions")
    if out is None:
        return
    rows = [
        {
            "text": each.asked.text,
            "group": each.asked.group,
            "language": str(each.asked.language),
            "gold": each.asked.gold,
            "best": list(each.best),
            "confidence": each.confidence,
            "decision": DECISIONS[each.level],
        }
        for each in judged
    ]
    content = {
        "groups": {name: dataclasses.asdict(values) for name, values in groups.items()},
        "latency": latency,
        "model": f"{base.encoder}/{base.calibration.version}",
        "thresholds": thresholds,
        "rows": rows,
    }
    out.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
