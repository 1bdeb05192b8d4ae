"""nlu: teaching by use. What people correct becomes an example once somebody has reviewed it, and not before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from kit.contracts import Clock, Language, NewId, Transactions
from kit.refusals import NotFound
from nlu.complaint.rows import COMPLAINT
from nlu.contracts import Correction, ExampleState, Severity
from nlu.language import detect_language
from nlu.normalise import bare, fold, mask_personal
from nlu.ports import CorrectionStore
from nlu.refusals import CorrectionDecided, EmptyCorrection, HeldOutText, UnknownIntent
from nlu.starter_content import Labelled

LISTED = 100
MOST = 100_000
"""Approved examples read for one training; far more than people can review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What the reviewer makes of a correction. `category` and `severity` count for complaints only."""

    text: str
    intent: str
    category: str = ""
    severity: Severity | None = None


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
        """`intents` are the desk's; `held_out` are the texts that any version is measured with."""
        self._transactions, self._store = transactions, store
        self._clock, self._new_id = clock, new_id
        self.intents = tuple(sorted(intents))
        self._held_out = frozenset(bare(text) for text in held_out)

    async def propose(
        self,
        text: str,
        *,
        heard: str,
        intent: str,
        category: str = "",
        severity: Severity | None = None,
        by: str,
    ) -> Correction:
        """Somebody says what a customer's text meant. A later word on the same text replaces an earlier one."""
        correction = Correction(
            id=self._new_id(),
            text=self._checked_text(text),
            language=detect_language(text, Language.ZH),
            heard=heard[:80],
            intent=self._checked_intent(intent),
            category=category if intent == COMPLAINT else "",
            severity=severity if intent == COMPLAINT else None,
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

    async def approve(self, correction_id: str, *, by: str, reviewed: Reviewed | None = None) -> None:
        """Make it an example of the next version, as it was proposed or as it was set right.

        Raises `HeldOutText` for a text that versions are measured with.
        """
        found = await self.load_open(correction_id)
        said = reviewed or Reviewed(
            text=found.text, intent=found.intent, category=found.category, severity=found.severity
        )
        complaint = said.intent == COMPLAINT
        approved = replace(
            found,
            text=self._checked_text(said.text),
            intent=self._checked_intent(said.intent),
            category=said.category if complaint else "",
            severity=said.severity if complaint else None,
        )
        if bare(approved.text) in self._held_out:
            raise HeldOutText
        await self._decide(approved, ExampleState.APPROVED, by=by)

    async def discard(self, correction_id: str, *, by: str) -> None:
        """It is not learned, or no longer from the next learning on; it stays on the list of the discarded."""
        found = await self._store.find(correction_id)
        if found is None:
            raise NotFound
        if found.state is ExampleState.DISCARDED:
            raise CorrectionDecided
        await self._decide(found, ExampleState.DISCARDED, by=by)

    async def approved(self) -> list[Labelled]:
        """What a training of the intents may learn from, oldest first."""
        return [Labelled(text=each.text, label=each.intent) for each in await self.approved_corrections()]

    async def approved_corrections(self) -> list[Correction]:
        """The same with what is said of complaints."""
        return list(reversed(await self._store.listed(ExampleState.APPROVED, limit=MOST)))

    async def state_of_approved(self) -> str:
        """Changes whenever other corrections are approved than before; empty while none is."""
        return await self._store.state_of(ExampleState.APPROVED)

    async def load_open(self, correction_id: str) -> Correction:
        """A correction that waits for its review. Raises `NotFound`, `CorrectionDecided`."""
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
