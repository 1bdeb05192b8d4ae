"""bot: all that a decision is made from, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict, Unpack

from bot.contracts import InboundKind, Owner
from bot.decisions import Action, Decision, Line, Option, Say, Slot
from bot.follow_up import is_elliptical
from bot.settings.conversation import ComplaintSettings, DialogueSettings
from bot.state import AnswerGiven, CaseRef, ComplaintForm, DialogueState, Expects, Topic, WaitingTold
from bot.words import Words, fold
from cases.contracts import Case
from handoff.contracts import FreeSlot, QueuePlace
from kit.contracts import Language
from knowledge_base.contracts import Level, Match, SearchResult
from nlu.contracts import UNKNOWN, ComplaintReading, Severity, Understanding
from nlu.service import wants_person

HUMAN = "human"
LEAVE_QUEUE = "leave_queue"
NONE_OF_THESE = "none"
HELPED_YES, HELPED_NO = "helped:yes", "helped:no"
REASON = "reason:"
"""Why an answer did not help; a name of `NoHelp` follows."""
ARTICLE = "article:"
NEW_CASE = "case:new"

PERSON_OPTION = Option(HUMAN, Line("bot.choice.human"))
"""Always there; a customer who already waits is not offered it again (`Situation.person_options`)."""
COMPLAIN_OPTION = Option(NEW_CASE, Line("bot.choice.complain"))
LEAVE_OPTION = Option(LEAVE_QUEUE, Line("bot.choice.leave_queue"))
MESSAGE, CALLBACK = "message", "callback"
MESSAGE_OPTION = Option(MESSAGE, Line("bot.choice.message"))
CALLBACK_OPTION = Option(CALLBACK, Line("bot.choice.callback"))
WAITING_OPTIONS = (CALLBACK_OPTION, MESSAGE_OPTION, LEAVE_OPTION)
"""What a waiting customer may do instead of waiting."""


def person_option(department: str) -> Option:
    """The button that calls a person of a department; of any where none is named."""
    return replace(PERSON_OPTION, id=f"{HUMAN}:{department}") if department else PERSON_OPTION


def department_in(choice: str) -> str:
    """The department that a pressed button for a person names; empty where it names none."""
    return choice.removeprefix(f"{HUMAN}:") if choice.startswith(f"{HUMAN}:") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the rules need besides the situation: settings and word lists, the same for every message."""

    dialogue: DialogueSettings
    complaint: ComplaintSettings
    words: Words
    shop: Mapping[Language, str]
    categories: Mapping[str, Mapping[Language, str]]
    """Complaint categories by name, with their labels, in the order in which they are offered."""
    case_prefix: str = "TS"
    """Letters a complaint file's number begins with."""


class How(StrEnum):
    """What a text was searched by."""

    ALONE = "alone"
    FOLLOW_UP = "follow_up"
    """By itself and behind what was talked about, taken together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One text and what was found for it; of a follow-up also both searches it was made from."""

    how: How
    text: str
    result: SearchResult
    behind: str = ""
    alone: SearchResult | None = None
    context: SearchResult | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One message and everything known at that moment. What could not be found out in time is None."""

    kind: InboundKind
    state: DialogueState
    owner: Owner
    language: Language
    now: datetime
    turn_id: str
    text: str = ""
    choice: str = ""
    with_file: bool = False
    """The text came under a file, which nobody can look at."""
    said_complaint: bool | None = None
    """What the customer said when asked whether `text` is a complaint; over what is read in it."""
    understanding: Understanding | None = None
    matter: ComplaintReading | None = None
    """The complaint read in the text behind what was said of the same matter before (`told_before`)."""
    looked: Looked | None = None
    """The whole text, searched."""
    parts: tuple[Looked, ...] = ()
    """Its questions one by one, where it holds several."""
    shown: Match | None = None
    """The published article a pressed choice names."""
    answer: AnswerGiven | None = None
    """The answer a press on "did this help" is about."""
    helped: bool | None = None
    """What the customer said of that answer before."""
    desk: QueuePlace | None = None
    """What a customer would meet who asked for a person now."""
    place: QueuePlace | None = None
    """The conversation's own place while it waits."""
    slots: tuple[FreeSlot, ...] = ()
    """When a waiting customer who presses for it can be called back."""
    cases: tuple[Case, ...] | None = None
    """The conversation's own files, newest first; None when nobody looked or nobody could tell."""
    proven: Case | None = None
    """The file of another conversation that the customer asked about and proved to be theirs."""
    may_be_asked_for: bool = False
    """Whether the customer has not yet said how they want to be followed up."""
    faults: tuple[str, ...] = field(default=())
    """Steps that failed, such as `search: TimeoutError`."""

    @property
    def result(self) -> SearchResult | None:
        """What was found for the text."""
        return self.looked.result if self.looked is not None else None

    @property
    def follows(self) -> bool:
        """Whether the text was understood as more about what was talked about."""
        return self.looked is not None and self.looked.how is How.FOLLOW_UP

    def person_options(self, department: str = "") -> tuple[Option, ...]:
        """The button that calls a person, for whoever does not wait for one already."""
        return () if self.owner is Owner.QUEUE else (person_option(department),)

    @property
    def offered_department(self) -> str:
        """The department that the newest button for a person leads to: typed words mean the same."""
        return next((department_in(choice) for choice, _ in self.state.offered if department_in(choice)), "")

    @property
    def complaint(self) -> ComplaintReading | None:
        """The complaint that was read in the text, if it is one."""
        read = self.understanding.complaint if self.understanding else None
        return read if read is not None and read.is_complaint and self.said_complaint is not False else None

    def told_before(self, policy: Policy) -> str:
        """What the text may only be more of: what is on file, or what was not answered.

        "It's broken" comes first, "my robot vacuum wont charge" after it, and only together they say what is wrong.
        """
        case = self.state.case
        if case is not None and not case.withdrawn:
            return case.told if self.now - case.opened_at < timedelta(hours=policy.complaint.same_matter_hours) else ""
        return "\n".join(self.state.unanswered)

    def sure(self) -> Match | None:
        """The article the search is sure of."""
        if self.result is None or self.result.level is not Level.SURE or not self.result.matches:
            return None
        return self.result.matches[0]

    def intends(self, policy: Policy, *names: str) -> bool:
        """Whether the message surely has one of these intents."""
        if self.understanding is None or self.understanding.intent.name not in names:
            return False
        return self.understanding.intent.confidence >= policy.dialogue.small_talk_confidence

    def is_far_off(self, policy: Policy) -> bool:
        """Whether the matter is surely none of the shop's. What only adds to what was said ("那冰箱呢") cannot tell."""
        return self.intends(policy, UNKNOWN) and not is_elliptical(self.text)

    def nods(self, policy: Policy) -> bool:
        """Whether the message is a yes."""
        return self.intends(policy, "affirm") or policy.words.nods(self.text)

    def vents(self, policy: Policy) -> bool:
        """Whether the customer is angry and does not say about what; a severe complaint is none of these."""
        severe = self.complaint is not None and self.complaint.severity is not Severity.NORMAL
        return policy.words.only_vents(self.text) and not severe and not self.in_danger(policy)

    def entity(self, kind: str) -> str | None:
        """The first entity of `kind`."""
        found = self.understanding.entities if self.understanding else ()
        return next((entity.value for entity in found if entity.kind == kind), None)

    def asks_person(self, policy: Policy) -> bool:
        """Whether the customer wants a human being, by the usual words or by intent; the words need no model."""
        heard = self.understanding
        wants = wants_person(self.text, ()) if heard is None else heard.wants_person
        return wants or policy.words.asks_person(self.text)

    def in_danger(self, policy: Policy) -> bool:
        """Whether the message speaks of danger to people."""
        rule = self.complaint.rule if self.complaint else None
        return rule in policy.complaint.safety_rules or policy.words.tells_danger(self.text)

    def complains(self, policy: Policy) -> bool:
        """Whether the message is a complaint: because the customer says so, or by the classifier."""
        if self.said_complaint is not None:
            return self.said_complaint
        return self.complaint is not None or policy.words.complains(self.text)

    def severity(self) -> Severity:
        """How bad the customer's complaint is, by the file that is open."""
        case = self.state.case
        return case.severity if case is not None and not case.withdrawn else Severity.NORMAL


def say(
    *keys: str | Line,
    options: tuple[Option, ...] = (),
    **slots: Slot,
) -> Say:
    """Sentences by key; `slots` fill every one that is given by key alone."""
    lines = tuple(key if isinstance(key, Line) else Line(key, slots) for key in keys)
    return Say(lines=lines, options=options)


class Changes(TypedDict, total=False):
    """What a decision changes in the dialogue state."""

    greeted: bool
    misses: int
    question: str
    unanswered: tuple[str, ...]
    expects: Expects
    answer: AnswerGiven | None
    form: ComplaintForm | None
    case: CaseRef | None
    waiting: WaitingTold | None
    topic: Topic | None
    contact: str
    proof_for: str
    proofs: int


def decided(
    situation: Situation, rule: str, *actions: Action, name: str = "say", **changes: Unpack[Changes]
) -> Decision:
    """A decision whose state is the present one with `changes`; what a "yes" refers to is forgotten unless said."""
    order_number = situation.entity("order_number") or situation.state.order_number
    changed: Changes = {"expects": Expects.NOTHING, **changes}
    state = replace(situation.state, order_number=order_number, **changed)
    return Decision(name=name, rule=rule, actions=actions, state=state)


def is_short(text: str) -> bool:
    """Whether a text is short enough to be a bare yes, no or thanks."""
    return len(fold(text)) <= 24  # noqa: PLR2004 - "yes please, that would be great" is longer, "yes please do" is not
