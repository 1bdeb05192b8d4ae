"""cases: what the files are kept in and whom the room speaks to, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from cases.contracts import (
    Alert,
    Case,
    CaseChange,
    CaseFile,
    CasePage,
    CaseQuery,
    Changed,
    Colleague,
    Editor,
    Letter,
    Level,
    Watched,
)
from cases.contracts.after_sales import Cost, Movement, Need, NeedState, Repair, Stock, Visit
from cases.contracts.clocks import Task
from cases.contracts.evidence import Evidence
from cases.contracts.follow_ups import (
    ChatQuestion,
    CustomerQuery,
    DayList,
    FollowUp,
    FollowUpEvent,
    FollowUpFile,
    KnownCustomer,
    Round,
    Wish,
)
from cases.contracts.linked import Linked, LinkKind
from cases.contracts.surveys import Asked, Offered, Why
from cases.opening import Start
from kit.contracts import Tx
from staff.contracts import Role
from staff.contracts.sight import EVERYTHING, Sight


class Sights(Protocol):
    """What somebody may see. The live desk knows: who sees whose conversations sees whose files."""

    async def of(self, account_id: str, roles: frozenset[Role], limits: frozenset[str] = frozenset()) -> Sight:
        """`limits` are the departments that a program's token names; empty: not limited."""
        ...


class Colleagues(Protocol):
    """Who works at the desk. `bot` asks the team."""

    async def all(self) -> tuple[Colleague, ...]:
        """Everybody who may be responsible for a case, by name."""
        ...


class CaseStore(Protocol):
    """Files in SQL. History is only ever added to."""

    async def add(self, tx: Tx, start: Start, *, key: str, prefix: str, period: str, first: CaseChange) -> Case:
        """Store a file under the next number of `period`; the one already stored when `key` is known.

        Numbers have no gaps and no doubles: a transaction that is undone gives its number back.
        """
        ...

    async def locked(self, tx: Tx, case_id: str, *, sight: Sight = EVERYTHING) -> CaseFile | None:
        """The file, if `sight` covers it, without its history, locked until the transaction ends."""
        ...

    async def save(self, tx: Tx, changed: Changed) -> None:
        """Store what became of a file: values, history lines, clocks, tasks, alerts."""
        ...

    async def lines_after(self, tx: Tx, case_id: str, seq: int) -> tuple[CaseChange, ...]: ...

    async def of_conversation(self, conversation_id: str) -> tuple[Case, ...]:
        """The files of a conversation, newest first; one that was merged stands there as what it was merged into."""
        ...

    async def numbers_of(self, conversation_id: str) -> tuple[str, ...]:
        """The numbers given in a conversation, newest first, those of merged files too."""
        ...

    async def talks_with(self, number: str) -> tuple[str, ...]:
        """The newest conversations of files with this in contact, order number or number, without blanks and dashes."""
        ...

    async def merged_number(self, tx: Tx, case_id: str, conversation_id: str) -> str | None:
        """The number under which a conversation's report was merged into a file; None for the file's own."""
        ...

    async def talks(self, tx: Tx, case: Case) -> tuple[str, ...]:
        """The conversations whose customers hear of a file: its own, and those of what was merged into it."""
        ...

    async def newest_open(self, tx: Tx, conversation_id: str) -> Case | None:
        """The newest of `of_conversation` that has not ended."""
        ...

    async def find(self, number: str, *, sight: Sight = EVERYTHING) -> CaseFile | None:
        """The file, if `sight` covers it."""
        ...

    async def by_key(self, key: str) -> Case | None: ...

    async def page(self, query: CaseQuery, *, limit: int, sight: Sight = EVERYTHING) -> CasePage: ...


class LinkStore(Protocol):
    """What is linked to files, in SQL."""

    async def add(self, tx: Tx, linked: Linked) -> bool:
        """False where it is linked already."""
        ...

    async def take_off(self, tx: Tx, case_id: str, link_id: str) -> Linked | None: ...

    async def count(self, tx: Tx, case_id: str, kind: LinkKind) -> int: ...

    async def of_case(self, case_id: str) -> tuple[Linked, ...]:
        """Oldest first."""
        ...


class PromiseStore(Protocol):
    """What is owed, over all files."""

    async def due(self, now: datetime, *, limit: int) -> tuple[tuple[str, str], ...]:
        """Case id and clock id of what somebody has to look at now, the oldest first."""
        ...

    async def at_risk(
        self, now: datetime, *, department: str | None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[Watched, ...]:
        """Promises of open files that are late or nearly so, the most urgent first."""
        ...

    async def tasks(
        self, *, department: str | None, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[tuple[Case, Task], ...]:
        """Tasks nobody has finished, the most urgent first."""
        ...

    async def unseen(self, *, up_to: Level, limit: int, sight: Sight = EVERYTHING) -> tuple[tuple[Case, Alert], ...]:
        """What somebody above the desk has not seen yet, the newest first."""
        ...

    async def see(self, tx: Tx, alert_ids: Sequence[str], *, by_name: str, at: datetime) -> int:
        """Somebody has seen these; returns how many were new to the house."""
        ...


class FollowUpStore(Protocol):
    """Follow-ups in SQL. Their events are only ever added to."""

    async def plan(self, tx: Tx, follow_ups: Sequence[FollowUp]) -> int:
        """Store new ones; a key that is known changes nothing. Returns how many were new."""
        ...

    async def locked(self, tx: Tx, follow_up_id: str, *, sight: Sight = EVERYTHING) -> FollowUp | None: ...

    async def save(self, tx: Tx, follow_up: FollowUp, events: Sequence[FollowUpEvent]) -> None: ...

    async def find(self, follow_up_id: str, *, sight: Sight = EVERYTHING) -> FollowUpFile | None:
        """The follow-up, if `sight` covers it."""
        ...

    async def due(self, now: datetime, *, limit: int) -> tuple[FollowUp, ...]:
        """What the house has to look at now: planned, or asked in the chat and not answered; the oldest first."""
        ...

    async def day(
        self,
        now: datetime,
        *,
        begins: datetime,
        ends: datetime,
        plan: str | None,
        limit: int,
        sight: Sight = EVERYTHING,
    ) -> DayList:
        """The list of the day from `begins` to `ends`, as far as `sight` covers it."""
        ...

    async def wishes(self, tx: Tx, conversation_ids: Sequence[str]) -> Mapping[str, Wish]: ...

    async def set_wish(self, tx: Tx, conversation_id: str, wish: Wish, *, by: str, at: datetime) -> None: ...

    async def wish(self, conversation_id: str) -> Wish | None: ...

    async def asked_since(self, tx: Tx, conversation_ids: Sequence[str], since: datetime) -> frozenset[str]:
        """Which of these customers were asked, or tried, since then, or are about to be."""
        ...

    async def with_cases(self, tx: Tx, conversation_ids: Sequence[str]) -> frozenset[str]:
        """Which of these customers ever had a case."""
        ...

    async def round(self, tx: Tx, plan: str, period: str, *, at: datetime) -> Round:
        """The round, begun now if it is new; locked until the transaction ends."""
        ...

    async def save_round(self, tx: Tx, round_: Round) -> None: ...


class EvidenceStore(Protocol):
    """Files that belong to cases, in SQL."""

    async def add(self, tx: Tx, evidence: Evidence, content: bytes) -> bool:
        """Keep a file; False when the case has the same content already."""
        ...

    async def of_case(self, tx: Tx, case_id: str) -> tuple[Evidence, ...]: ...

    async def list(self, case_id: str) -> tuple[Evidence, ...]:
        """Oldest first."""
        ...

    async def content(self, case_id: str, evidence_id: str) -> tuple[Evidence, bytes] | None:
        """One file of this very case."""
        ...


class AfterSalesStore(Protocol):
    """Repairs in SQL. The ledger of parts is only ever added to, and its balance never falls below nought."""

    async def repair(self, case_id: str) -> Repair:
        """All of a case but its warranty, which time decides."""
        ...

    async def save_purchase(self, tx: Tx, case_id: str, bought_on: date | None) -> None: ...

    async def stock(self, tx: Tx, part: str) -> Stock:
        """How many there are; locked until the transaction ends."""
        ...

    async def save_stock(self, tx: Tx, stock: Stock) -> None: ...

    async def stocks(self) -> Mapping[str, Stock]: ...

    async def add_movement(self, tx: Tx, movement: Movement) -> bool:
        """A line of the ledger; False where its key stands there already."""
        ...

    async def movements(self, *, limit: int) -> tuple[Movement, ...]:
        """The newest first."""
        ...

    async def add_need(self, tx: Tx, need: Need) -> None: ...

    async def set_need(self, tx: Tx, need: Need, state: NeedState) -> None: ...

    async def need(self, tx: Tx, case_id: str, need_id: str) -> Need | None: ...

    async def waiting(self, tx: Tx, part: str) -> tuple[Need, ...]:
        """Needs that wait for a part, the oldest first."""
        ...

    async def waits(self, tx: Tx, case_id: str) -> bool:
        """Whether a case waits for any part."""
        ...

    async def book(self, tx: Tx, visit: Visit, *, seats: int) -> bool:
        """Take a free seat; False when none is, or the case is visited at that time already."""
        ...

    async def call_off(self, tx: Tx, case_id: str, visit_id: str) -> Visit | None: ...

    async def taken(self, begins: datetime, ends: datetime) -> Mapping[datetime, int]:
        """How many seats of each slot are taken."""
        ...

    async def add_cost(self, tx: Tx, cost: Cost) -> None: ...


class CustomerBook(Protocol):
    """The customers of all channels. `bot` knows them."""

    async def find(self, conversation_id: str) -> KnownCustomer | None: ...

    async def customers(self, query: CustomerQuery, *, after: str, limit: int) -> tuple[KnownCustomer, ...]:
        """Those `query` means, by conversation id, from the one after `after` on."""
        ...


class Surveys(Protocol):
    """Asks customers how content they are, after the commit. `cases.surveys.afterwards.Afterwards` fits."""

    async def offer(self, case_id: str | None, conversation_id: str, why: str) -> None:
        """`why` is a `cases.contracts.surveys.Why`; an empty conversation is none."""
        ...


class Customers(Protocol):
    """How the customer of a file is told something. `bot` sends it into their conversation."""

    async def tell(self, tx: Tx, conversation_id: str, letter: Letter, *, at: datetime) -> int | None:
        """Write to the customer with the transaction; a key that was written before changes nothing.

        Returns where it stands in the conversation; None where there is none any more.
        """
        ...

    async def ask_survey(self, tx: Tx, conversation_id: str, asked: Asked, *, at: datetime) -> int | None:
        """Write a survey's question with its buttons; otherwise as `tell`."""
        ...

    async def ask(self, tx: Tx, conversation_id: str, question: ChatQuestion, *, at: datetime) -> int | None:
        """Ask the customer something, as `tell` does."""
        ...

    async def wake(self, conversation_id: str, *, seq: int) -> None:
        """After the commit: lines up to `seq` are there to be read."""
        ...


class SurveyOffers(Protocol):
    """Offers a satisfaction survey in the caller's transaction. `cases.surveys.offering.Offering` fits."""

    async def offer(
        self,
        tx: Tx,
        *,
        case_id: str | None,
        conversation_id: str | None,
        why: Why,
        at: datetime,
        about: Editor | None = None,
        key: str | None = None,
    ) -> Offered | None:
        """Offer the survey for `why`, once per `key` (without one: once per file and reopening, or conversation).

        None where none is asked: no questionnaire fits, the customer was not drawn, or was asked not long ago, or the
        conversation's matter goes on in a file that is asked about when it ends.
        `about` is whose work is judged; without one, the person responsible for the file. Whoever calls wakes the
        conversation after the commit (`Customers.wake` with `Offered.seq`).
        """
        ...


class Marks(Protocol):
    """Tags that representatives put on conversations. `bot` asks the live desk."""

    async def of(self, conversation_id: str) -> frozenset[str]: ...


class Reachable(Protocol):
    """Conversations in which customers can be asked something. `bot` knows them."""

    async def lately(self, since: datetime, *, after: str, limit: int) -> tuple[str, ...]:
        """Ids of those in which something was said since then, in the order of their ids, from behind `after` on.

        Left out is who waits for a person or talks to one.
        """
        ...
