"""bot: the turn. Load, understand and search, decide, look up, perform and record; three exits.

A step that breaks or takes too long is recorded as a fault and the turn goes on with what it has: the customer gets
an answer, a choice or a person. Only when nothing can be stored the turn stays due, and the worker tries again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

import structlog

from bot.clean import has_words
from bot.contracts import Conversation, Entry, InboundKind, Owner
from bot.decide import decide, decide_fault
from bot.decisions import Decision, HandOver, OpenCase, TellDesk
from bot.doors import Doors
from bot.faults import Faults
from bot.hearing import Heard, Hearing
from bot.packet import Background, request_of
from bot.perform import Overheard, Performer
from bot.plan import Performed, Plan
from bot.policy.judging import JUDGE
from bot.policy.offered import choice_named
from bot.policy.presses import gives_word
from bot.policy.promise import needs_slots
from bot.policy.situation import ARTICLE, Policy, Situation
from bot.policy.status import asked_number, asks_status, given_proofs
from bot.policy.suspected import said_which, settled
from bot.ports import Understand
from bot.refusals import TurnLost
from bot.settings.conversation import TurnSettings
from bot.state import AnswerGiven, state_from_json
from cases.contracts import Case
from handoff.contracts import QueuePlace
from kit.contracts import Clock, JsonValue, Language, NewId, Signals

T = TypeVar("T")
log = structlog.get_logger("bot.turn")


class TurnFailed(Exception):
    """Nothing could be stored; the turn stays due. `faults` names the steps that failed."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


class Outcome(StrEnum):
    """How running a turn ended."""

    NOTHING_DUE = "nothing_due"
    DONE = "done"
    LOST = "lost"
    """Somebody was faster; look again."""


class Turn:
    """Runs turns. One object serves all conversations."""

    def __init__(
        self,
        *,
        doors: Doors,
        understand: Understand,
        policy: Policy,
        signals: Signals,
        clock: Clock,
        new_id: NewId,
        settings: TurnSettings,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._doors, self._policy = doors, policy
        self._hearing = Hearing(understand=understand, search=doors.search, policy=policy, settings=settings)
        self._performer = Performer(doors)
        self._signals, self._clock, self._new_id = signals, clock, new_id
        self._settings, self._timer = settings, timer

    async def run(self, conversation_id: str) -> Outcome:
        """Deal with the oldest entry that waits in the conversation. Raises `TurnFailed`."""
        began = self._timer()
        faults = Faults(conversation_id)
        try:
            async with asyncio.timeout(self._settings.load_seconds):
                found = await self._doors.store.next_due(conversation_id)
        except Exception as error:
            faults.add("load", error)
            raise TurnFailed(tuple(faults.names)) from error
        if found is None:
            return Outcome.NOTHING_DUE
        conversation, entry, _ = found
        try:
            if conversation.owner is Owner.AGENT and not gives_word(said_in(entry).choice):
                await self._stay_silent(conversation, entry, faults)
            else:
                await self._answer(conversation, entry, faults, began=began)
        except TurnLost:
            log.info("turn.lost", conversation=conversation_id, seq=entry.seq)
            return Outcome.LOST
        return Outcome.DONE

    async def _stay_silent(self, conversation: Conversation, entry: Entry, faults: Faults) -> None:
        """A person answers; what the words say joins what that person is shown."""
        said, heard, at = said_in(entry), None, self._clock()
        if said.kind is InboundKind.TEXT and has_words(said.text):
            understood = await self._hearing.listen(said.text, previous=conversation.language, faults=faults)
            heard = None if understood is None else Overheard(text=said.text, understanding=understood)
        try:
            async with asyncio.timeout(self._settings.save_seconds):
                told = await self._performer.silence(conversation, entry, at=at, heard=heard)
        except TurnLost:
            raise
        except Exception as error:
            faults.add("save", error)
            raise TurnFailed(tuple(faults.names)) from error
        if told:
            await self._signals.publish(f"conversation:{conversation.id}", {"packet": True})

    async def _answer(self, conversation: Conversation, entry: Entry, faults: Faults, *, began: float) -> None:
        situation = await self._see(conversation, entry, faults)
        decision, situation = await self._decide(conversation, situation, faults)
        # Before the replies are stored: should this process die in between, the repeated turn records it again, under
        # the same key.
        await faults.within(
            "feed_back",
            self._settings.look_up_seconds,
            self._performer.feed_back(decision),
        )
        performed = await self._perform(conversation, entry, situation, decision, faults, began=began)
        if performed is None and conversation.owner is not Owner.AGENT:
            # The decision could not be carried out: the one thing left is a person.
            fallback = decide_fault(situation)
            performed = await self._perform(conversation, entry, situation, fallback, faults, began=began)
        if performed is None:
            raise TurnFailed(tuple(faults.names))
        await self._tell(conversation, performed)
        if performed.followed_up:
            survey = self._doors.follow_ups.offer_survey(performed.followed_up)
            await faults.within("offer_survey", self._settings.save_seconds, survey)

    async def _see(self, conversation: Conversation, entry: Entry, faults: Faults) -> Situation:
        """Everything the decision is made from: meaning and matches side by side, on one vector."""
        state = state_from_json(conversation.state)
        said = typed_choice(said_in(entry), state.offered)
        which = said_which(state, self._policy.words, text=said.text, choice=said.choice)
        if which is not None:
            # The word on what was suspected: the message it is about is heard again, and that word holds.
            said, state = Said(kind=InboundKind.TEXT, text=state.question), settled(state)
        waits = conversation.owner is Owner.QUEUE
        situation = Situation(
            kind=said.kind,
            text=said.text,
            choice=said.choice,
            with_file=said.with_file,
            said_complaint=which,
            state=state,
            owner=conversation.owner,
            language=entry.language if said.kind is InboundKind.START else conversation.language,
            now=self._clock(),
            turn_id=self._new_id(),
        )
        heard, place = await asyncio.gather(
            self._hear(situation, conversation.language, faults),
            self._place(conversation.id, faults) if waits else _nothing(),
        )
        situation = replace(
            situation,
            understanding=heard.understanding,
            matter=heard.matter,
            looked=heard.whole,
            parts=heard.parts,
            place=place,
            language=heard.language,
        )
        if said.kind is InboundKind.PRESS:
            situation = await self._pressed(conversation, situation, said.to_seq, faults)
        elif asks_status(situation, self._policy) or situation.complains(self._policy):
            cases = self._doors.cases.of_conversation(conversation.id)
            found = await faults.within("look_up", self._settings.look_up_seconds, cases)
            situation = replace(situation, cases=found)
            situation = replace(situation, proven=await self._proven(conversation.id, situation, faults))
        if needs_slots(situation):
            looked = self._doors.desk.slots(conversation.id, situation.now)
            slots = await faults.within("look_up", self._settings.look_up_seconds, looked)
            situation = replace(situation, slots=slots or ())
        return replace(situation, faults=tuple(faults.names))

    async def _proven(self, conversation_id: str, situation: Situation, faults: Faults) -> Case | None:
        """The file that the customer names and that is proven to be theirs, where it is not among `situation.cases`."""
        number, known = asked_number(situation, self._policy), given_proofs(situation)
        if number is None or any(case.number == number for case in situation.cases or ()):
            return None
        looked = self._doors.cases.proven(number, known, conversation_id=conversation_id)
        return await faults.within("look_up", self._settings.look_up_seconds, looked)

    async def _hear(self, situation: Situation, previous: Language, faults: Faults) -> Heard:
        if situation.kind is not InboundKind.TEXT or not has_words(situation.text):
            return Heard(language=situation.language)
        return await self._hearing.hear(situation, previous=previous, faults=faults)

    async def _place(self, conversation_id: str, faults: Faults) -> QueuePlace | None:
        place = self._doors.desk.place(conversation_id)
        return await faults.within("look_up", self._settings.look_up_seconds, place)

    async def _pressed(
        self, conversation: Conversation, situation: Situation, to_seq: int | None, faults: Faults
    ) -> Situation:
        """With the article a pressed choice names; the answer "did this help" is about and what was said of it."""
        limit, shown, answer, helped = self._settings.look_up_seconds, None, situation.state.answer, None
        if situation.choice.startswith(ARTICLE):
            article_id = situation.choice.removeprefix(ARTICLE)
            published = self._doors.search.published(article_id, situation.language)
            shown = await faults.within("look_up", limit, published)
        if situation.choice.startswith("helped:") and to_seq is not None:
            entry = await faults.within("look_up", limit, self._doors.store.entry(conversation.id, to_seq))
            answer = answer_in(entry, known=answer) if entry is not None else answer
        if situation.choice.startswith("helped:") and answer is not None:
            record = await faults.within("look_up", limit, self._doors.turns.find(answer.turn_id))
            helped = record.helped if record is not None else None
        if situation.choice.startswith(JUDGE):
            cases = self._doors.cases.of_conversation(conversation.id)
            unasked = self._doors.follow_ups.may_be_asked_for(conversation.id)
            situation = replace(
                situation,
                cases=await faults.within("look_up", limit, cases),
                may_be_asked_for=bool(await faults.within("look_up", limit, unasked)),
            )
        return replace(situation, shown=shown, answer=answer, helped=helped)

    async def _decide(
        self, conversation: Conversation, situation: Situation, faults: Faults
    ) -> tuple[Decision, Situation]:
        """Decide; a decision that calls a person is made again with a look at who is on duty."""
        try:
            decision = decide(situation, self._policy)
            calls = next((action for action in decision.actions if isinstance(action, HandOver)), None)
            if calls is None:
                return decision, situation
            limit = self._settings.look_up_seconds
            # Those ahead are counted in the queue that this very request would join.
            request = request_of(conversation, calls, situation, await self._background(conversation, faults))
            desk = await faults.within("look_up", limit, self._doors.desk.outlook(situation.now, request))
            situation = replace(situation, desk=desk, faults=tuple(faults.names))
            return decide(situation, self._policy), situation
        except Exception as error:  # noqa: BLE001 - a fault of the policy must not silence the desk
            faults.add("decide", error)
            return decide_fault(situation), situation

    async def _perform(
        self,
        conversation: Conversation,
        entry: Entry,
        situation: Situation,
        decision: Decision,
        faults: Faults,
        *,
        began: float,
    ) -> Performed | None:
        background = await self._background(conversation, faults) if _looks_back(decision) else Background()
        plan = Plan(
            conversation=conversation,
            entry=entry,
            situation=situation,
            decision=decision,
            background=background,
            faults=tuple(faults.names),
            milliseconds=(self._timer() - began) * 1000,
        )
        return await faults.within("save", self._settings.save_seconds, self._performer.perform(plan))

    async def _background(self, conversation: Conversation, faults: Faults) -> Background:
        limit = self._settings.look_up_seconds
        turns, cases, handoffs = await asyncio.gather(
            faults.within("look_up", limit, self._doors.turns.of_conversation(conversation.id)),
            faults.within("look_up", limit, self._doors.cases.of_conversation(conversation.id)),
            faults.within("look_up", limit, self._doors.desk.earlier(conversation.id)),
        )
        return Background(turns=turns or (), cases=cases or (), handoffs=handoffs or ())

    async def _tell(self, conversation: Conversation, performed: Performed) -> None:
        record = performed.record
        log.info(
            "turn.done",
            conversation=conversation.id,
            seq=record.seq,
            exit=record.exit.value,
            decision=record.decision,
            rule=record.rule,
            language=record.language.value,
            milliseconds=record.milliseconds,
            faults=list(record.faults),
        )
        news: dict[str, JsonValue] = {"seq": record.reply_seq}
        if performed.owner_changed:
            news["state"] = True
        await self._signals.publish(f"conversation:{conversation.id}", news)
        if performed.owner_changed or performed.desk_told:
            await self._signals.publish("desk", {"conversations": [conversation.id]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an entry of the customer says to the policy."""

    kind: InboundKind
    text: str = ""
    choice: str = ""
    to_seq: int | None = None
    with_file: bool = False


def said_in(entry: Entry) -> Said:
    """Reads an entry's payload; words under a file are words."""
    payload = entry.payload
    kind = InboundKind(str(payload.get("kind", InboundKind.TEXT.value)))
    to_seq = payload.get("to_seq")
    if kind is InboundKind.FILE:
        caption = str(payload.get("caption", ""))
        return Said(kind=InboundKind.TEXT if caption else kind, text=caption, with_file=bool(caption))
    return Said(
        kind=kind,
        text=entry.text if kind is InboundKind.TEXT else "",
        choice=str(payload.get("choice", "")),
        to_seq=to_seq if isinstance(to_seq, int) else None,
    )


def answer_in(entry: Entry, *, known: AnswerGiven | None) -> AnswerGiven | None:
    """The answer an entry gave; with the next best articles where it is the last one."""
    turn_id, source = entry.payload.get("decision"), entry.payload.get("source")
    if not isinstance(source, dict):
        return None
    if known is not None and known.turn_id == turn_id and known.article_id == source.get("article_id"):
        return known
    version = source.get("version")
    return AnswerGiven(
        turn_id=str(turn_id),
        article_id=str(source.get("article_id", "")),
        version=version if isinstance(version, int) else 0,
        title=str(source.get("title", "")),
        question=str(source.get("title", "")),
        department=str(source.get("department", "")),
    )


def typed_choice(said: Said, offered: tuple[tuple[str, str], ...]) -> Said:
    """A text that is what stands on a button, or the number of an offered article, is a press of that button."""
    if said.kind is not InboundKind.TEXT or said.with_file or not offered:
        return said
    choice = choice_named(said.text, offered)
    return said if choice is None else Said(kind=InboundKind.PRESS, text=said.text, choice=choice)


def _looks_back(decision: Decision) -> bool:
    return any(isinstance(action, HandOver | TellDesk | OpenCase) for action in decision.actions)


async def _nothing() -> None:
    return None
