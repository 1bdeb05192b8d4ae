"""knowledge_base: rows to values and back; the only place that knows how an article is written as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping

from kit.contracts import JsonValue, Language
from knowledge_base.contracts import (
    Article,
    ArticleAction,
    ArticleLine,
    ArticleStatus,
    ArticleText,
    ArticleVersion,
    Attachment,
    Audience,
    Change,
    Details,
    Draft,
    Schedule,
)
from knowledge_base.short_answers import stale_shorts


def content_of(draft: Draft) -> dict[str, JsonValue]:
    """A draft as it is stored with its version."""
    return {
        "key": draft.key,
        "category": draft.category,
        "products": list(draft.products),
        "texts": [
            {
                "language": str(text.language),
                "title": text.title,
                "answer": text.answer,
                "short": text.short,
                "questions": list(text.questions),
                "attachments": [{"id": each.id, "name": each.name} for each in text.attachments],
            }
            for text in draft.texts
        ],
        "details": _details_as_json(draft.details),
    }


def _details_as_json(details: Details) -> dict[str, JsonValue]:
    return {
        "audience": str(details.audience),
        "valid_from": details.valid_from.isoformat() if details.valid_from else None,
        "valid_until": details.valid_until.isoformat() if details.valid_until else None,
        "owner": details.owner,
        "review_on": details.review_on.isoformat() if details.review_on else None,
        "follow_ups": list(details.follow_ups),
        "action": str(details.action) if details.action else None,
        "department": details.department,
    }


def _details_of(stored: dict[str, Any]) -> Details:
    """The details that `_details_as_json` wrote; versions older than the details have none."""
    if not stored:
        return Details()
    return Details(
        audience=Audience(stored["audience"]),
        valid_from=datetime.fromisoformat(stored["valid_from"]) if stored["valid_from"] else None,
        valid_until=datetime.fromisoformat(stored["valid_until"]) if stored["valid_until"] else None,
        owner=stored["owner"],
        review_on=date.fromisoformat(stored["review_on"]) if stored["review_on"] else None,
        follow_ups=tuple(stored["follow_ups"]),
        action=ArticleAction(stored["action"]) if stored["action"] else None,
        department=stored.get("department", ""),
    )


def draft_of(content: dict[str, Any]) -> Draft:
    """The draft that `content_of` wrote."""
    return Draft(
        key=content["key"],
        category=content["category"],
        products=tuple(content["products"]),
        texts=tuple(
            ArticleText(
                language=Language(text["language"]),
                title=text["title"],
                answer=text["answer"],
                short=text["short"],
                questions=tuple(text["questions"]),
                attachments=tuple(Attachment(id=each["id"], name=each["name"]) for each in text.get("attachments", ())),
            )
            for text in content["texts"]
        ),
        details=_details_of(content.get("details", {})),
    )


def article_of(row: RowMapping) -> Article:
    """An article from its row joined with the content of its newest version."""
    draft = draft_of(row["content"])
    return Article(
        id=row["id"],
        key=row["key"],
        category=row["category"],
        products=draft.products,
        status=ArticleStatus(row["status"]),
        version=row["version"],
        published_version=row["published_version"],
        texts=draft.texts,
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        details=draft.details,
        writer_id=row["writer_id"],
        note=row["note"],
        lagging=Language(row["lagging"]) if row["lagging"] else None,
        stale_shorts=stale_shorts(by_language(row["shorts"]), draft),
        schedule=_schedule_of(row),
        expires_at=row["expires_at"] if row["published_version"] is not None else None,
        deleted_at=row["deleted_at"],
    )


def by_language(stored: dict[str, Any] | None) -> dict[Language, Any]:
    """What is kept for each language beside an article; older stores keep nothing."""
    return {Language(language): kept for language, kept in (stored or {}).items()}


def _schedule_of(row: RowMapping) -> Schedule | None:
    if row["scheduled_version"] is None:
        return None
    return Schedule(
        version=row["scheduled_version"],
        at=row["scheduled_at"],
        by=row["scheduled_by"],
        account_id=row["scheduled_account"],
    )


def line_of(row: RowMapping) -> ArticleLine:
    """A line of the list."""
    return ArticleLine(
        id=row["id"],
        key=row["key"],
        category=row["category"],
        status=ArticleStatus(row["status"]),
        version=row["version"],
        published_version=row["published_version"],
        titles=tuple((Language(language), title) for language, title in sorted(row["titles"].items())),
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        audience=Audience(row["audience"]),
        lagging=Language(row["lagging"]) if row["lagging"] else None,
        scheduled_at=row["scheduled_at"],
        expires_at=row["expires_at"] if row["published_version"] is not None else None,
        review_on=row["review_on"],
        deleted_at=row["deleted_at"],
    )


def version_of(row: RowMapping) -> ArticleVersion:
    """One stored version."""
    return ArticleVersion(
        article_id=row["article_id"],
        version=row["version"],
        change=Change(row["change"]),
        content=draft_of(row["content"]),
        at=row["at"],
        by=row["by"],
    )


def search_text_of(draft: Draft) -> str:
    """What the editor's list is searched in; the nearer to the start a word stands, the better the article fits it."""
    parts = [text.title for text in draft.texts]
    parts += [draft.key, draft.category, *draft.products]
    for text in draft.texts:
        parts += [*text.questions, text.answer, text.short, *(each.name for each in text.attachments)]
    return "\n".join(parts).lower()
