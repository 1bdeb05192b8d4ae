"""bot: the dialogue state, what the bot remembers of a conversation between two turns. Pure.

It is stored as JSON with the conversation and committed together with the replies. Reading is forgiving: a state
written by an older or newer version loses what is not understood, never the conversation.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar, cast

from cases.contracts import Case
from kit.contracts import JsonValue
from nlu.contracts import Severity

E = TypeVar("E", bound=StrEnum)

TOLD = 300
"""Characters of a complaint that are remembered."""


class Expects(StrEnum):
    """What the customer's next words would refer to."""

    NOTHING = ""
    PERSON = "person"
    """The bot offered a person."""
    HELPED = "helped"
    """The bot asked whether its answer helped."""
    PROOF = "proof"
    """The bot asked for what proves that a file is the customer's (no yes or no answers that)."""
    MESSAGE = "message"
    """The next text is the message a waiting customer leaves."""
    CONTACT = "contact"
    """A call-back is booked; the next text may say under which number."""
    SLOT = "slot"
    """Times for a call-back are offered; the next text may already say under which number."""
    SUSPECTED = "suspected"
    """The bot asked whether `DialogueState.question` is a complaint or a question."""
    SURVEY = "survey"
    """The survey asked for words (`DialogueState.survey`)."""


class Field(StrEnum):
    """What the complaint form asks for, in this order."""

    WHAT_HAPPENED = "what_happened"
    ORDER_NUMBER = "order_number"
    WANTED = "wanted"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """The last answer: what "did this help" is about."""

    turn_id: str
    article_id: str
    version: int
    title: str
    question: str
    others: tuple[tuple[str, str], ...] = ()
    """(article id, title) of the next best matches."""
    department: str = ""
    """Where the article hands over to, if it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is being talked about: what "and for the bigger one?" leans on."""

    question: str
    """A question that can be understood without what came before it."""
    title: str = ""
    """Of the article that answered it; empty where none did."""
    article_id: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """The complaint file the conversation is about."""

    id: str
    number: str
    category: str
    severity: Severity
    opened_at: datetime
    told: str = ""
    """What the customer said of it, its end: a short message more is understood behind it."""
    withdrawn: bool = False

    @classmethod
    def of(cls, case: Case) -> Self:
        """The file as it is stored."""
        return cls(
            id=case.id,
            number=case.number,
            category=case.category,
            severity=case.severity,
            opened_at=case.opened_at,
            told=case.what_happened[-TOLD:],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintForm:
    """The questions that are still open for a complaint."""

    asking: Field | None = None
    given: tuple[Field, ...] = ()
    skipped: tuple[Field, ...] = ()
    tries: int = 0
    """How often the present question was answered with something that does not fit."""
    interruptions: int = 0
    """How often the customer asked something else instead of answering the present question."""
    paused: bool = False
    """A person has been called: the bot takes what comes but asks nothing."""

    def missing(self) -> Field | None:
        """The next field that was neither given nor skipped."""
        return next((field for field in Field if field not in self.given and field not in self.skipped), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTold:
    """What a waiting customer was last told, so that it is not said again at every message."""

    at: datetime
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPart:
    """Who spoke for the house before the bot did again, and until when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueState:
    """What the bot remembers."""

    greeted: bool = False
    misses: int = 0
    """Questions in a row without a good answer."""
    question: str = ""
    """The last question, in the customer's words."""
    unanswered: tuple[str, ...] = ()
    """Texts since the last good answer; a complaint file begins with them."""
    topic: Topic | None = None
    offered: tuple[tuple[str, str], ...] = ()
    """(choice id, label) of the buttons under the last replies: a customer may type what stands on one."""
    order_number: str = ""
    """Given outside a form."""
    contact: str = ""
    """How to reach the customer, given while they waited: a call-back that is booked, or a message left, uses it."""
    expects: Expects = Expects.NOTHING
    answer: AnswerGiven | None = None
    form: ComplaintForm | None = None
    case: CaseRef | None = None
    waiting: WaitingTold | None = None
    proof_for: str = ""
    """The number of the file that was asked about and is not of this conversation."""
    proofs: int = 0
    """How often something was given as proof and proved nothing."""
    survey: str = ""
    """`<survey id>:<question>` that the next words may answer."""
    person: PersonPart | None = None
    """The person who helped last."""

    def after_person(self, at: datetime) -> DialogueState:
        """The state once a person has given the conversation back: what was pending is settled.

        What was said meanwhile (`with_person`) stays: the next message may lean on it, and nobody asks for it again.
        """
        person = replace(self.person, at=at) if self.person is not None else None
        settled = replace(self, misses=0, unanswered=(), expects=Expects.NOTHING, form=None, waiting=None)
        return replace(settled, person=person)


def state_to_json(state: DialogueState) -> dict[str, JsonValue]:
    """The state as JSON, empty values left out."""
    return cast("dict[str, JsonValue]", _plain(state))


def state_from_json(raw: object) -> DialogueState:
    """The state of stored JSON; whatever does not fit is dropped."""
    if not isinstance(raw, Mapping):
        return DialogueState()
    return DialogueState(
        greeted=raw.get("greeted") is True,
        misses=_count(raw.get("misses")),
        question=_text(raw.get("question")),
        unanswered=_texts(raw.get("unanswered")),
        topic=_topic(raw.get("topic")),
        offered=_pairs(raw.get("offered")),
        order_number=_text(raw.get("order_number")),
        contact=_text(raw.get("contact")),
        expects=_member(Expects, raw.get("expects")) or Expects.NOTHING,
        answer=_answer(raw.get("answer")),
        form=_form(raw.get("form")),
        case=_case(raw.get("case")),
        waiting=_waiting(raw.get("waiting")),
        proof_for=_text(raw.get("proof_for")),
        proofs=_count(raw.get("proofs")),
        survey=_text(raw.get("survey")),
        person=_person(raw.get("person")),
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        parts = {f.name: getattr(value, f.name) for f in fields(cast("Any", value))}
        return {name: _plain(part) for name, part in parts.items() if part not in (None, "", (), False, 0)}
    return value


def _answer(raw: object) -> AnswerGiven | None:
    if not isinstance(raw, Mapping) or not _text(raw.get("article_id")):
        return None
    return AnswerGiven(
        turn_id=_text(raw.get("turn_id")),
        article_id=_text(raw.get("article_id")),
        version=_count(raw.get("version")),
        title=_text(raw.get("title")),
        question=_text(raw.get("question")),
        others=_pairs(raw.get("others")),
        department=_text(raw.get("department")),
    )


def _topic(raw: object) -> Topic | None:
    at = _moment(raw.get("at")) if isinstance(raw, Mapping) else None
    if at is None or not isinstance(raw, Mapping) or not _text(raw.get("question")):
        return None
    return Topic(
        question=_text(raw.get("question")),
        title=_text(raw.get("title")),
        article_id=_text(raw.get("article_id")),
        at=at,
    )


def _pairs(raw: object) -> tuple[tuple[str, str], ...]:
    found = raw if isinstance(raw, list) else []
    return tuple((str(p[0]), str(p[1])) for p in found if isinstance(p, list) and len(p) == 2)  # noqa: PLR2004 - pairs


def _form(raw: object) -> ComplaintForm | None:
    if not isinstance(raw, Mapping):
        return None
    return ComplaintForm(
        asking=_member(Field, raw.get("asking")),
        given=_members(raw.get("given")),
        skipped=_members(raw.get("skipped")),
        tries=_count(raw.get("tries")),
        interruptions=_count(raw.get("interruptions")),
        paused=raw.get("paused") is True,
    )


def _case(raw: object) -> CaseRef | None:
    if not isinstance(raw, Mapping):
        return None
    opened_at, severity = _moment(raw.get("opened_at")), _member(Severity, raw.get("severity"))
    if opened_at is None or severity is None or not _text(raw.get("id")):
        return None
    return CaseRef(
        id=_text(raw.get("id")),
        number=_text(raw.get("number")),
        category=_text(raw.get("category")),
        severity=severity,
        opened_at=opened_at,
        told=_text(raw.get("told")),
        withdrawn=raw.get("withdrawn") is True,
    )


def _waiting(raw: object) -> WaitingTold | None:
    at = _moment(raw.get("at")) if isinstance(raw, Mapping) else None
    return WaitingTold(at=at, ahead=_count(cast("Mapping[str, object]", raw).get("ahead"))) if at else None


def _person(raw: object) -> PersonPart | None:
    at = _moment(raw.get("at")) if isinstance(raw, Mapping) else None
    return PersonPart(name=_text(cast("Mapping[str, object]", raw).get("name")), at=at) if at else None


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(part for part in raw if isinstance(part, str)) if isinstance(raw, list) else ()


def _count(raw: object) -> int:
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else 0


def _moment(raw: object) -> datetime | None:
    with contextlib.suppress(ValueError):
        at = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        return at if at is not None and at.tzinfo is not None else None
    return None


def _member(kind: type[E], raw: object) -> E | None:
    with contextlib.suppress(ValueError):
        return kind(raw) if isinstance(raw, str) else None
    return None


def _members(raw: object) -> tuple[Field, ...]:
    found = [_member(Field, part) for part in raw] if isinstance(raw, list) else []
    return tuple(part for part in found if part is not None)
