"""knowledge_base: what its templates show, worked out beforehand. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from math import ceil
from urllib.parse import urlencode

from kit.contracts import Language
from kit.markdown import to_html, to_telegram_html
from kit.texts import Texts
from knowledge_base.categories import SEPARATOR, tree_of
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticleLine,
    ArticleStatus,
    ArticleText,
    Attachment,
    Audience,
    Level,
    Match,
    SearchResult,
)

CATEGORIES = "knowledge_base.category."
NOON = time(12)
"""A day has no hour; at noon in UTC it is the same day nearly everywhere."""
SHOWN_MATCHES = 3
"""Matches of a trial that are shown beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A word with a colour of meaning."""

    text: str
    """Text key; with `at` its slot `when` says when."""
    look: str = ""
    at: datetime | None = None
    style: str = "short"
    """How `at` is written: the last part of a key below `shell.time.`."""


_STATUS_LOOKS = {ArticleStatus.IN_REVIEW: "info", ArticleStatus.PUBLISHED: "ok"}


def status_chips(line: ArticleLine) -> tuple[Chip, ...]:
    """Where the article is in its life, and what is worth knowing beside it."""
    languages = {language for language, title in line.titles if title.strip()}
    chips = [Chip(text=f"knowledge_base.status.{line.status}", look=_STATUS_LOOKS.get(line.status, ""))]
    if line.published_version is not None and line.published_version < line.version:
        chips.append(Chip(text="knowledge_base.status.changed", look="warn"))
    chips += [
        Chip(text=f"knowledge_base.status.missing_{language}", look="warn")
        for language in Language
        if language not in languages
    ]
    if line.lagging is not None:
        chips.append(Chip(text=f"knowledge_base.status.lagging_{line.lagging}", look="warn"))
    if line.audience is Audience.AGENTS:
        chips.append(Chip(text="knowledge_base.status.agents", look="accent"))
    if line.scheduled_at is not None:
        chips.append(Chip(text="knowledge_base.status.scheduled", look="info", at=line.scheduled_at))
    if line.expires_at is not None:
        chips.append(Chip(text="knowledge_base.status.until", at=line.expires_at))
    if line.review_on is not None:
        chips.append(
            Chip(text="knowledge_base.status.review", at=datetime.combine(line.review_on, NOON, UTC), style="day")
        )
    return tuple(chips)


def line_of(article: Article) -> ArticleLine:
    """A whole article as the list shows it."""
    return ArticleLine(
        id=article.id,
        key=article.key,
        category=article.category,
        status=article.status,
        version=article.version,
        published_version=article.published_version,
        titles=tuple((text.language, text.title) for text in article.texts),
        updated_at=article.updated_at,
        updated_by=article.updated_by,
        audience=article.details.audience,
        lagging=article.lagging,
        scheduled_at=article.schedule.at if article.schedule else None,
        expires_at=article.expires_at,
        review_on=article.details.review_on,
        deleted_at=article.deleted_at,
    )


def category_names(texts: Texts, language: Language, categories: Iterable[str]) -> dict[str, str]:
    """What each category is called on the page; one the house made up itself is called by its own name."""
    known = texts.keys(language)

    def name_of(part: str) -> str:
        return texts(CATEGORIES + part, language) if CATEGORIES + part in known else part

    return {path: " › ".join(name_of(part) for part in path.split(SEPARATOR)) for path in categories}


def category_options(texts: Texts, language: Language, categories: Iterable[str]) -> dict[str, str]:
    """The whole tree for a choice, each place called by its full name, in the order of those names."""
    names = category_names(texts, language, (node.path for node in tree_of(categories)))
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article in a list."""

    id: str
    key: str
    version: int
    titles: tuple[tuple[Language, str], ...]
    """The reader's own language first."""
    category: str
    chips: tuple[Chip, ...]
    updated_at: datetime
    updated_by: str


def entry_of_line(line: ArticleLine, language: Language) -> Entry:
    """The list's line for a reader of `language`."""
    return Entry(
        id=line.id,
        key=line.key,
        version=line.version,
        titles=_own_first(line.titles, language),
        category=line.category,
        chips=status_chips(line),
        updated_at=line.updated_at,
        updated_by=line.updated_by,
    )


def entry_of_article(article: Article, language: Language) -> Entry:
    """The same of a whole article."""
    return entry_of_line(line_of(article), language)


def _own_first(titles: Iterable[tuple[Language, str]], language: Language) -> tuple[tuple[Language, str], ...]:
    found = [(side, title) for side, title in titles if title.strip()]
    return tuple(sorted(found, key=lambda pair: pair[0] != language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where in a list the reader is."""

    page: int
    pages: int
    query: Mapping[str, str]

    @classmethod
    def of(cls, *, page: int, size: int, total: int, query: Mapping[str, str]) -> Paging:
        """The paging of `total` lines, `size` to a page."""
        return cls(page=page, pages=max(1, ceil(total / size)), query=query)

    def link(self, page: int) -> str:
        """The query of another page with the same filter."""
        return "?" + urlencode({**self.query, "page": page})


def query_of(chosen: ArticleFilter) -> dict[str, str]:
    """The filter as the page's address has it; empty fields left out."""
    fields = {
        "words": chosen.words,
        "status": chosen.status,
        "category": chosen.category,
        "missing": chosen.missing,
        "changed": "true" if chosen.changed else "",
        "matter": chosen.matter,
        "owner": chosen.owner,
        "deleted": "true" if chosen.deleted else "",
    }
    return {name: str(value) for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One side as customers would see it."""

    language: Language
    title: str
    widget: str
    """Sanitised HTML."""
    telegram: str
    """The subset of HTML that Telegram shows; line breaks are characters."""
    attachments: tuple[Attachment, ...] = ()


def preview_of(text: ArticleText) -> Preview | None:
    """How channels show an answer; None where there is nothing to show yet. The same functions as they use."""
    if not text.answer.strip():
        return None
    return Preview(
        language=text.language,
        title=text.title.strip(),
        widget=to_html(text.answer),
        telegram=html.escape(text.short.strip()) or to_telegram_html(text.answer),
        attachments=text.attachments,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """A line of a trial's result."""

    title: str
    language: Language
    wording: str
    percent: int
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """What a search found, as the trial shows it."""

    level: Level
    look: str
    matches: tuple[MatchView, ...]


_LEVEL_LOOKS = {Level.SURE: "ok", Level.UNSURE: "info", Level.UNKNOWN: "warn"}


def result_view(result: SearchResult, *, article_id: str | None) -> ResultView:
    """`result` for people; `article_id` is the article at hand."""
    return ResultView(
        level=result.level,
        look=_LEVEL_LOOKS[result.level],
        matches=tuple(_match_view(match, article_id) for match in result.matches[:SHOWN_MATCHES]),
    )


def _match_view(match: Match, article_id: str | None) -> MatchView:
    return MatchView(
        title=match.title,
        language=match.language,
        wording=match.wording,
        # Rounded down: "100 % sure" would be more than anybody knows.
        percent=min(99, int(match.confidence * 100)),
        is_this=match.article_id == article_id,
    )
