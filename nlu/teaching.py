"""nlu: teaching by use. What people correct becomes an example once somebody has reviewed it, and not before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kit.contracts import Clock, Language, NewId, Transactions
from kit.refusals import NotFound
from nlu.contracts import Correction, ExampleState
from nlu.language import detect_language
from nlu.normalise import bare, fold, mask_personal
from nlu.ports import CorrectionStore
from nlu.refusals import CorrectionDecided, EmptyCorrection, HeldOutText, UnknownIntent
from nlu.starter_content import Labelled

COMPLAINT = "complaint"
"""The one intent whose corrections may say what the complaint is about."""
LISTED = 100
MOST = 100_000
"""Approved examples read for one training; far more than people can review."""


class Teaching:
    """Proposes, reviews, and hands out what was approved."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: CorrectionStore,
        intents: Collection[str],
        held_out: Collection[str],
        clock: Clock,
        new_id: NewId,
    ) -> None:
        """`intents` are the desk's; `held_out` are the texts that versions are measured with."""
        self._transactions, self._store = transactions, store
        self._clock, self._new_id = clock, new_id
        self.intents = tuple(sorted(intents))
        self._held_out = frozenset(bare(text) for text in held_out)

    async def propose(self, text: str, *, heard: str, intent: str, category: str = "", by: str) -> Correction:
        """Somebody says what a customer's text meant. A later word on the same text replaces an earlier one."""
        correction = Correction(
            id=self._new_id(),
            text=self._checked_text(text),
            language=detect_language(text, Language.ZH),
            heard=heard[:80],
            intent=self._checked_intent(intent),
            category=category if intent == COMPLAINT else "",
            state=ExampleState.PROPOSED,
            proposed_by=by,
            proposed_at=self._clock(),
        )
        await self._transactions.write(lambda tx: self._store.save(tx, correction))
        return correction

    async def listed(self, state: ExampleState) -> tuple[Correction, ...]:
        """The newest corrections of one state."""
        return await self._store.listed(state, limit=LISTED)

    async def counts(self) -> dict[ExampleState, int]:
        """How many there are of each state."""
        return await self._store.counts()

    async def approve(self, correction_id: str, *, by: str, text: str | None = None, intent: str | None = None) -> None:
        """Make it an example of the next version; the reviewer may set text and intent right.

        Raises `HeldOutText` for a question that versions are measured with.
        """
        found = await self._load_open(correction_id)
        approved = replace(
            found,
            text=self._checked_text(found.text if text is None else text),
            intent=self._checked_intent(found.intent if intent is None else intent),
        )
        if bare(approved.text) in self._held_out:
            raise HeldOutText
        if approved.intent != COMPLAINT:
            approved = replace(approved, category="")
        await self._decide(approved, ExampleState.APPROVED, by=by)

    async def discard(self, correction_id: str, *, by: str) -> None:
        """It is not learned, now or later; it stays on the list of the discarded."""
        await self._decide(await self._load_open(correction_id), ExampleState.DISCARDED, by=by)

    async def approved(self) -> list[Labelled]:
        """What a training may learn from, oldest first."""
        found = await self._store.listed(ExampleState.APPROVED, limit=MOST)
        return [Labelled(text=each.text, label=each.intent) for each in reversed(found)]

    async def _load_open(self, correction_id: str) -> Correction:
        found = await self._store.find(correction_id)
        if found is None:
            raise NotFound
        if found.state is not ExampleState.PROPOSED:
            raise CorrectionDecided
        return found

    async def _decide(self, correction: Correction, state: ExampleState, *, by: str) -> None:
        decided = replace(correction, state=state, decided_by=by, decided_at=self._clock())
        await self._transactions.write(lambda tx: self._store.save(tx, decided))

    def _checked_text(self, text: str) -> str:
        masked = mask_personal(text)
        if not fold(masked):
            raise EmptyCorrection(field="text")
        return masked

    def _checked_intent(self, intent: str) -> str:
        if intent not in self.intents:
            raise UnknownIntent(field="intent")
        return intent
