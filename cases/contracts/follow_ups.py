"""cases: the values of follow-up calls (回访)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language


class FollowUpState(StrEnum):
    """Where a follow-up stands."""

    PLANNED = "planned"
    """Its time has not come, or nobody has looked at it yet."""
    ASKED = "asked"
    """The customer was asked in the chat."""
    CALL = "call"
    """A colleague has to ask."""
    DONE = "done"


class Outcome(StrEnum):
    """What came of a follow-up."""

    REACHED = "reached"
    """The customer answered, and nothing is left to do."""
    UNSOLVED = "unsolved"
    """The matter is not settled: its case is taken up again."""
    REFUSED = "refused"
    """The customer does not want to be asked."""
    UNREACHED = "unreached"
    """Nobody answered, as often as we may try."""
    DROPPED = "dropped"
    """There was nothing to ask any more."""


class Wish(StrEnum):
    """How a customer wants to be followed up; who has said nothing is asked by a person."""

    CHAT = "chat"
    """Agreed to be asked in the chat."""
    CALL = "call"
    """By a person."""
    NEVER = "never"


class Event(StrEnum):
    """One line of what happened to a follow-up."""

    TO_PERSON = "to_person"
    ASKED = "asked"
    ANSWERED = "answered"
    TAKEN = "taken"
    NO_ANSWER = "no_answer"
    POSTPONED = "postponed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One follow-up of one customer."""

    id: str
    key: str
    """Planned twice under the same key is planned once."""
    plan: str
    """Name of a plan in config.yml."""
    case_id: str | None = None
    conversation_id: str | None = None
    customer_name: str
    language: Language
    due_at: datetime
    """When somebody has to look at it: ask, or give up waiting for an answer."""
    state: FollowUpState = FollowUpState.PLANNED
    attempts: int = 0
    """How often nobody answered."""
    assignee_id: str | None = None
    assignee_name: str = ""
    taken_at: datetime | None = None
    question: str = ""
    """The question of the script that is open; empty before the first."""
    outcome: Outcome | None = None
    comment: str = ""
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpEvent:
    """One line of a follow-up's history, which is only ever added to."""

    follow_up_id: str
    at: datetime
    by: str
    """Account id, `customer` or `house`."""
    by_name: str
    what: Event
    about: str = ""
    """Of an answer the question; of an end the outcome."""
    value: str = ""
    """Of an answer its name; of a postponement the new time (ISO)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCustomer:
    """A customer as far as a follow-up has to know one."""

    conversation_id: str
    name: str
    language: Language
    key_account: bool = False
    with_person: bool = False
    """Waits for a colleague or speaks with one: not asked by the house at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerQuery:
    """Which customers a round looks at."""

    known_before: datetime
    """Who came later is none of its business."""
    wrote_from: datetime
    wrote_until: datetime
    """When anything was last said in the conversation; not this moment itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """How far a plan has gone through the customers of one period."""

    plan: str
    period: str
    """Such as `2026-10` (from October on) or `2026-11-22` (that day's customers)."""
    began_at: datetime
    after: str = ""
    """The last customer that was looked at."""
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatQuestion:
    """A question that is written to a customer, with its buttons."""

    key: str
    """Unique in the conversation: asked again is asked once."""
    text: str
    choices: tuple[tuple[str, str], ...]
    """(id, words) of each button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFile:
    """A follow-up as colleagues see it."""

    follow_up: FollowUp
    events: tuple[FollowUpEvent, ...]
    wish: Wish | None = None
    number: str = ""
    """Of its case."""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """What the follow-up desk has today."""

    due: tuple[FollowUp, ...]
    """To be asked by a person now, the longest overdue first."""
    later: tuple[FollowUp, ...]
    """Later today."""
    in_chat: int
    """Customers who were asked in the chat and have not answered."""
    done: int
    """Ended today."""
    due_total: int
    """Of which `due` shows the first."""
