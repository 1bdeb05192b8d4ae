"""bot: carries a decision out. Everything a customer or colleague can see of it is stored in one transaction.

Only feedback for the knowledge base goes its own way: it is stored under a key of its own, so that a repeated turn
does not count twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.asked import asked_of
from bot.contracts import Conversation, Entry
from bot.decisions import Decision, RecordHelped
from bot.doors import Doors
from bot.packet import heard_later
from bot.payloads import file_name_in
from bot.person_part import with_person
from bot.plan import Performed, Plan, record_of
from bot.refusals import TurnLost
from bot.state import state_from_json
from bot.work import Work
from cases.contracts.surveys import SURVEY_PRESS
from kit.contracts import Tx
from nlu.contracts import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Overheard:
    """What a customer said to a person, and what it means."""

    text: str
    understanding: Understanding


class Performer:
    """Carries decisions out."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def perform(self, plan: Plan) -> Performed:
        """Store replies, state, files, handover and the record of it together.

        Raises `TurnLost` (nothing stored) when the conversation's owner or turn moved on meanwhile.
        """
        return await self._doors.transactions.write(lambda tx: self._store_all(tx, plan))

    async def silence(
        self, conversation: Conversation, entry: Entry, *, at: datetime, heard: Overheard | None = None
    ) -> bool:
        """Mark an entry as seen without a word; whether the desk's packet tells more now. Raises `TurnLost`."""

        async def work(tx: Tx) -> bool:
            if not await self._doors.store.fence(tx, conversation, handled_seq=entry.seq, at=at):
                raise TurnLost
            choice = str(entry.payload.get("choice", ""))
            if choice.startswith(f"{SURVEY_PRESS}:"):
                # An answer to a survey counts whoever speaks meanwhile.
                await self._doors.surveys.press(tx, conversation.id, choice, at=at)
            name = file_name_in(entry)
            if name is not None:
                # So is a file: a colleague speaks, and it is evidence of the open case all the same.
                await self._doors.evidence.keep(tx, conversation.id, entry.seq, name, at=at)
            return heard is not None and await self._remember(tx, conversation, heard, at=at)

        return await self._doors.transactions.write(work)

    async def _remember(self, tx: Tx, conversation: Conversation, heard: Overheard, *, at: datetime) -> bool:
        # Read again: meanwhile a reply may have told the state who the person is.
        present = await self._doors.store.locked(tx, conversation.id) or conversation
        state = with_person(state_from_json(present.state), heard.text, heard.understanding, at=at)
        await self._doors.store.save_dialogue(tx, conversation.id, state=state, language=present.language)
        added = heard_later(heard.text, heard.understanding, at=at)
        return await self._doors.desk.hear(tx, conversation.id, added, at=at)

    async def feed_back(self, decision: Decision) -> None:
        """Tell the knowledge base whether an answer helped."""
        for action in decision.actions:
            if isinstance(action, RecordHelped):
                await self._doors.questions.record_helped(action.turn_id, action.helped)

    async def _store_all(self, tx: Tx, plan: Plan) -> Performed:
        at = plan.situation.now
        if not await self._doors.store.fence(tx, plan.conversation, handled_seq=plan.entry.seq, at=at):
            raise TurnLost
        work = Work(doors=self._doors, tx=tx, plan=plan, state=plan.decision.state)
        for action in plan.decision.actions:
            await work.do(action)
        await work.write()
        await self._doors.store.save_dialogue(
            tx, plan.conversation.id, state=work.state, language=plan.situation.language
        )
        record = record_of(plan, replies=work.replies)
        await self._doors.turns.add(tx, record)
        asked = asked_of(plan.conversation, plan.situation, plan.decision, record)
        if asked is not None:
            await self._doors.questions.record_asked(tx, asked)
        return Performed(
            record=record,
            replies=tuple(work.replies),
            owner_changed=work.owner_changed,
            desk_told=work.desk_told,
            followed_up=work.followed_up,
        )
