"""bot: what can be decided, as plain values. Language-free: sentences are text keys, filled when they are rendered.

A decision is a list of actions in the order in which they are carried out, the dialogue state afterwards, and the
rule that decided. `Answer`, `Clarify`, `Ask`, `OfferHuman`, `HandOver`, `OpenCase`, `Say` and `Silence` are the
outcomes a customer notices; the others only change what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.state import DialogueState, Field
from cases.contracts.follow_ups import Wish
from handoff.contracts import HandoffReason, Urgency, Wanted
from knowledge_base.contracts import Helped, Match, NoHelp
from nlu.contracts import Severity


class Kind(StrEnum):
    """How a value of a sentence is turned into words."""

    TEXT = "text"
    """Another text key."""
    CATEGORY = "category"
    """A complaint category's label."""
    DATE = "date"
    """An ISO moment, shown as a day."""
    OPENING = "opening"
    """An ISO moment of opening, shown as day and hour beside `now`."""
    DAY = "day"
    """An ISO moment, shown as today, tomorrow or a weekday."""
    CASE = "case"
    """The number of the file that this decision opens."""
    PROMISE = "promise"
    """Until when the customer of that file hears from us, as a half-sentence; nothing where nothing is promised."""
    MOMENT = "moment"
    """An ISO moment by which something is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A slot whose words depend on the language."""

    kind: Kind
    value: str = ""


Slot = str | int | Named


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: a text key and what fills its slots."""

    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One button: its id and its words (a line, or plain words such as an article's title)."""

    id: str
    label: Line | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Sentences of the house, with buttons."""

    lines: tuple[Line, ...]
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An article, with its title as the source and the question whether it helped."""

    match: Match
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Two or three articles to choose from."""

    matches: tuple[Match, ...]
    options: tuple[Option, ...]
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question of the complaint form."""

    field: Field
    options: tuple[Option, ...]
    again: bool = False
    """The last reply did not fit; the question says what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHuman:
    """A person is offered by a button."""

    lines: tuple[Line, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """The conversation goes into the queue (or its open handover is made more urgent)."""

    reason: HandoffReason
    urgency: Urgency
    department: str = ""
    """Where an article leads to; empty: the desk finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A complaint file is opened with what is known."""

    category: str
    category_confidence: float
    severity: Severity
    severity_confidence: float
    rule: str | None
    what_happened: str
    order_number: str | None = None
    wants: tuple[str, ...] = ()
    """Names of wanted outcomes, stored in the customer's language."""
    contact: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendCase:
    """Something is added to a complaint file, or corrected; None leaves a value as it is."""

    case_id: str
    order_number: str | None = None
    wanted: str | None = None
    wants: tuple[str, ...] = ()
    contact: str | None = None
    added: str | None = None
    category: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFile:
    """The file of this very entry becomes evidence of the case that is open."""

    kept: Say | None = None
    """What is said where it does; the slot `number` is filled with the case's."""
    otherwise: Say | None = None
    """What is said where no case is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase:
    """The customer takes the complaint back."""

    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCase:
    """The customer says whether a decision settles the matter."""

    case_id: str
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """The customer answers a satisfaction survey: by a button, or by words after one that asked for words."""

    choice: str = ""
    """The pressed button."""
    asked: str = ""
    """Survey and question the words answer."""
    text: str = ""
    otherwise: Say
    """What is said where there is no such survey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFollowUp:
    """The customer answers a question of a follow-up, or wants no more of them."""

    follow_up_id: str
    question: str
    answer: str
    otherwise: Say
    """What is said when that means nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFollowUp:
    """The customer says how they want to be followed up."""

    wish: Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue:
    """The customer no longer waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePromise:
    """The customer waits no longer and is promised an answer; the desk itself tells by when."""

    wanted: Wanted
    after: Say | None = None
    """What is said once it is made."""
    otherwise: Say
    """What is said when it cannot be made any more: the slot is taken, or nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContact:
    """How the customer wants to be reached about what was promised."""

    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDesk:
    """A waiting customer wrote on: the context packet is brought up to date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHelped:
    """The customer's word on an answer."""

    article_id: str
    version: int
    turn_id: str
    helped: Helped


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReason:
    """Why an answer did not help, in the customer's word."""

    turn_id: str
    reason: NoHelp


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMiss:
    """A question without a good answer, for the editors."""

    question: str
    why: str
    best_article_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing is said."""


Action = (
    Answer
    | Clarify
    | Ask
    | OfferHuman
    | HandOver
    | OpenCase
    | AmendCase
    | KeepFile
    | WithdrawCase
    | JudgeCase
    | AnswerSurvey
    | AnswerFollowUp
    | WishFollowUp
    | LeaveQueue
    | MakePromise
    | AddContact
    | TellDesk
    | RecordHelped
    | RecordReason
    | RecordMiss
    | Say
    | Silence
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is done about one thing a customer sent."""

    name: str
    """The main outcome: `answer`, `clarify`, `unknown`, `ask`, `offer_human`, `hand_over`, `open_case`, `say` or
    `silence`."""
    rule: str
    """Which rule of the policy decided, such as `answering.sure`."""
    actions: tuple[Action, ...]
    state: DialogueState

    @property
    def match(self) -> Match | None:
        """The article that was shown, if one was."""
        return next((action.match for action in self.actions if isinstance(action, Answer)), None)
