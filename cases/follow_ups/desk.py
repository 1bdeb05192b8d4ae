"""cases: the follow-up desk: today's list, and a colleague who asks one customer at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cases.contracts import ChatReply, Editor
from cases.contracts.follow_ups import (
    DayList,
    Event,
    FollowUp,
    FollowUpEvent,
    FollowUpFile,
    FollowUpState,
    Outcome,
    Wish,
)
from cases.follow_ups.asking import Asking
from cases.follow_ups.hours import next_allowed
from cases.follow_ups.planning import hours_of_asking, is_taken
from cases.keeper import Keeper, words_of
from cases.ports import FollowUpStore, Surveys
from cases.refusals import NotAsked, NotInTheFuture, NotOpen, OutsideHours, TakenBy
from cases.settings.follow_ups import Question
from kit.contracts import Clock, Transactions, Tx
from kit.hours import is_open, moment
from kit.refusals import NotFound
from staff.contracts import AuditRecord
from staff.contracts.sight import EVERYTHING, Sight
from staff.ports import AuditLog

BY_HAND = frozenset({Outcome.REACHED, Outcome.UNSOLVED, Outcome.REFUSED})


class FollowUpDesk:
    """What colleagues do with follow-ups."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: FollowUpStore,
        asking: Asking,
        keeper: Keeper,
        audit: AuditLog,
        clock: Clock,
        surveys: Surveys | None = None,
    ) -> None:
        self._transactions, self._store, self._asking, self._audit = transactions, store, asking, audit
        self._clock, self._surveys = clock, surveys
        self._settings = keeper.rules.settings.follow_ups
        self._limit = keeper.rules.settings.list_limit
        self._hours = hours_of_asking(keeper.rules)

    async def today(self, *, plan: str | None = None, sight: Sight = EVERYTHING) -> DayList:
        """Whom to ask today."""
        now = self._clock()
        day = now.astimezone(self._hours.zone).date()
        begins, ends = (moment(day + timedelta(days=ahead), 0, self._hours.zone) for ahead in (0, 1))
        return await self._store.day(now, begins=begins, ends=ends, plan=plan, limit=self._limit, sight=sight)

    async def load(self, follow_up_id: str, *, sight: Sight = EVERYTHING) -> FollowUpFile:
        """One follow-up with what happened to it. Raises NotFound."""
        found = await self._store.find(follow_up_id, sight=sight)
        if found is None:
            raise NotFound
        return found

    def question(self, follow_up: FollowUp, name: str | None = None) -> Question:
        """The open question of its script, or one that was asked before."""
        return self._asking.question(follow_up, name)

    def opens_at(self) -> datetime | None:
        """When customers may be asked again; None while they may."""
        now = self._clock()
        return None if is_open(self._hours, now) else next_allowed(self._hours, now)

    async def take(self, follow_up_id: str, *, by: Editor) -> FollowUp:
        """Ask this customer, alone for a while. Raises NotFound, NotOpen, TakenBy, OutsideHours."""
        later = self.opens_at()
        if later is not None:
            raise OutsideHours(field="", when=f"{later.astimezone(self._hours.zone):%m-%d %H:%M}")

        def work(follow_up: FollowUp, at: datetime) -> FollowUp:
            return replace(follow_up, assignee_id=by.id, assignee_name=by.name, taken_at=at)

        return await self._change(follow_up_id, work, Event.TAKEN, by=by)

    async def answer(self, follow_up_id: str, question: str, answer: str, *, by: Editor) -> FollowUp:
        """What the customer said. Raises NotFound, NotOpen, TakenBy, NotAsked."""

        async def work(tx: Tx, follow_up: FollowUp, at: datetime) -> tuple[FollowUp, ChatReply]:
            answered = await self._asking.answer(tx, follow_up, question, answer, by=by, at=at)
            if answered is None:
                raise NotAsked(field="answer")
            return answered

        return await self._finish(follow_up_id, work, by=by, action=f"answer {question}={answer}")

    async def end(self, follow_up_id: str, outcome: Outcome, *, comment: str, never: bool, by: Editor) -> FollowUp:
        """The outcome, without the rest of the script. Raises NotFound, NotOpen, TakenBy, CommentTooLong."""
        said = words_of(comment, field="comment")
        if outcome not in BY_HAND:
            raise NotAsked(field="outcome")

        async def work(tx: Tx, follow_up: FollowUp, at: datetime) -> tuple[FollowUp, ChatReply]:
            if outcome is Outcome.REFUSED and never:
                return await self._asking.refuse(tx, follow_up, by=by, at=at, comment=said)
            return await self._asking.end(tx, follow_up, outcome, by=by, at=at, comment=said)

        return await self._finish(follow_up_id, work, by=by, action=outcome.value)

    async def no_answer(self, follow_up_id: str, *, by: Editor) -> FollowUp:
        """Nobody answered: another time, until the tries are used up. Raises NotFound, NotOpen, TakenBy."""

        def work(follow_up: FollowUp, at: datetime) -> FollowUp:
            return tried(follow_up, at, most=self._settings.attempts, next_at=self._next(at))

        return await self._change(follow_up_id, work, Event.NO_ANSWER, by=by)

    async def postpone(self, follow_up_id: str, due_at: datetime, *, by: Editor) -> FollowUp:
        """The customer names another time. Raises NotFound, NotOpen, TakenBy, NotInTheFuture, OutsideHours."""
        if due_at <= self._clock():
            raise NotInTheFuture(field="due_at")
        if not is_open(self._hours, due_at):
            later = next_allowed(self._hours, due_at)
            raise OutsideHours(field="due_at", when=f"{later.astimezone(self._hours.zone):%m-%d %H:%M}")

        def work(follow_up: FollowUp, _: datetime) -> FollowUp:
            return replace(follow_up, due_at=due_at, taken_at=None)

        return await self._change(follow_up_id, work, Event.POSTPONED, by=by, value=due_at.isoformat())

    async def wish(self, follow_up_id: str, wish: Wish, *, by: Editor) -> None:
        """How the customer wants to be followed up from now on. Raises NotFound."""
        file = await self.load(follow_up_id, sight=by.sight)
        conversation_id, at = file.follow_up.conversation_id, self._clock()
        if conversation_id is None:
            raise NotFound

        async def write(tx: Tx) -> None:
            await self._store.set_wish(tx, conversation_id, wish, by=by.id, at=at)
            before = file.wish.value if file.wish else ""
            await self._note(tx, follow_up_id, "follow_up_wish", by=by, at=at, before=before, after=wish.value)

        await self._transactions.write(write)

    async def _change(
        self,
        follow_up_id: str,
        work: Callable[[FollowUp, datetime], FollowUp],
        what: Event,
        *,
        by: Editor,
        value: str = "",
    ) -> FollowUp:
        at = self._clock()

        async def write(tx: Tx) -> FollowUp:
            changed = work(await self._open(tx, follow_up_id, by=by, at=at), at)
            line = FollowUpEvent(follow_up_id=follow_up_id, at=at, by=by.id, by_name=by.name, what=what, value=value)
            await self._store.save(tx, changed, [line])
            await self._note(tx, follow_up_id, "follow_up", by=by, at=at, before="", after=what.value)
            return changed

        return await self._transactions.write(write)

    async def _finish(
        self,
        follow_up_id: str,
        work: Callable[[Tx, FollowUp, datetime], Awaitable[tuple[FollowUp, ChatReply]]],
        *,
        by: Editor,
        action: str,
    ) -> FollowUp:
        at = self._clock()

        async def write(tx: Tx) -> FollowUp:
            follow_up, _ = await work(tx, await self._open(tx, follow_up_id, by=by, at=at), at)
            await self._note(tx, follow_up_id, "follow_up", by=by, at=at, before="", after=action)
            return follow_up

        ended = await self._transactions.write(write)
        await offer_survey(self._surveys, ended)
        return ended

    async def _open(self, tx: Tx, follow_up_id: str, *, by: Editor, at: datetime) -> FollowUp:
        follow_up = await self._store.locked(tx, follow_up_id, sight=by.sight)
        if follow_up is None:
            raise NotFound
        if follow_up.state is FollowUpState.DONE:
            raise NotOpen(field="")
        if is_taken(follow_up, by=by.id, now=at, minutes=self._settings.claim_minutes):
            raise TakenBy(field="", name=follow_up.assignee_name)
        # Whoever asks in person has it; what the customer was asked in the chat meanwhile still counts.
        return replace(follow_up, state=FollowUpState.CALL)

    async def _note(
        self, tx: Tx, follow_up_id: str, action: str, *, by: Editor, at: datetime, before: str, after: str
    ) -> None:
        record = AuditRecord(
            at=at,
            account_id=by.id,
            action=f"cases.{action}",
            subject=f"follow_up:{follow_up_id}",
            before=before,
            after=after,
        )
        await self._audit.audit(tx, record)

    def _next(self, at: datetime) -> datetime:
        return next_allowed(self._hours, at + timedelta(hours=self._settings.retry_hours))


def tried(follow_up: FollowUp, at: datetime, *, most: int, next_at: datetime) -> FollowUp:
    """The follow-up after one more try that nobody answered."""
    attempts = follow_up.attempts + 1
    again = replace(follow_up, attempts=attempts, due_at=next_at, taken_at=None, state=FollowUpState.CALL)
    if attempts < most:
        return again
    return replace(again, state=FollowUpState.DONE, outcome=Outcome.UNREACHED, ended_at=at)


async def offer_survey(surveys: Surveys | None, follow_up: FollowUp) -> None:
    """A customer who was reached may be asked how content they are, where surveys are set up."""
    reached = follow_up.outcome is Outcome.REACHED and follow_up.conversation_id is not None
    if surveys is not None and reached:
        await surveys.offer(follow_up.case_id, follow_up.conversation_id or "", "follow_up")
