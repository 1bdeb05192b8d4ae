"""cases: rows of surveys to values and back, each in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from cases.contracts.surveys import Answer, AnswerOption, Measure, Question, QuestionForm, Survey, Why
from kit.contracts import Language


def survey_of(row: Row[Any]) -> Survey:
    """A `surveys` row."""
    return Survey(
        id=row.id,
        key=row.key,
        name=row.name,
        why=Why(row.why),
        case_id=row.case_id,
        conversation_id=row.conversation_id,
        customer=row.customer,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        language=Language(row.language),
        questions=questions_of(row.questions),
        offered_at=row.offered_at,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
        follow_up=row.follow_up,
    )


def survey_values(survey: Survey) -> dict[str, Any]:
    """The columns of a survey."""
    return {
        "id": survey.id,
        "key": survey.key,
        "name": survey.name,
        "why": survey.why.value,
        "case_id": survey.case_id,
        "conversation_id": survey.conversation_id,
        "customer": survey.customer,
        "agent_id": survey.agent_id,
        "agent_name": survey.agent_name,
        "language": survey.language.value,
        "questions": [_question_values(question) for question in survey.questions],
        "offered_at": survey.offered_at,
        "expires_at": survey.expires_at,
        "answered_at": survey.answered_at,
        "follow_up": survey.follow_up,
    }


def questions_of(raw: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as they were asked."""
    return tuple(
        Question(
            name=each["name"],
            form=QuestionForm(each["form"]),
            measure=Measure(each["measure"]),
            words=_words(each["words"]),
            options=tuple(AnswerOption(value=one["value"], label=_words(one["label"])) for one in each["options"]),
            low=each["low"],
        )
        for each in raw
    )


def answer_of(row: Row[Any]) -> Answer:
    """A `survey_answers` row."""
    return Answer(
        survey_id=row.survey_id, seq=row.seq, question=row.question, value=row.value, text=row.text, at=row.at
    )


def answer_values(answer: Answer) -> dict[str, Any]:
    """The columns of an answer."""
    return {
        "survey_id": answer.survey_id,
        "seq": answer.seq,
        "question": answer.question,
        "value": answer.value,
        "text": answer.text,
        "at": answer.at,
    }


def _question_values(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "form": question.form.value,
        "measure": question.measure.value,
        "words": {language.value: words for language, words in question.words.items()},
        "options": [
            {"value": option.value, "label": {language.value: words for language, words in option.label.items()}}
            for option in question.options
        ],
        "low": question.low,
    }


def _words(raw: Mapping[str, str]) -> dict[Language, str]:
    return {Language(language): words for language, words in raw.items()}
