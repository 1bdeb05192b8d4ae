"""cases: the values that cross its door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from cases.contracts.clocks import Clock, Task
from cases.contracts.follow_ups import ChatQuestion, FollowUp, Outcome
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts.sight import EVERYTHING, Sight


class CaseStatus(StrEnum):
    """How far a complaint file is."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """What the house understands by a step of a workflow; the steps themselves are named in config.yml."""

    REGISTERED = "registered"
    ACKNOWLEDGED = "acknowledged"
    """The customer has the number and knows until when to hear from us."""
    CONFIRMED = "confirmed"
    """The facts are agreed with the customer."""
    ASSIGNED = "assigned"
    WORKING = "working"
    WAITING = "waiting"
    """On the customer, a part, a supplier: promises rest meanwhile."""
    DECIDED = "decided"
    TOLD = "told"
    """The customer knows the decision."""
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATUS_OF = {
    Stage.REGISTERED: CaseStatus.OPEN,
    Stage.ACKNOWLEDGED: CaseStatus.OPEN,
    Stage.CONFIRMED: CaseStatus.IN_PROGRESS,
    Stage.ASSIGNED: CaseStatus.IN_PROGRESS,
    Stage.WORKING: CaseStatus.IN_PROGRESS,
    Stage.WAITING: CaseStatus.IN_PROGRESS,
    Stage.DECIDED: CaseStatus.IN_PROGRESS,
    Stage.TOLD: CaseStatus.IN_PROGRESS,
    Stage.FOLLOW_UP: CaseStatus.IN_PROGRESS,
    Stage.CLOSED: CaseStatus.RESOLVED,
    Stage.WITHDRAWN: CaseStatus.WITHDRAWN,
}
"""The four words lists are filtered by."""


class Closure(StrEnum):
    """How a file came to its end."""

    CONFIRMED = "confirmed"
    """The customer said that it is settled."""
    SILENCE = "silence"
    """The customer said nothing until the confirmation period was over."""
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """It is the same matter as another file, which goes on."""


class Level(IntEnum):
    """Who watches over a file; it only rises."""

    DESK = 0
    SUPERVISOR = 1
    MANAGER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A file about to be opened; `key` makes opening it twice the same as once."""

    key: str
    kind: str = "complaint"
    """Name of a kind in config.yml."""
    conversation_id: str | None
    """None where the customer did not write in a channel."""
    customer_name: str
    language: Language
    category: str
    category_confidence: float
    severity: Severity
    severity_confidence: float
    rule: str | None
    what_happened: str
    """The customer's own words."""
    order_number: str | None = None
    wanted: str | None = None
    contact: str | None = None
    words: tuple[str, ...] = ()
    """The words that led to category and severity."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What its kind asks for, by the names of config.yml."""
    product: str = ""
    """One of the products of config.yml; empty: the one that `what_happened` names, if it names just one."""
    articles: tuple[tuple[str, str], ...] = ()
    """Id and title of what the customer had been answered."""
    told: bool = True
    """Whether the customer hears the number from whoever opens it, in the same transaction (the bot's reply)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A stored file. `number` is what the customer keeps; it opens nothing by itself."""

    id: str
    number: str
    kind: str = "complaint"
    conversation_id: str | None
    customer_name: str
    language: Language
    category: str
    category_confidence: float
    severity: Severity
    severity_confidence: float
    rule: str | None
    what_happened: str
    order_number: str | None
    wanted: str | None
    contact: str | None
    words: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    product: str = ""
    """One of the products of config.yml; empty where none is known."""
    step: str = "acknowledged"
    """Where it stands in the workflow of its kind."""
    stage: Stage = Stage.ACKNOWLEDGED
    """What the house understands by `step`."""
    status: CaseStatus
    """What `step` means in one of four words."""
    department: str = ""
    """Who has to do the next thing."""
    assignee_id: str | None = None
    assignee_name: str = ""
    level: Level = Level.DESK
    decision: str = ""
    """What was decided, in words the customer may read."""
    grounds: str = ""
    """Why, for colleagues."""
    closure: Closure | None = None
    """How it ended; None while it has not."""
    reopened: int = 0
    """How often it was taken up again after its end."""
    merged_into: str | None = None
    """Number of the file that goes on with the matter."""
    promised_at: datetime | None = None
    """Until when the customer hears from us next; None when nothing is promised."""
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One line of a file's history, which is only ever added to."""

    case_id: str
    at: datetime
    by: str
    """Account id, `customer` or `bot`."""
    what: str
    """One of `cases.draft.LINES`."""
    before: str
    after: str
    by_name: str = ""
    """Display name of a person at that time; empty for customer and bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file as people work on it: with what the classifier read at first, and its whole history."""

    case: Case
    version: int
    """Number of history lines; a person who changes something names the version they saw."""
    read_category: str
    read_severity: Severity
    history: tuple[CaseChange, ...]
    """Oldest first."""
    clocks: tuple[Clock, ...] = ()
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which files a list shows; None means any."""

    status: CaseStatus | None = None
    kind: str | None = None
    department: str | None = None
    level: Level | None = None
    """At least this level."""
    severity: Severity | None = None
    category: str | None = None
    text: str = ""
    """Part of a number, an order number or the customer's name."""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a list, newest files first."""

    cases: tuple[Case, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who looks at files or changes one."""

    id: str
    name: str
    sight: Sight = EVERYTHING
    """What they may see; a file outside it does not exist for them. The house and the customer see by other rules."""

    def unbounded(self) -> Editor:
        """The same person where the house does what follows from a change they were allowed to make."""
        return replace(self, sight=EVERYTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who may be responsible for a case."""

    id: str
    name: str
    departments: frozenset[str]
    """Where they belong; empty: everywhere."""

    def is_of(self, department: str) -> bool:
        """Whether they belong to a department."""
        return not self.departments or department in self.departments


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person changes; None leaves a value as it is."""

    category: str | None = None
    severity: Severity | None = None
    product: str | None = None
    """Empty: no product."""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step forward (or back) in the workflow, with what the new step asks for."""

    to: str
    """Name of a step that the present one leads to."""
    words: str = ""
    """What the customer is told, where the step tells something."""
    decision: str = ""
    grounds: str = ""
    department: str | None = None
    """Another department than the step's own; None: the step's."""
    assignee: Editor | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the customer is told about a file, in their channel, once."""

    key: str
    """Unique in the conversation: told again is told once."""
    code: str
    """Text key `cases.letter.<code>`."""
    slots: Mapping[str, str | datetime]
    choices: tuple[str, ...] = ()
    """Buttons: `confirm`, `object`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Somebody above the desk has to know."""

    id: str
    case_id: str
    to: Level
    why: str
    """Text key `cases.alert.<why>`."""
    at: datetime
    seen_at: datetime | None = None
    seen_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What one transaction does to a file."""

    case: Case
    lines: tuple[CaseChange, ...] = ()
    clocks: tuple[Clock, ...] = ()
    """New or changed."""
    tasks: tuple[Task, ...] = ()
    alerts: tuple[Alert, ...] = ()
    letters: tuple[Letter, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    """Planned with this change."""
    drops_follow_ups: bool = False
    """Those that were planned have nothing to ask any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A promise on the list of those at risk."""

    case: Case
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReply:
    """What an answer to a follow-up leads to."""

    question: ChatQuestion | None = None
    """The next question of the script."""
    outcome: Outcome | None = None
    """Where the script has come to its end."""
    case: Case | None = None
    """The case it is about, or that was opened for what is not settled."""
