"""bot: what the customer hears after answering a survey's question: thanks, a promise, the next question. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.decisions import Line, Option
from bot.render import Wording
from cases.contracts.surveys import SKIP, SURVEY_PRESS, QuestionForm, SurveyReply
from kit.contracts import Language


def after_answer(
    reply: SurveyReply, wording: Wording, language: Language, *, now: datetime
) -> tuple[str, tuple[Option, ...]]:
    """The words, and the next question's answers as buttons."""
    lines = [wording.texts(f"cases.survey.took.{reply.took}", language)]
    if reply.promised_at is not None:
        until = wording.moment(reply.promised_at, language, now=now)
        lines.append(wording.texts("cases.survey.promised", language, until=until))
    if reply.next is None:
        return "\n".join(lines), ()
    lines.append(reply.next.words[language])
    if reply.next.form is QuestionForm.TEXT:
        skip = Option(f"{SURVEY_PRESS}:{reply.survey_id}:{reply.next.name}:{SKIP}", Line("cases.survey.skip"))
        return "\n".join(lines), (skip,)
    return "\n".join(lines), tuple(Option(button.id, button.label[language]) for button in reply.buttons())
