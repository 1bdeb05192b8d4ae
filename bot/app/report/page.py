"""bot.app.report: the measured figures as docs/evaluation.md and docs/evaluation.json. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template

from bot.app.report.intervals import Interval
from bot.app.report.measure import Found, JudgedComplaint
from bot.app.report.overlap import Near, Sets
from kit.contracts import JsonValue, Language
from knowledge_base.contracts import Level
from knowledge_base.evaluation.metrics import Judged
from nlu.adapters.evaluation import Judged as JudgedIntent

NO_COMPLAINT = "no complaint"
WORST = 10
SHOWN_NEAR = 10
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that one run measured."""

    found: Sequence[Found]
    answers: Sequence[Judged]
    complaints: Sequence[JudgedComplaint]
    intents: Sequence[JudgedIntent]
    near: Sequence[tuple[Sets, Sequence[Near]]]
    versions: Mapping[str, str]
    notes: Sequence[str]


def as_json(evaluation: Evaluation) -> str:
    """For machines: every figure with its interval, and what it was measured with."""
    content = {
        "format": FORMAT,
        "versions": dict(evaluation.versions),
        "figures": {
            found.name: {name: _rounded(interval) for name, interval in found.figures.items()}
            for found in evaluation.found
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def published(text: str) -> dict[str, dict[str, Interval]]:
    """What `as_json` wrote, by group and figure. Raises ValueError for another format."""
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise ValueError(f"docs/evaluation.json has format {content['format']}; `make evaluate` writes {FORMAT}")
    return {
        group: {name: Interval(**raw) for name, raw in figures.items()} for group, figures in content["figures"].items()
    }


def as_page(evaluation: Evaluation, template: str) -> str:
    """For people: the template with the tables filled in."""
    by_kind = {
        kind: [found for found in evaluation.found if found.name.startswith(kind)]
        for kind in ("answers", "intents", "complaints")
    }
    return Template(template).substitute(
        answers=_figures_table(by_kind["answers"]),
        answer_groups=_groups_table(evaluation.answers),
        answer_errors=_answer_errors(evaluation.answers),
        intents=_figures_table(by_kind["intents"]),
        intent_errors=_intent_errors(evaluation.intents),
        complaints=_figures_table(by_kind["complaints"]),
        confusion="\n\n".join(_confusion(evaluation.complaints, language) for language in Language),
        complaint_errors=_complaint_errors(evaluation.complaints),
        near=_near(evaluation.near),
        versions=_table(("", ""), sorted(evaluation.versions.items())),
        notes="\n".join(f"* {note}" for note in evaluation.notes) or "* Nothing was left out.",
    )


def _figures_table(found: Sequence[Found]) -> str:
    names = list(dict.fromkeys(name for each in found for name in each.figures))
    head = ("figure", *(f"{each.name} ({_rows(each)} rows)" for each in found))
    return _table(head, [(name, *(_shown(each.figures.get(name)) for each in found)) for name in names])


def _groups_table(judged: Sequence[Judged]) -> str:
    rows = []
    for group in sorted({each.asked.group for each in judged}):
        mine = [each for each in judged if each.asked.group == group]
        known = [each for each in mine if each.asked.gold is not None]
        right = f"{sum(each.right for each in known) / len(known):.3f}" if known else "-"
        levels = Counter(each.level for each in mine)
        shares = (f"{levels[level] / len(mine):.3f}" for level in (Level.SURE, Level.UNSURE, Level.UNKNOWN))
        rows.append((group, str(len(mine)), right, *shares))
    return _table(("group", "questions", "right article first", "answered", "choices", "unknown"), rows)


def _answer_errors(judged: Sequence[Judged]) -> str:
    """Wrong answers, the surest first; where there are fewer than ten, wrong first articles after them."""
    wrong = sorted((e for e in judged if not e.right), key=lambda e: (e.level is not Level.SURE, -e.confidence))
    rows = [
        (e.asked.text, e.asked.gold or "none", e.best[0] if e.best else "-", f"{e.confidence:.2f}", e.level)
        for e in wrong[:WORST]
    ]
    return _table(("question", "right article", "found first", "confidence", "said"), rows)


def _intent_errors(judged: Sequence[JudgedIntent]) -> str:
    wrong = sorted((e for e in judged if e.prediction != e.label), key=lambda e: -e.confidence)
    rows = [(e.text, e.label, e.prediction, f"{e.confidence:.2f}") for e in wrong[:WORST]]
    return _table(("text", "intent", "read as", "confidence"), rows)


def _complaint_errors(judged: Sequence[JudgedComplaint]) -> str:
    """Wrong about being a complaint or about its category, the surest first."""
    rows = []
    for row, reading in judged:
        said = reading.categories[0].name if reading.is_complaint and reading.categories else NO_COMPLAINT
        truth = row.category if row.complaint else NO_COMPLAINT
        if said != truth:
            both = row.complaint and reading.is_complaint
            confidence = reading.categories[0].confidence if both else abs(reading.confidence - 0.5) * 2
            rows.append((confidence, (row.text, truth, said, f"{confidence:.2f}")))
    worst = [shown for _, shown in sorted(rows, key=lambda each: -each[0])[:WORST]]
    return _table(("text", "labelled", "read as", "sureness"), worst)


def _confusion(judged: Sequence[JudgedComplaint], language: Language) -> str:
    pairs = Counter(
        (row.category, reading.categories[0].name)
        for row, reading in judged
        if row.complaint and row.language is language and reading.categories
    )
    names = sorted({name for pair in pairs for name in pair})
    rows = [(truth, *(str(pairs[truth, guess] or "") for guess in names)) for truth in names]
    return f"{language}:\n\n" + _table(("labelled ↓ read as →", *names), rows)


def _near(near: Sequence[tuple[Sets, Sequence[Near]]]) -> str:
    counts = _table(
        ("set", "teaching texts", "test texts", "the same", "nearly the same"),
        [(sets.name, str(len(sets.teach)), str(len(sets.test)), "0", str(len(pairs))) for sets, pairs in near],
    )
    likest = sorted((pair for _, pairs in near for pair in pairs), key=lambda pair: -pair.likeness)[:SHOWN_NEAR]
    if not likest:
        return counts
    shown = [(pair.sets, pair.test, pair.teach, f"{pair.likeness:.0f}") for pair in likest]
    return counts + "\n\nThe likest:\n\n" + _table(("set", "test", "teaches", "likeness of 100"), shown)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows)])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _shown(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def _rows(found: Found) -> int:
    return max((interval.rows for interval in found.figures.values()), default=0)


def _rounded(interval: Interval) -> dict[str, JsonValue]:
    return {
        "value": round(interval.value, 4),
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "rows": interval.rows,
    }
