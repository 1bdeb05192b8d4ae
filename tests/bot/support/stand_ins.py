"""tests: stand-ins of the rooms behind the bot's ports that follow a script: what to hear, find, break or hold up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.desk_conversations import DeskConversations
from cases.contracts import Case, CaseStatus, ChatReply, NewCase, Stage
from cases.contracts.follow_ups import Wish
from cases.identity import proves
from handoff.contracts import (
    FreeSlot,
    Handoff,
    HandoffRequest,
    HandoffState,
    HeardLater,
    Placing,
    Promise,
    PromiseState,
    QueuePlace,
    Wanted,
)
from kit.contracts import Language, Tx
from kit.ids import new_id
from knowledge_base.contracts import Asked, Helped, Level, Match, Miss, NoHelp, SearchResult
from nlu.contracts import ComplaintReading, Reading, Severity, Understanding
from tests.bot.support.scripted import UNKNOWN, found, place, reading, understood


@dataclass
class Understand:
    """Hears what the script says of a text; everything else is `unknown`."""

    script: dict[str, Understanding] = field(default_factory=dict)
    languages: dict[str, Language] = field(default_factory=dict)
    before_read: Callable[[str], object] | None = None
    before_interpret: Callable[[str], object] | None = None

    def hear(self, text: str, language: Language, **what: object) -> None:
        """From now on `text` means this."""
        self.languages[text] = language
        self.script[text] = understood(text, language, **what)  # type: ignore[arg-type]

    async def read(self, text: str, *, previous: Language) -> Reading:
        await _run(self.before_read, text)
        return reading(text, self.languages.get(text, previous))

    async def interpret(self, read: Reading) -> Understanding:
        await _run(self.before_interpret, read.text)
        known = self.script.get(read.text) or understood(read.text, read.language)
        return replace(known, reading=read)

    async def read_complaint(self, read: Reading) -> ComplaintReading:
        return (await self.interpret(read)).complaint


@dataclass
class Search:
    """Finds what the script says, and keeps what is told to the editors."""

    script: dict[str, SearchResult] = field(default_factory=dict)
    articles: dict[str, Match] = field(default_factory=dict)
    helped: dict[str, Helped] = field(default_factory=dict)
    reasons: dict[str, NoHelp] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    handed_over: list[str] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    before_search: Callable[[str], object] | None = None

    def know(self, text: str, level: Level, *matches: Match) -> None:
        """From now on `text` finds this."""
        self.script[text] = found(level, *matches)
        self.articles |= {match.article_id: match for match in matches}

    async def search(self, read: Reading) -> SearchResult:
        await _run(self.before_search, read.text)
        return self.script.get(read.text, UNKNOWN)

    async def search_for_agents(self, read: Reading) -> SearchResult:
        return await self.search(read)

    async def published(self, article_id: str, language: Language) -> Match | None:
        return self.articles.get(article_id)

    async def record_helped(self, asked_id: str, helped: Helped) -> None:
        self.helped[asked_id] = helped

    async def record_miss(self, tx: Tx, miss: Miss) -> None:
        self.misses.append(miss)

    async def record_asked(self, tx: Tx, asked: Asked) -> None:
        self.asked.append(asked)

    async def record_reason(self, tx: Tx, asked_id: str, reason: NoHelp) -> None:
        self.reasons[asked_id] = reason

    async def record_handover(self, tx: Tx, customer: str, *, at: datetime) -> None:
        self.handed_over.append(customer)


@dataclass
class CaseFiles:
    """Complaint files in memory. Does not undo what a lost turn did; the real room's tests see to that."""

    files: dict[str, Case] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[str, int, str]] = field(default_factory=list)
    """Number of the case, line and name of each file that was sent."""
    before_open: Callable[[str], object] | None = None

    async def open(self, tx: Tx, new: NewCase, *, at: datetime) -> Case:
        await _run(self.before_open, new.key)
        if new.key in self.keys:
            return self.files[self.keys[new.key]]
        number = f"TS2611-{len(self.files) + 1:06d}"
        values = {
            name: getattr(new, name) for name in NewCase.__dataclass_fields__ if name not in {"key", "told", "articles"}
        }
        case = Case(id=new_id(), number=number, status=CaseStatus.OPEN, opened_at=at, updated_at=at, **values)
        self.keys[new.key] = case.id
        self.files[case.id] = case
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
        case = self.files[case_id]
        changes: Mapping[str, object] = {
            "order_number": order_number,
            "wanted": wanted,
            "contact": contact,
            "what_happened": f"{case.what_happened}\n{added}" if added else None,
            "category": category,
            "severity": severity,
        }
        self.files[case_id] = replace(case, **{k: v for k, v in changes.items() if v is not None})  # type: ignore[arg-type]
        return self.files[case_id]

    async def talks_with(self, number: str) -> tuple[str, ...]:
        found = (case.conversation_id for case in self.files.values() if number in (case.contact, case.number))
        return tuple(talk for talk in found if talk)

    async def keep(
        self, tx: Tx, conversation_id: str, seq: int, name: str, *, at: datetime, case_id: str | None = None
    ) -> Case | None:
        open_ = [each for each in self.files.values() if each.status is CaseStatus.OPEN]
        case = self.files[case_id] if case_id else next(reversed(open_), None)
        if case is not None:
            self.kept.append((case.number, seq, name))
        return case

    async def withdraw(self, tx: Tx, case_id: str, *, by: str, at: datetime) -> Case:
        self.files[case_id] = replace(self.files[case_id], status=CaseStatus.WITHDRAWN)
        return self.files[case_id]

    async def confirm(self, tx: Tx, case_id: str, *, at: datetime) -> Case:
        self.files[case_id] = replace(self.files[case_id], stage=Stage.CLOSED)
        return self.files[case_id]

    async def object_to(self, tx: Tx, case_id: str, *, at: datetime) -> Case:
        self.files[case_id] = replace(self.files[case_id], stage=Stage.WORKING)
        return self.files[case_id]

    async def proven(self, number: str, known: Sequence[str], *, conversation_id: str) -> Case | None:
        named = next((case for case in self.files.values() if case.number == number), None)
        if named is None or not (named.conversation_id == conversation_id or proves(named, known)):
            return None
        return named

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        own = [case for case in self.files.values() if case.conversation_id == conversation_id]
        return tuple(sorted(own, key=lambda case: case.number, reverse=True))


@dataclass
class FollowUps:
    """Follow-ups in memory: answers by what was pressed, wishes by conversation."""

    replies: dict[tuple[str, str, str], ChatReply] = field(default_factory=dict)
    wishes: dict[str, Wish] = field(default_factory=dict)
    surveyed: list[str] = field(default_factory=list)

    async def answer(
        self, tx: Tx, conversation_id: str, follow_up_id: str, question: str, answer: str, *, at: datetime
    ) -> ChatReply | None:
        return self.replies.pop((follow_up_id, question, answer), None)

    async def may_be_asked_for(self, conversation_id: str) -> bool:
        return conversation_id not in self.wishes

    async def set_wish(self, tx: Tx, conversation_id: str, wish: Wish, *, at: datetime) -> None:
        self.wishes[conversation_id] = wish

    async def offer_survey(self, follow_up_id: str) -> None:
        self.surveyed.append(follow_up_id)


@dataclass
class Desk:
    """A queue in memory that takes the owner through the real `DeskConversations`."""

    conversations: DeskConversations
    now_place: QueuePlace = field(default_factory=place)
    waiting: dict[str, Handoff] = field(default_factory=dict)
    before_open: Callable[[str], object] | None = None
    free: tuple[FreeSlot, ...] = ()
    promised: list[Wanted] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    heard: list[HeardLater] = field(default_factory=list)

    async def open(self, tx: Tx, request: HandoffRequest, *, at: datetime) -> Handoff:
        await _run(self.before_open, request.conversation_id)
        known = self.waiting.get(request.conversation_id)
        if known is not None:
            urgency = max(known.urgency, request.urgency)
            self.waiting[request.conversation_id] = replace(known, urgency=urgency, packet=request.packet)
            return self.waiting[request.conversation_id]
        epoch = await self.conversations.take_owner(tx, request.conversation_id, owner="queue", at=at)
        self.waiting[request.conversation_id] = Handoff(
            id=new_id(),
            conversation_id=request.conversation_id,
            customer_name=request.customer_name,
            channel=request.channel,
            reason=request.reason,
            urgency=request.urgency,
            language=request.language,
            state=HandoffState.WAITING,
            packet=request.packet,
            asked_at=at,
            returned_to_queue=0,
            agent_id=None,
            agent_name=None,
            claimed_at=None,
            ended_at=None,
            epoch=epoch,
            placing=Placing(
                department="consultation",
                skill=None,
                key_account=False,
                named_agent_id=None,
                answer_by=at,
                why=(),
            ),
        )
        return self.waiting[request.conversation_id]

    async def leave(self, tx: Tx, conversation_id: str, *, at: datetime) -> bool:
        if self.waiting.pop(conversation_id, None) is None:
            return False
        await self.conversations.take_owner(tx, conversation_id, owner="bot", at=at)
        return True

    async def slots(self, conversation_id: str, at: datetime) -> tuple[FreeSlot, ...]:
        return self.free if conversation_id in self.waiting else ()

    async def promise(self, tx: Tx, conversation_id: str, wanted: Wanted, *, at: datetime) -> Promise | None:
        free = {slot.begins_at for slot in self.free}
        if conversation_id not in self.waiting or (wanted.begins_at is not None and wanted.begins_at not in free):
            return None
        handoff = self.waiting.pop(conversation_id)
        await self.conversations.take_owner(tx, conversation_id, owner="bot", at=at)
        self.promised.append(wanted)
        return Promise(
            id=new_id(),
            conversation_id=conversation_id,
            handoff_id=handoff.id,
            department=handoff.placing.department,
            kind=wanted.kind,
            begins_at=wanted.begins_at or at,
            due_by=at,
            number="TS2611-000009",
            contact=wanted.contact,
            state=PromiseState.OPEN,
            made_at=at,
        )

    async def add_contact(self, tx: Tx, conversation_id: str, contact: str, *, at: datetime) -> bool:
        self.contacts.append(contact)
        return bool(self.promised)

    async def place(self, conversation_id: str) -> QueuePlace | None:
        return self.now_place if conversation_id in self.waiting else None

    async def outlook(self, at: datetime, request: HandoffRequest | None = None) -> QueuePlace:
        return self.now_place

    async def hear(self, tx: Tx, conversation_id: str, heard: HeardLater, *, at: datetime) -> bool:
        self.heard.append(heard)
        return True

    async def earlier(self, conversation_id: str) -> tuple[Handoff, ...]:
        return ()


async def _run(before: Callable[[str], object] | None, subject: str) -> None:
    if before is None:
        return
    result = before(subject)
    if asyncio.iscoroutine(result):
        await result


def hang(_: str) -> object:
    """A step that never ends."""
    return asyncio.Event().wait()


def break_down(_: str) -> object:
    """A step that breaks, with the customer's words in the error as libraries like to do."""
    message = "secret words of the customer"
    raise RuntimeError(message)
