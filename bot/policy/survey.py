"""bot: answers to a satisfaction survey: a button pressed, or words where words were asked for."""

from __future__ import annotations

from bot.contracts import InboundKind, Owner
from bot.decisions import AnswerSurvey, Decision, Say
from bot.policy.situation import Policy, Situation, decided, say
from bot.state import Expects


def decide_survey_press(situation: Situation, policy: Policy) -> Decision | None:
    """A press under a survey's question, however old: whether it still counts, the cases room says."""
    return decided(situation, "survey.pressed", AnswerSurvey(choice=situation.choice, otherwise=_gone(situation)))


def decide_survey_words(situation: Situation, policy: Policy) -> Decision | None:
    """Words after a question that asked for words; complaints, questions for a person and danger were seen before."""
    state = situation.state
    if (
        situation.kind is not InboundKind.TEXT
        or state.expects is not Expects.SURVEY
        or situation.owner is not Owner.BOT
    ):
        return None
    words = AnswerSurvey(asked=state.survey, text=situation.text, otherwise=_gone(situation))
    return decided(situation, "survey.words", words)


def _gone(situation: Situation) -> Say:
    return say("bot.press.gone", options=situation.person_options())
