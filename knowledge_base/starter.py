"""knowledge_base: reads the starter articles and evaluation rows that come with the house (knowledge_base/starter/)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import yaml

from kit.contracts import Language
from knowledge_base.contracts import ArticleText, Draft
from knowledge_base.live_base import UnknownQuestion

FOLDER = Path(__file__).parent / "starter"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRow:
    """A question that was held out: with the key of its article, or None where the base has no answer."""

    text: str
    gold: str | None
    group: str
    language: Language
    split: str


def starter_drafts() -> tuple[Draft, ...]:
    """Every starter article, file by file."""
    drafts = []
    for path in sorted((FOLDER / "articles").glob("*.yml")):
        drafts += [_draft(path.stem, raw) for raw in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return tuple(drafts)


def held_out() -> tuple[EvaluationRow, ...]:
    """Paraphrases of starter articles that are never indexed and never trained on."""
    return tuple(row for language in Language for row in _rows(f"held_out_{language}.jsonl"))


def unknown(split: str) -> tuple[EvaluationRow, ...]:
    """Questions that the starter base cannot answer; split `dev` may be trained on, `test` never."""
    rows = (row for language in Language for row in _rows(f"unknown_{language}.jsonl"))
    return tuple(row for row in rows if row.split == split)


def unknown_for_fitting() -> tuple[UnknownQuestion, ...]:
    """The development half of the unanswerable questions, as the base takes them."""
    return tuple(UnknownQuestion(text=row.text, language=row.language) for row in unknown("dev"))


def _draft(category: str, raw: dict[str, object]) -> Draft:
    products = raw.get("products") or []
    return Draft(
        key=str(raw["key"]),
        category=category,
        products=tuple(map(str, products if isinstance(products, list) else [])),
        texts=tuple(_side(language, raw[language]) for language in Language if language in raw),
    )


def _side(language: Language, raw: object) -> ArticleText:
    if not isinstance(raw, dict):
        raise TypeError(f"a side of an article is a mapping, not {raw!r}")
    return ArticleText(
        language=language,
        title=str(raw["title"]).strip(),
        answer=str(raw["answer"]).strip(),
        short=str(raw.get("short") or "").strip(),
        questions=tuple(str(question).strip() for question in raw["questions"]),
    )


def _rows(name: str) -> list[EvaluationRow]:
    lines = (FOLDER / "evaluation" / name).read_text(encoding="utf-8").splitlines()
    return [_row(json.loads(line)) for line in lines if line.strip()]


def _row(raw: dict[str, str | None]) -> EvaluationRow:
    return EvaluationRow(
        text=str(raw["text"]),
        gold=raw["gold"],
        group=str(raw["group"]),
        language=Language(str(raw["language"])),
        split=str(raw.get("split") or "test"),
    )
