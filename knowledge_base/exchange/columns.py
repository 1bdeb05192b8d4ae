"""knowledge_base: an article as one row of a table, and back. Pure.

A round trip changes nothing: lists stand one item a line, moments in ISO 8601, and a cell that a spreadsheet would take
for a formula gets an apostrophe in front, which reading takes away again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from kit.contracts import Language
from knowledge_base.contracts import Article, ArticleAction, ArticleText, Attachment, Audience, Details, Draft
from knowledge_base.exchange.attached import attachments_in, cell_of
from knowledge_base.validation import has_something

ABOUT = ("key", "category", "products", "audience", "valid_from", "valid_until", "owner", "review_on", "follow_ups")
SIDE = ("title", "answer", "short", "questions", "attachments")
OFFERED = ("action", "department")
FIELDS = (*ABOUT, *OFFERED, *(f"{language}.{name}" for language in Language for name in SIDE))
"""What is read, in the order in which it is written."""
STANDING = ("status", "version", "published_version")
"""Written for information; an import leaves an article's standing alone."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r]")
_SEVERAL = re.compile(r"[,，;；、\n]")


def row_of(article: Article) -> dict[str, str]:
    """Every field of an article by column; not neutralised."""
    details = article.details
    row = {
        "key": article.key,
        "category": article.category,
        "products": "\n".join(article.products),
        "audience": str(details.audience),
        "valid_from": details.valid_from.isoformat() if details.valid_from else "",
        "valid_until": details.valid_until.isoformat() if details.valid_until else "",
        "owner": details.owner,
        "review_on": details.review_on.isoformat() if details.review_on else "",
        "follow_ups": "\n".join(details.follow_ups),
        "action": str(details.action or ""),
        "department": details.department,
    }
    for language in Language:
        side = article.text(language)
        row[f"{language}.title"] = side.title if side else ""
        row[f"{language}.answer"] = side.answer if side else ""
        row[f"{language}.short"] = side.short if side else ""
        row[f"{language}.questions"] = "\n".join(side.questions) if side else ""
        row[f"{language}.attachments"] = cell_of(side.attachments) if side else ""
    published = article.published_version
    standing = {"status": str(article.status), "version": str(article.version)}
    return row | standing | {"published_version": "" if published is None else str(published)}


def draft_of(cells: Mapping[str, str], *, before: Draft | None) -> tuple[Draft, dict[str, str]]:
    """The draft a row describes, and the faults of its cells by field (text keys below `knowledge_base.fault.`).

    A column that the file does not have leaves what stands in `before`; an empty cell empties it.
    """
    faults: dict[str, str] = {}
    old = before or Draft(key="", category="")

    def cell(name: str, otherwise: str) -> str:
        return cells.get(name, otherwise).replace("\r\n", "\n").strip()

    def several(name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        return (
            tuple(each.strip() for each in _SEVERAL.split(cells[name]) if each.strip()) if name in cells else otherwise
        )

    sides = (_side(cells, language, old, faults) for language in Language)
    draft = Draft(
        key=cell("key", old.key),
        category=cell("category", old.category),
        products=several("products", old.products),
        texts=tuple(side for side in sides if side is not None),
        details=Details(
            audience=_audience(cells, old.details, faults),
            valid_from=_moment(cells, "valid_from", old.details.valid_from, faults),
            valid_until=_moment(cells, "valid_until", old.details.valid_until, faults),
            owner=cell("owner", old.details.owner),
            review_on=_day(cells, old.details, faults),
            follow_ups=several("follow_ups", old.details.follow_ups),
            action=_action(cells, old.details, faults),
            department=_department(cells, old.details),
        ),
    )
    return draft, faults


def neutral(text: str) -> str:
    """`text` so that no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if _NEUTRAL.match(text) else text


def _side(cells: Mapping[str, str], language: Language, before: Draft, faults: dict[str, str]) -> ArticleText | None:
    old = next((side for side in before.texts if side.language is language), None)
    if not any(f"{language}.{name}" in cells for name in SIDE):
        return old
    empty = old or ArticleText(language=language, title="", answer="", short="", questions=())

    def cell(name: str, otherwise: str) -> str:
        return cells.get(f"{language}.{name}", otherwise).replace("\r\n", "\n").strip()

    questions = cells.get(f"{language}.questions")
    side = ArticleText(
        language=language,
        title=cell("title", empty.title),
        answer=cell("answer", empty.answer),
        short=cell("short", empty.short),
        questions=empty.questions
        if questions is None
        else tuple(line.strip() for line in questions.replace("\r", "\n").split("\n") if line.strip()),
        attachments=_attachments(cells, language, empty.attachments, faults),
    )
    return side if has_something(side) else None


def _attachments(
    cells: Mapping[str, str], language: Language, otherwise: tuple[Attachment, ...], faults: dict[str, str]
) -> tuple[Attachment, ...]:
    field = f"{language}.attachments"
    if field not in cells:
        return otherwise
    found, others = attachments_in(cells[field].replace("\r", "\n"))
    if others:
        faults[field] = "attachments_gone"
    return found


def _moment(cells: Mapping[str, str], name: str, otherwise: datetime | None, faults: dict[str, str]) -> datetime | None:
    if name not in cells:
        return otherwise
    text = cells[name].strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        faults[name] = "moment"
        return otherwise
    return moment.astimezone(UTC)


def _day(cells: Mapping[str, str], old: Details, faults: dict[str, str]) -> date | None:
    text = cells.get("review_on", old.review_on.isoformat() if old.review_on else "").strip()
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        faults["review_on"] = "day"
        return old.review_on


def _audience(cells: Mapping[str, str], old: Details, faults: dict[str, str]) -> Audience:
    text = cells.get("audience", str(old.audience)).strip() or str(Audience.CUSTOMERS)
    if text not in set(Audience):
        faults["audience"] = "audience"
        return old.audience
    return Audience(text)


def _department(cells: Mapping[str, str], old: Details) -> str:
    # A file without the column that takes the action away takes the department with it.
    said = cells.get("action", str(ArticleAction.HAND_OVER)).strip()
    otherwise = old.department if said == ArticleAction.HAND_OVER else ""
    return cells.get("department", otherwise).strip()


def _action(cells: Mapping[str, str], old: Details, faults: dict[str, str]) -> ArticleAction | None:
    text = cells.get("action", str(old.action or "")).strip()
    if text and text not in set(ArticleAction):
        faults["action"] = "action"
        return old.action
    return ArticleAction(text) if text else None
