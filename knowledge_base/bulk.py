"""knowledge_base: the same done to many articles at once.

Each article stands for itself: one that is refused is named and the others go on. Only the gate looks at all of them
together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from kit.refusals import NotAllowed, Refusal
from knowledge_base.contracts import Article, ArticleFilter, Draft
from knowledge_base.differences import FieldChange, compare_drafts
from knowledge_base.editing import MOST_PAGE, NOTE_LIMIT, WRITERS, Editing
from knowledge_base.judging import GateReport
from knowledge_base.refusals import NothingToFind, TooManyArticles
from knowledge_base.replacing import Replacement, replace_in
from staff.contracts import Person

T = TypeVar("T")
MOST = 200
"""Articles of one bulk step."""
FIND_LIMIT = 200
"""Characters that are looked for or put in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An article somebody ticked, at the version they saw."""

    id: str
    expected_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An article that was left as it is, and why."""

    id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of the chosen articles."""

    done: tuple[Article, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEdit:
    """What is changed in every chosen article; None and empty leave it alone."""

    add_products: tuple[str, ...] = ()
    remove_products: tuple[str, ...] = ()
    category: str | None = None
    owner: str | None = None
    review_on: date | None = None

    def apply(self, draft: Draft) -> Draft:
        """`draft` with these changes."""
        kept = [product for product in draft.products if product not in self.remove_products]
        return replace(
            draft,
            category=draft.category if self.category is None else self.category,
            products=tuple(dict.fromkeys([*kept, *self.add_products])),
            details=replace(
                draft.details,
                owner=draft.details.owner if self.owner is None else self.owner,
                review_on=self.review_on or draft.details.review_on,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a replacement would change, and how."""

    article: Article
    changes: tuple[FieldChange, ...]


class Bulk:
    """Bulk steps over the editors' service."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    async def preview_publication(self, by: Person, chosen: Sequence[Chosen]) -> tuple[GateReport, BulkResult]:
        """(what publishing all of them would do to the answers, which could be published and which not)."""
        ready = await self._ready(by, chosen)
        return await self._editing.gate.report(*ready.done), ready

    async def publish(self, by: Person, chosen: Sequence[Chosen], *, reason: str = "") -> BulkResult:
        """Give customers what can be published, after one run of the gate. Raises `PublicationWorse`."""
        ready = await self._ready(by, chosen)
        needed = await self._editing.gate.check(*ready.done, reason=reason[:NOTE_LIMIT])
        done = await self._each(
            ready.done, lambda article: self._editing.publish_checked(by, article, reason=needed), _id_of_article
        )
        return BulkResult(done=done.done, refused=(*ready.refused, *done.refused))

    async def retire(self, by: Person, chosen: Sequence[Chosen]) -> BulkResult:
        """Take them from customers."""
        _check(by, chosen)
        return await self._each(
            chosen,
            lambda each: self._editing.retire(by, each.id, expected_version=each.expected_version),
            _id_of_chosen,
        )

    async def change(self, by: Person, chosen: Sequence[Chosen], edit: BulkEdit) -> BulkResult:
        """Store the change in each as its next version; one that says so already stays as it is."""
        return await self._rewrite(by, chosen, edit.apply)

    async def find(self, by: Person, wanted: Replacement) -> tuple[Found, ...]:
        """The articles that a replacement would change, at most `MOST`, last changed first. Raises `NothingToFind`."""
        _check(by, ())
        _check_replacement(wanted)
        found: list[Found] = []
        offset = 0
        while len(found) < MOST:
            page = await self._editing.list(by, ArticleFilter(words=wanted.find), offset=offset, limit=MOST_PAGE)
            for line in page.lines:
                article = await self._editing.load(by, line.id)
                changes = compare_drafts(article.content, replace_in(article.content, wanted))
                if changes:
                    found.append(Found(article=article, changes=changes))
                await asyncio.sleep(0)
            offset += MOST_PAGE
            if offset >= page.total:
                break
        return tuple(found[:MOST])

    async def replace(self, by: Person, chosen: Sequence[Chosen], wanted: Replacement) -> BulkResult:
        """Replace in the chosen articles. Raises `NothingToFind`."""
        _check_replacement(wanted)
        return await self._rewrite(by, chosen, lambda draft: replace_in(draft, wanted))

    async def _rewrite(self, by: Person, chosen: Sequence[Chosen], change: Callable[[Draft], Draft]) -> BulkResult:
        _check(by, chosen)

        async def work(each: Chosen) -> Article:
            article = await self._editing.load(by, each.id)
            draft = change(article.content)
            if draft == article.content:
                return article
            return await self._editing.save(by, each.id, draft, expected_version=each.expected_version)

        return await self._each(chosen, work, _id_of_chosen)

    async def _ready(self, by: Person, chosen: Sequence[Chosen]) -> BulkResult:
        _check(by, chosen)
        return await self._each(
            chosen,
            lambda each: self._editing.load_to_publish(by, each.id, expected_version=each.expected_version),
            _id_of_chosen,
        )

    @staticmethod
    async def _each(
        items: Sequence[T], work: Callable[[T], Awaitable[Article]], id_of: Callable[[T], str]
    ) -> BulkResult:
        done: list[Article] = []
        refused: list[Refused] = []
        for item in items:
            try:
                done.append(await work(item))
            except Refusal as refusal:
                refused.append(Refused(id=id_of(item), refusal=refusal))
            await asyncio.sleep(0)  # customers' and colleagues' requests come in between
        return BulkResult(done=tuple(done), refused=tuple(refused))


def _id_of_chosen(chosen: Chosen) -> str:
    return chosen.id


def _id_of_article(article: Article) -> str:
    return article.id


def _check(by: Person, chosen: Sequence[Chosen]) -> None:
    if not by.may(*WRITERS):
        raise NotAllowed
    if len(chosen) > MOST:
        raise TooManyArticles(field="items", limit=MOST)


def _check_replacement(wanted: Replacement) -> None:
    if not wanted.find.strip() or max(len(wanted.find), len(wanted.put)) > FIND_LIMIT:
        raise NothingToFind(field="find", limit=FIND_LIMIT)
