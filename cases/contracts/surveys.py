"""cases: the values of satisfaction surveys that cross the room's door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import Language
from staff.contracts.sight import EVERYTHING, Sight


class QuestionForm(StrEnum):
    """How a question is answered."""

    STARS = "stars"
    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


class Measure(StrEnum):
    """Which figure a question gives."""

    NONE = "none"
    CSAT = "csat"
    """Share of answers in the upper two fifths of the scale."""
    NPS = "nps"
    """Share of 9 and 10 minus share of 0 to 6."""
    EFFORT = "effort"
    """Mean of how easy we made it."""


class Why(StrEnum):
    """What a survey is offered after."""

    CASE_CLOSED = "case_closed"
    CONVERSATION_RESOLVED = "conversation_resolved"
    FOLLOWED_UP = "follow_up"
    """A follow-up call (回访) has been made."""
    PERIODIC = "periodic"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOption:
    """One answer that can be chosen."""

    value: int
    label: Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, as it was asked: a later change of the settings does not touch it."""

    name: str
    form: QuestionForm
    measure: Measure
    words: Mapping[Language, str]
    options: tuple[AnswerOption, ...] = ()
    """Lowest value first; none where the customer writes."""
    low: int | None = None
    """An answer of this value or less asks for a follow-up; None: none does."""

    def option(self, value: int) -> AnswerOption | None:
        """The option with this value."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One survey offered to one customer."""

    id: str
    key: str
    """Offering under the same key twice is offering once."""
    name: str
    """Of the questionnaire in config.yml."""
    why: Why
    case_id: str | None
    conversation_id: str | None
    customer: str
    """Whom the quiet time is counted for."""
    agent_id: str | None
    """Whose work the answers are about; counted in this person's figures."""
    agent_name: str
    language: Language
    questions: tuple[Question, ...]
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None = None
    """When the first answer came."""
    follow_up: str = ""
    """Number of the file that a low score opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer answered. Lines are only ever added; of each question the last one counts."""

    survey_id: str
    seq: int
    question: str
    value: int | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A survey that was sent, and where it stands in the conversation (None: it goes by its link)."""

    survey_id: str
    seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An answer as a button in a channel."""

    id: str
    label: Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question for a conversation, written once under its key."""

    key: str
    words: Mapping[Language, str]
    buttons: tuple[Button, ...]
    survey_id: str = ""
    """Whose page is named with it; empty where none is."""


class Took(StrEnum):
    """What became of an answer."""

    ASKED_ON = "asked_on"
    """Taken; the next question follows."""
    THANKED = "thanked"
    """Taken; that was the last question."""
    CHANGED = "changed"
    """Another answer than before, in time: it counts instead."""
    KEPT = "kept"
    """The same again, or another one too late: what was said first stays."""
    LATE = "late"
    """The survey is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReply:
    """What the customer hears after an answer."""

    took: Took
    survey_id: str
    next: Question | None = None
    promised_at: datetime | None = None
    """A low score: by when somebody gets back to the customer."""

    def buttons(self) -> tuple[Button, ...]:
        """The buttons under the next question."""
        return () if self.next is None else buttons_of(self.survey_id, self.next)


SURVEY_PRESS = "survey"
"""Family of the buttons: `survey:<survey id>:<question>:<value>`."""
SKIP = "skip"
"""In place of a value: the customer does not want to write."""


def buttons_of(survey_id: str, question: Question) -> tuple[Button, ...]:
    """The answers of a question as buttons, the best first where it has stars."""
    options = reversed(question.options) if question.form is QuestionForm.STARS else question.options
    return tuple(
        Button(id=f"{SURVEY_PRESS}:{survey_id}:{question.name}:{option.value}", label=option.label)
        for option in options
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % confidence interval; no interval where there are too few answers for one."""

    value: float
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What came of one question."""

    question: Question
    counts: Mapping[int, int]
    """Answers by value."""
    figure: Interval | None
    """None where the question measures nothing or nobody answered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentResult:
    """One colleague's satisfaction figure."""

    agent_id: str
    agent_name: str
    offered: int
    csat: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """What came of one questionnaire in a time."""

    name: str
    offered: int
    response: Interval | None
    """Share of the offered surveys that were answered."""
    questions: tuple[QuestionResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a customer wrote, with the survey it belongs to. Only for whoever may see who said what."""

    survey: Survey
    question: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResults:
    """Everything a viewer may see of a time."""

    surveys: tuple[SurveyResult, ...]
    agents: tuple[AgentResult, ...]
    """All colleagues for a supervisor; for anybody else only the viewer."""
    comments: tuple[Comment, ...]
    """Empty for anybody who is no supervisor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyViewer:
    """Who looks at results."""

    id: str
    watches: bool
    """A supervisor: may see who said what about whom."""
    sight: Sight = EVERYTHING
    """Of which files."""
