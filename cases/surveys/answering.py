"""cases: takes survey answers.

A button pressed twice counts once, a change of mind counts in time, a low score is followed up with a promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from cases.contracts import NewCase
from cases.contracts.surveys import SKIP, Answer, Question, QuestionForm, Survey, SurveyReply, Took
from cases.keeper import HOUSE, Keeper, words_of
from cases.ports import CaseStore
from cases.service import Cases
from cases.surveys.store_ports import SurveyStore
from kit.contracts import Clock, Tx
from kit.contracts import Transactions as Writes
from nlu.contracts import Severity

log = structlog.get_logger("cases.surveys")


class Answering:
    """Answers from channels (`press`, `write`) and from the survey's own page (`fill`)."""

    def __init__(
        self,
        *,
        transactions: Writes,
        store: SurveyStore,
        cases: Cases,
        files: CaseStore,
        keeper: Keeper,
        clock: Clock,
    ) -> None:
        self._transactions, self._store, self._clock = transactions, store, clock
        self._cases, self._files, self._keeper = cases, files, keeper
        self._settings = keeper.rules.settings.surveys

    async def look(self, survey_id: str) -> tuple[Survey, tuple[Answer, ...]] | None:
        """A survey and every answer, for whoever holds its link."""
        return await self._store.find(survey_id)

    async def press(self, tx: Tx, conversation_id: str, choice: str, *, at: datetime) -> SurveyReply | None:
        """A pressed button, `survey:<id>:<question>:<value>`; None for one that is not of this conversation."""
        parts = choice.split(":")
        if len(parts) != 4:  # noqa: PLR2004 - family, survey, question, value
            return None
        _, survey_id, name, value = parts
        survey = await self._store.locked(tx, survey_id)
        question = _question(survey, name)
        if survey is None or question is None or survey.conversation_id != conversation_id:
            return None
        if question.form is QuestionForm.TEXT:
            return await self._taken(tx, survey, question, None, "", at=at) if value == SKIP else None
        option = question.option(int(value)) if value.isdecimal() else None
        return None if option is None else await self._taken(tx, survey, question, option.value, "", at=at)

    async def write(self, tx: Tx, conversation_id: str, asked: str, text: str, *, at: datetime) -> SurveyReply | None:
        """What the customer typed; `asked` is `<survey id>:<question>`."""
        survey_id, _, name = asked.partition(":")
        survey = await self._store.locked(tx, survey_id)
        question = _question(survey, name)
        if survey is None or question is None or survey.conversation_id != conversation_id:
            return None
        return await self._taken(tx, survey, question, None, text, at=at)

    async def fill(self, survey_id: str, values: Mapping[str, int], texts: Mapping[str, str]) -> Took:
        """The page's form in one go. Raises CommentTooLong; returns LATE for a survey that is over or unknown."""
        words = {name: words_of(text, field=name) for name, text in texts.items()}
        at = self._clock()

        async def work(tx: Tx) -> Took:
            survey = await self._store.locked(tx, survey_id)
            if survey is None or at > survey.expires_at:
                return Took.LATE
            took = Took.KEPT
            for question in survey.questions:
                value, text = values.get(question.name), ""
                if question.form is QuestionForm.TEXT:
                    value, text = None, words.get(question.name, "")
                if not text and (value is None or question.option(value) is None):
                    continue
                reply = await self._taken(tx, survey, question, value, text, at=at)
                took = Took.THANKED if reply.took in {Took.ASKED_ON, Took.THANKED, Took.CHANGED} else took
            return took

        return await self._transactions.write(work)

    async def _taken(
        self, tx: Tx, survey: Survey, question: Question, value: int | None, text: str, *, at: datetime
    ) -> SurveyReply:
        if at > survey.expires_at:
            return SurveyReply(took=Took.LATE, survey_id=survey.id)
        lines = await self._store.answers(tx, survey.id)
        own = [line for line in lines if line.question == question.name]
        if own and ((own[-1].value, own[-1].text) == (value, text) or at > own[0].at + self._in_time()):
            return SurveyReply(took=Took.KEPT, survey_id=survey.id)
        line = Answer(survey_id=survey.id, seq=len(lines) + 1, question=question.name, value=value, text=text, at=at)
        await self._store.answer(tx, line)
        promised = await self._follow_up(tx, survey, question, line, at=at)
        if own:
            return SurveyReply(took=Took.CHANGED, survey_id=survey.id, promised_at=promised)
        missing = _next(survey, (*lines, line))
        took = Took.THANKED if missing is None else Took.ASKED_ON
        return SurveyReply(took=took, survey_id=survey.id, next=missing, promised_at=promised)

    def _in_time(self) -> timedelta:
        return timedelta(minutes=self._settings.change_minutes)

    async def _follow_up(
        self, tx: Tx, survey: Survey, question: Question, answer: Answer, *, at: datetime
    ) -> datetime | None:
        """A low score opens a file with a promise, once a survey; returns what was promised now."""
        if question.low is None or answer.value is None or answer.value > question.low or survey.follow_up:
            return None
        found = await self._files.locked(tx, survey.case_id) if survey.case_id else None
        about = found.case if found is not None else None
        rules, what = self._keeper.rules, self._settings.follow_up
        said = f"{question.words[survey.language]} {answer.value}/{question.options[-1].value}"
        new = NewCase(
            key=f"survey:{survey.id}",
            kind=what.kind,
            conversation_id=survey.conversation_id,
            customer_name=about.customer_name if about else "",
            language=survey.language,
            category=about.category if about else rules.settings.categories[-1].name,
            category_confidence=1.0,
            severity=Severity.NORMAL,
            severity_confidence=1.0,
            rule=None,
            what_happened=" ".join(filter(None, (what.label(survey.language), about.number if about else "", said))),
            order_number=about.order_number if about else None,
            contact=about.contact if about else None,
        )
        case = await self._cases.open(tx, new, at=at)
        due = rules.after(case.department, at, what.minutes)
        label = what.label(survey.language)
        await self._keeper.change(tx, case.id, lambda draft: draft.promise(label, due), by=HOUSE, at=at)
        await self._store.followed_up(tx, survey.id, case.number)
        log.info("survey_followed_up", survey=survey.id, case=case.number, conversation=survey.conversation_id)
        return due


def _question(survey: Survey | None, name: str) -> Question | None:
    questions = survey.questions if survey is not None else ()
    return next((question for question in questions if question.name == name), None)


def _next(survey: Survey, lines: Sequence[Answer]) -> Question | None:
    answered = {line.question for line in lines}
    return next((question for question in survey.questions if question.name not in answered), None)
