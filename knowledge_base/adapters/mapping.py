"""knowledge_base: rows to values and back; the only place that knows how an article is written as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping

from kit.contracts import JsonValue, Language
from knowledge_base.contracts import (
    Article,
    ArticleLine,
    ArticleStatus,
    ArticleText,
    ArticleVersion,
    Change,
    Draft,
)


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
            }
            for text in draft.texts
        ],
    }


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
            )
            for text in content["texts"]
        ),
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
        parts += [*text.questions, text.answer]
    return "\n".join(parts).lower()
