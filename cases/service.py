"""cases: files, as the bot opens them and people correct them. Knows no channels and no articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.contracts import (
    Case,
    CaseChange,
    CaseFile,
    CasePage,
    CaseQuery,
    CaseStatus,
    Correction,
    Editor,
    NewCase,
    Stage,
)
from cases.contracts.linked import LABEL, Linked, LinkKind
from cases.customer import CUSTOMER
from cases.draft import Draft, Told
from cases.identity import proves
from cases.keeper import Keeper, words_of
from cases.numbering import period_of
from cases.opening import start_of
from cases.ports import CaseStore, LinkStore
from cases.products import check_product, product_in
from cases.refusals import StepNotAllowed, UnknownCategory
from kit.contracts import Clock, NewId, Tx
from kit.refusals import NotFound
from nlu.contracts import Severity
from staff.contracts.sight import EVERYTHING, Sight

BOT = Editor(id="bot", name="")


class Cases:
    """The files. Fits `bot.ports.CaseFiles`."""

    def __init__(self, *, store: CaseStore, links: LinkStore, keeper: Keeper, clock: Clock, new_id: NewId) -> None:
        self._store, self._links, self._keeper, self._clock, self._new_id = store, links, keeper, clock, new_id
        self._settings = keeper.rules.settings
        self._zone = ZoneInfo(self._settings.time_zone)

    async def open(self, tx: Tx, new: NewCase, *, at: datetime, by: Editor = BOT) -> Case:
        """Open a file, or return the one already opened under `new.key`."""
        start = start_of(new, rules=self._keeper.rules, case_id=self._new_id(), at=at, new_id=self._new_id)
        opened = CaseChange(
            case_id=start.case.id, at=at, by=by.id, by_name=by.name, what="opened", before="", after=new.what_happened
        )
        period = period_of(at, self._zone)
        case = await self._store.add(tx, start, key=new.key, prefix=self._settings.prefix, period=period, first=opened)
        if case.id != start.case.id:
            return case
        for article_id, title in new.articles:
            shown = Linked(
                id=self._new_id(),
                case_id=case.id,
                kind=LinkKind.ARTICLE,
                target=article_id,
                label=title[:LABEL],
                at=at,
                by=by.id,
                by_name=by.name,
            )
            await self._links.add(tx, shown)
        if by.id not in {BOT.id, CUSTOMER.id}:
            await self._keeper.audit(tx, case, opened)
        return case

    async def amend(
        self,
        tx: Tx,
        case_id: str,
        *,
        by: str,
        at: datetime,
        order_number: str | None = None,
        wanted: str | None = None,
        contact: str | None = None,
        added: str | None = None,
        category: str | None = None,
        severity: Severity | None = None,
        conversation_id: str | None = None,
    ) -> Case:
        """Add to a file or correct it; None leaves a value as it is, `added` is joined to what happened.

        `conversation_id` is where it was said: the history tells under which number, where files were merged. What
        stays the same leaves no line in the history. Raises NotFound.
        """
        number = await self._store.merged_number(tx, case_id, conversation_id) if conversation_id else None

        def work(draft: Draft) -> None:
            before = draft.case
            draft.update(
                replace(
                    before,
                    order_number=before.order_number if order_number is None else order_number,
                    wanted=before.wanted if wanted is None else wanted,
                    contact=before.contact if contact is None else contact,
                    category=before.category if category is None else category,
                    severity=before.severity if severity is None else severity,
                )
            )
            if added:
                draft.add(added)
                if not draft.case.product:
                    product = product_in(added, self._settings.after_sales.products)
                    draft.update(replace(draft.case, product=product))

        return await self._keeper.change(tx, case_id, work, by=Editor(id=by, name=number or ""), at=at)

    async def withdraw(self, tx: Tx, case_id: str, *, by: str, at: datetime) -> Case:
        """The customer takes the complaint back. Raises NotFound, StepNotAllowed (a closed file stays closed)."""

        def work(draft: Draft) -> None:
            step = self._keeper.rules.step_at(draft.case.kind, Stage.WITHDRAWN)
            if draft.case.status is CaseStatus.WITHDRAWN:
                return
            if draft.case.status is CaseStatus.RESOLVED:
                raise StepNotAllowed(field="to", present=draft.case.step, wanted=step.name)
            draft.enter(step, Told(silently=True))

        return await self._keeper.change(tx, case_id, work, by=Editor(id=by, name=""), at=at)

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """The files of one conversation, newest first. A number alone never shows somebody else's file."""
        return await self._store.of_conversation(conversation_id)

    async def proven(self, number: str, known: Sequence[str], *, conversation_id: str | None = None) -> Case | None:
        """The file, for whoever reported it there, or knows what stands on it.

        Nothing for anybody else, not even that it exists.
        """
        found = await self._store.find(number)
        if found is None:
            return None
        theirs = conversation_id is not None and found.case.conversation_id == conversation_id
        if not theirs and not proves(found.case, known):
            return None
        return (await self.of_customer(number)).case

    async def talks_with(self, number: str) -> tuple[str, ...]:
        """The newest conversations in whose files this phone, order or case number stands, written in any way.

        For colleagues who look for a customer; it says nothing of the files, and whoever asks shows only what their
        reader may see.
        """
        return await self._store.talks_with(number)

    async def of_customer(self, number: str) -> CaseFile:
        """The file its customer hears of: the one that goes on, where theirs was merged into it. Raises NotFound."""
        file = await self.load(number)
        return file if file.case.merged_into is None else await self.load(file.case.merged_into)

    async def load(self, number: str, *, sight: Sight = EVERYTHING) -> CaseFile:
        """The file with its history. Raises NotFound, as for a file that is not there, where `sight` ends."""
        found = await self._store.find(number, sight=sight)
        if found is None:
            raise NotFound
        return found

    async def by_key(self, key: str) -> Case | None:
        """The file that was opened under a key, if one was."""
        return await self._store.by_key(key)

    async def sees(self, number: str, sight: Sight) -> bool:
        """Whether a file is there for somebody."""
        return await self._store.find(number, sight=sight) is not None

    async def page(self, query: CaseQuery, *, sight: Sight = EVERYTHING) -> CasePage:
        """One page of the files `query` asks for and `sight` covers, newest first."""
        return await self._store.page(query, limit=self._settings.list_limit, sight=sight)

    async def all(self, query: CaseQuery, *, most: int, sight: Sight) -> CasePage:
        """The newest of the files `query` asks for and `sight` covers, in one go."""
        return await self._store.page(query, limit=most, sight=sight)

    async def correct(self, number: str, correction: Correction, *, by: Editor, version: int) -> CaseFile:
        """Change a file by hand; what the classifier read stays beside it, and every change is a history line.

        Raises NotFound, CaseChanged when the file is not at `version` any more, UnknownCategory, UnknownProduct,
        CommentTooLong.
        """
        comment = words_of(correction.comment, field="comment")
        if correction.product is not None:
            check_product(correction.product, self._settings.after_sales)
        known = {category.name for category in self._settings.categories}
        case_id = (await self.load(number, sight=by.sight)).case.id

        def work(draft: Draft) -> None:
            before = draft.case
            # A category that was configured once and is kept is no fault of whoever changes something else.
            if correction.category not in {None, before.category} and correction.category not in known:
                raise UnknownCategory(field="category")
            draft.update(
                replace(
                    before,
                    category=correction.category or before.category,
                    severity=correction.severity or before.severity,
                    product=before.product if correction.product is None else correction.product,
                )
            )
            if comment:
                draft.note("comment", comment)

        await self._keeper.commit(case_id, work, by=by, at=self._clock(), version=version, audited=True)
        return await self.load(number)
