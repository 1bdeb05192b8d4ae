"""bot: the conversations as the live desk needs them; implements `handoff.ports.Conversations` over the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.contracts import Conversation, Entry, EntryKind, NewEntry, Owner
from bot.ports import HearsReplies, Overhears
from bot.ports.stores import ConversationStore
from bot.render import Wording
from bot.state import PersonPart, state_from_json
from cases.contracts import Editor
from cases.contracts.surveys import Why
from cases.ports import SurveyOffers
from handoff.contracts import Spoken
from handoff.ports import Line
from kit.contracts import JsonValue, Tx
from kit.files import SentFile
from kit.refusals import NotFound

AGENT = "agent:"


class DeskConversations:
    """Owner, replies, notes and events of conversations, for the desk."""

    def __init__(
        self,
        *,
        store: ConversationStore,
        wording: Wording,
        ears: Overhears | None = None,
        hears: HearsReplies | None = None,
        surveys: SurveyOffers | None = None,
    ) -> None:
        self._store, self._wording, self._ears = store, wording, ears
        self._hears, self._surveys = hears, surveys

    async def take_owner(self, tx: Tx, conversation_id: str, *, owner: str, at: datetime) -> int:
        agent_id = owner.removeprefix(AGENT) if owner.startswith(AGENT) else None
        kind = Owner.AGENT if agent_id is not None else Owner(owner)
        conversation = await self._locked(tx, conversation_id)
        if kind is Owner.BOT:
            # What was pending before the person came is settled; the bot starts afresh.
            state = state_from_json(conversation.state).after_person(at)
            await self._store.save_dialogue(tx, conversation_id, state=state, language=conversation.language)
        epoch = await self._store.set_owner(tx, conversation_id, owner=kind, agent_id=agent_id, at=at)
        if epoch is None:
            raise NotFound
        return epoch

    async def append_agent(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        epoch: int,
        at: datetime,
        file: SentFile | None = None,
    ) -> int | None:
        conversation = await self._locked(tx, conversation_id)
        known = await self._store.seq_of_key(tx, conversation_id, key)
        if known is not None:
            return known
        if conversation.epoch != epoch:
            return None
        new = NewEntry(
            kind=EntryKind.AGENT,
            key=key,
            text=text if file is None else self._wording.texts("bot.file.line", conversation.language, name=file.name),
            language=conversation.language,
            author=agent_name,
            author_id=agent_id,
            payload={} if file is None else {"file": file.facts},
            file=file,
        )
        seq = await self._append(tx, conversation_id, new, at)
        await self._remember(tx, conversation, agent_name, at)
        if file is not None:
            return seq
        if self._ears is not None:
            by = Editor(id=agent_id, name=agent_name)
            await self._ears.overhear(tx, conversation_id, text, by=by, at=at)
        if self._hears is not None:
            await self._hears.record_reply(tx, conversation_id, text, at=at)
        return seq

    async def _remember(self, tx: Tx, conversation: Conversation, name: str, at: datetime) -> None:
        """The bot knows afterwards who helped; one write for each person, not for each reply."""
        state = state_from_json(conversation.state)
        if state.person is None or state.person.name != name:
            state = replace(state, person=PersonPart(name=name, at=at))
            await self._store.save_dialogue(tx, conversation.id, state=state, language=conversation.language)

    async def append_note(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        text: str,
        agent_id: str,
        agent_name: str,
        at: datetime,
        payload: dict[str, JsonValue] | None = None,
    ) -> int:
        conversation = await self._locked(tx, conversation_id)
        new = NewEntry(
            kind=EntryKind.NOTE,
            key=key,
            text=text,
            language=conversation.language,
            author=agent_name,
            author_id=agent_id,
            payload=payload or {},
            public=False,
        )
        return await self._append(tx, conversation_id, new, at)

    async def append_event(
        self,
        tx: Tx,
        conversation_id: str,
        *,
        key: str,
        code: str,
        slots: dict[str, JsonValue],
        at: datetime,
        public: bool,
        when: datetime | None = None,
    ) -> int:
        conversation = await self._locked(tx, conversation_id)
        if when is not None:
            slots = {**slots, "when": self._wording.moment(when, conversation.language, now=at)}
        new = NewEntry(
            kind=EntryKind.EVENT,
            key=key,
            text=self._wording.texts(f"handoff.event.{code}", conversation.language, **slots),
            language=conversation.language,
            payload={"code": code, "slots": slots, "public": public},
            public=public,
        )
        return await self._append(tx, conversation_id, new, at)

    async def ask_how_it_was(
        self, tx: Tx, conversation_id: str, *, key: str, agent_id: str, agent_name: str, at: datetime
    ) -> int | None:
        if self._surveys is None:
            return None
        offered = await self._surveys.offer(
            tx,
            case_id=None,
            conversation_id=conversation_id,
            why=Why.CONVERSATION_RESOLVED,
            at=at,
            about=Editor(id=agent_id, name=agent_name),
            key=key,
        )
        return offered.seq if offered is not None else None

    async def lines(self, conversation_id: str, *, after: int = 0, limit: int | None = None) -> tuple[Line, ...]:
        return tuple(map(line_of, await self._store.entries(conversation_id, after=after, limit=limit)))

    async def last_seq(self, conversation_id: str) -> int:
        conversation = await self._store.find(conversation_id)
        return conversation.last_seq if conversation is not None else 0

    async def last_lines(self, conversation_ids: Sequence[str]) -> Mapping[str, Line]:
        """The last line spoken by customer, bot or agent, of each conversation that has one."""
        spoken = await self._store.last_spoken(conversation_ids)
        return {conversation_id: line_of(entry) for conversation_id, entry in spoken.items()}

    async def spoken(self, conversation_ids: Sequence[str], *, since: datetime) -> Mapping[str, tuple[Spoken, ...]]:
        """When customer and agents said something since then, oldest first."""
        said = await self._store.said_by_people(conversation_ids, since=since)
        return {
            conversation_id: tuple(Spoken(at=at, by_customer=kind is EntryKind.CUSTOMER) for at, kind in turns)
            for conversation_id, turns in said.items()
        }

    async def _locked(self, tx: Tx, conversation_id: str) -> Conversation:
        conversation = await self._store.locked(tx, conversation_id)
        if conversation is None:
            raise NotFound
        return conversation

    async def _append(self, tx: Tx, conversation_id: str, new: NewEntry, at: datetime) -> int:
        [entry] = await self._store.append(tx, conversation_id, [new], at=at)
        return entry.seq


def line_of(entry: Entry) -> Line:
    """An entry as the desk sees it."""
    return Line(
        seq=entry.seq,
        kind=entry.kind.value,
        text=entry.text,
        language=entry.language,
        at=entry.at,
        author=entry.author,
        payload=entry.payload,
        key=entry.key,
    )
