"""cases: the settings of follow-up calls (回访): plans, scripts with their questions, and what a customer is spared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from cases.contracts.follow_ups import Outcome
from cases.settings.named import NAME, Named
from kit.contracts import Language
from kit.settings import Settings

SLOT = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"


class Answer(Named):
    """One answer of a question and where it leads: to another question or to an outcome."""

    next: str = Field("", description="Question that follows.")
    outcome: Literal[Outcome.REACHED, Outcome.UNSOLVED, Outcome.REFUSED] | None = Field(
        None, description="How it ends here: reached, unsolved (the case is taken up again) or refused."
    )


class Question(Settings):
    """One question of a script, in the words in which it is asked."""

    name: str = Field(pattern=NAME, description="Stable name.")
    zh: str = Field(min_length=1, max_length=300, description="The question in Chinese.")
    en: str = Field(min_length=1, max_length=300, description="The question in English.")
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=6, description="What may be answered.")

    def words(self, language: Language) -> str:
        """The question as a customer hears it."""
        return self.zh if language is Language.ZH else self.en

    def answer(self, name: str) -> Answer | None:
        """The answer called `name`."""
        return next((answer for answer in self.answers if answer.name == name), None)


class Script(Settings):
    """What is asked, question by question."""

    name: str = Field(pattern=NAME, description="Stable name.")
    questions: tuple[Question, ...] = Field(min_length=1, description="Its questions; the first one is asked first.")

    def question(self, name: str) -> Question | None:
        """The question called `name`; the first one where no name is given."""
        if not name:
            return self.questions[0]
        return next((question for question in self.questions if question.name == name), None)


class Trigger(StrEnum):
    """What makes a follow-up due."""

    FOLLOW_UP = "follow_up"
    """A case comes to its follow-up."""
    CLOSED = "closed"
    """A case is closed."""
    INQUIRY = "inquiry"
    """A customer without a case has been quiet for a while."""
    PERIOD = "period"
    """Every so many months."""


class Plan(Named):
    """Who is asked, when, by whom and what."""

    trigger: Trigger = Field(description="What makes it due: follow_up, closed, inquiry or period.")
    kinds: tuple[str, ...] = Field((), description="Kinds of case it is for; none: all.")
    customers: Literal["all", "key_accounts", "others"] = Field("all", description="Level of customer it is for.")
    after_days: int = Field(0, ge=0, le=365, description="Days after what made it due.")
    every_months: int = Field(3, ge=1, le=12, description="Of a period: how many months it has.")
    spread_days: int = Field(1, ge=1, le=90, description="Of a period: days over which its customers are spread.")
    by: Literal["either", "chat", "person"] = Field(
        "either",
        description="chat: only customers who agreed to be asked there; person: always a colleague; "
        "either: in the chat where the customer agreed, else a colleague.",
    )
    script: str = Field(description="Name of the script.")

    def meant_for(self, *, key_account: bool) -> bool:
        """Whether a customer of this level is meant."""
        return self.customers == "all" or key_account == (self.customers == "key_accounts")


def _answer(name: str, zh: str, en: str, leads_to: str = "", outcome: Outcome | None = None) -> Answer:
    return Answer.model_validate({"name": name, "zh": zh, "en": en, "next": leads_to, "outcome": outcome})


SETTLED = Script(
    name="settled",
    questions=(
        Question(
            name="solved",
            zh="您好，想回访一下您之前反映的问题，现在解决了吗？",
            en="A short follow-up on what you told us: is it settled now?",
            answers=(
                _answer("yes", "已经解决", "It is settled", "content"),
                _answer("no", "还没有解决", "Not yet", outcome=Outcome.UNSOLVED),
            ),
        ),
        Question(
            name="content",
            zh="您对处理的过程满意吗？",
            en="And were you content with how we dealt with it?",
            answers=(
                _answer("yes", "满意", "Yes", outcome=Outcome.REACHED),
                _answer("partly", "一般", "Partly", outcome=Outcome.REACHED),
                _answer("no", "不满意", "No", outcome=Outcome.REACHED),
            ),
        ),
    ),
)
IN_USE = Script(
    name="in_use",
    questions=(
        Question(
            name="working",
            zh="您好，想了解一下产品用得怎么样，一切正常吗？",
            en="How is the product doing: is everything working as it should?",
            answers=(
                _answer("yes", "一切正常", "All is well", outcome=Outcome.REACHED),
                _answer("questions", "有点问题", "Not quite", "problem"),
            ),
        ),
        Question(
            name="problem",
            zh="需要我们安排同事跟进吗？",
            en="Shall a colleague look into it?",
            answers=(
                _answer("yes", "需要", "Yes, please", outcome=Outcome.UNSOLVED),
                _answer("no", "暂时不用", "Not now", outcome=Outcome.REACHED),
            ),
        ),
    ),
)
STILL_ASKING = Script(
    name="still_asking",
    questions=(
        Question(
            name="open",
            zh="您好，您之前咨询的问题都清楚了吗？",
            en="You asked us something lately: is everything clear now?",
            answers=(
                _answer("yes", "都清楚了", "All clear", outcome=Outcome.REACHED),
                _answer("no", "还有疑问", "Not yet", outcome=Outcome.UNSOLVED),
            ),
        ),
    ),
)


def _plan(name: str, zh: str, en: str, **values: object) -> Plan:
    return Plan.model_validate({"name": name, "zh": zh, "en": en, **values})


class FollowUpSettings(Settings):
    """Follow-up calls."""

    plans: tuple[Plan, ...] = Field(
        (
            _plan("complaint", "投诉回访", "Complaint", trigger=Trigger.FOLLOW_UP, script="settled"),
            _plan(
                "after_sale",
                "售后回访",
                "After-sales",
                trigger=Trigger.CLOSED,
                kinds=("repair", "visit"),
                after_days=7,
                script="settled",
            ),
            _plan(
                "pre_sale",
                "售前回访",
                "Pre-sale",
                trigger=Trigger.INQUIRY,
                after_days=3,
                by="chat",
                script="still_asking",
            ),
            _plan(
                "periodic",
                "定期回访",
                "Every three months",
                trigger=Trigger.PERIOD,
                customers="others",
                every_months=3,
                spread_days=30,
                script="in_use",
            ),
            _plan(
                "key_account",
                "大客户回访",
                "Key accounts",
                trigger=Trigger.PERIOD,
                customers="key_accounts",
                every_months=1,
                spread_days=10,
                by="person",
                script="in_use",
            ),
        ),
        description="Who is asked afterwards, when, by whom and what.",
    )
    scripts: tuple[Script, ...] = Field(
        (SETTLED, IN_USE, STILL_ASKING), description="The questions, with where each answer leads."
    )
    hours: tuple[str, ...] = Field(
        ("09:00-12:00", "14:00-20:00"),
        min_length=1,
        description="When customers may be asked, within the opening hours of `department`; HH:MM-HH:MM.",
    )
    department: str = Field("follow_up", description="Department whose colleagues ask.")
    attempts: int = Field(3, ge=1, le=10, description="How often a customer who does not answer is tried.")
    retry_hours: int = Field(20, ge=1, le=240, description="Hours until the next try.")
    chat_hours: int = Field(48, ge=1, le=720, description="Hours a customer has to answer in the chat.")
    gap_days: int = Field(
        14, ge=0, le=365, description="Days between two follow-ups of a customer; those about a case are not counted."
    )
    active_days: int = Field(365, ge=1, le=3650, description="Customers who wrote nothing for longer are left alone.")
    claim_minutes: int = Field(30, ge=5, le=480, description="Minutes a colleague who takes a follow-up has it alone.")
    opens: str = Field(
        "call_back", description="Kind of case that is opened when a customer without one has something open."
    )

    @field_validator("hours")
    @classmethod
    def _check_hours(cls, slots: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [slot for slot in slots if not re.match(SLOT, slot) or slot[:5] >= slot[6:]]
        wrong += [later for sooner, later in pairwise(slots) if later[:5] < sooner[6:]]
        if wrong:
            message = f"HH:MM-HH:MM, one after the other and not over midnight; wrong: {', '.join(wrong)}"
            raise ValueError(message)
        return slots

    def plan(self, name: str) -> Plan | None:
        """The plan called `name`."""
        return next((plan for plan in self.plans if plan.name == name), None)

    def script_of(self, plan: str) -> Script:
        """What a plan asks; of one that is not configured any more, the first script."""
        found = self.plan(plan)
        name = found.script if found else self.scripts[0].name
        return next(script for script in self.scripts if script.name == name)

    def label(self, plan: str, language: Language) -> str:
        """What people read for a plan; the name itself for one that is not configured any more."""
        found = self.plan(plan)
        return found.label(language) if found else plan


def follow_up_faults(settings: FollowUpSettings, kinds: frozenset[str]) -> list[str]:
    """Everything that is wrong with plans and scripts, one sentence each."""
    scripts = [script.name for script in settings.scripts]
    faults = [f"follow_ups: {name} stands there twice" for name in _twice([plan.name for plan in settings.plans])]
    faults += [f"follow_ups: script {name} stands there twice" for name in _twice(scripts)]
    for plan in settings.plans:
        if plan.script not in scripts:
            faults.append(f"plan {plan.name}: there is no script {plan.script}")
        # Plans of ours that name a kind the operator has dropped find nothing to plan for; that is no fault of theirs.
        if "plans" in settings.model_fields_set:
            faults += [f"plan {plan.name}: there is no kind {kind}" for kind in plan.kinds if kind not in kinds]
    if "opens" in settings.model_fields_set and settings.opens not in kinds:
        faults.append(f"follow_ups.opens: there is no kind {settings.opens}")
    return faults + [f"script {script.name}: {fault}" for script in settings.scripts for fault in _faults(script)]


def _faults(script: Script) -> Iterator[str]:
    questions = {question.name: question for question in script.questions}
    yield from (f"question {name} stands there twice" for name in _twice([q.name for q in script.questions]))
    for question in script.questions:
        yield from (
            f"question {question.name}: answer {name} stands there twice"
            for name in _twice([answer.name for answer in question.answers])
        )
        for answer in question.answers:
            where = f"answer {answer.name} of question {question.name}"
            if bool(answer.next) == (answer.outcome is not None):
                yield f"{where} leads to another question or to an outcome, to one of the two"
            elif answer.next and answer.next not in questions:
                yield f"{where} leads to {answer.next}, which is no question"
    yield from (
        f"question {question.name} comes back to itself"
        for question in script.questions
        if question.name in _after(question, questions)
    )
    reached = _after(script.questions[0], questions) | {script.questions[0].name}
    yield from (f"no answer leads to question {name}" for name in questions if name not in reached)


def _after(question: Question, questions: dict[str, Question]) -> set[str]:
    seen: set[str] = set()
    ahead = [answer.next for answer in question.answers if answer.next]
    while ahead:
        here = ahead.pop()
        if here not in seen and here in questions:
            seen.add(here)
            ahead += [answer.next for answer in questions[here].answers if answer.next]
    return seen


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
