"""bot: several questions in one message: an answer to each, or an answer and a choice."""

from __future__ import annotations

from bot.contracts import Owner
from bot.decisions import Action, Clarify, Decision, Line, Option, RecordMiss, Say
from bot.policy.answering import answer_given, answer_with
from bot.policy.situation import ARTICLE, NONE_OF_THESE, Looked, Policy, Situation, decided
from bot.state import Expects
from knowledge_base.contracts import Level, Match

QUOTED = 40
"""Characters of a question that are quoted back at most."""


def decide_several(situation: Situation, policy: Policy) -> Decision | None:
    """Different articles for different questions; the message counts as one where only one article is sure."""
    answered, rest = _sorted(situation.parts)
    if not answered or (len(answered) == 1 and not rest) or situation.owner is not Owner.BOT:
        return None
    if len(answered) == 1 and not _worth_adding(situation, rest, policy):
        return None
    actions: list[Action] = [action for match in answered for action in answer_with(situation, match)]
    left = next(iter(rest), None)
    actions += _for_rest(situation, left, policy, answered) if left is not None else ()
    return decided(
        situation,
        "answering.several" if left is None else "answering.several_partly",
        *actions,
        name="answer",
        expects=Expects.HELPED,
        misses=0,
        question=situation.text,
        unanswered=(left.text,) if left is not None else (),
        answer=answer_given(situation, answered[-1], question=situation.text),
    )


def _sorted(parts: tuple[Looked, ...]) -> tuple[tuple[Match, ...], tuple[Looked, ...]]:
    """The sure articles, each once, and the questions that have none."""
    sure: dict[str, Match] = {}
    rest = []
    for part in parts:
        if part.result.level is Level.SURE:
            sure.setdefault(part.result.matches[0].article_id, part.result.matches[0])
        else:
            rest.append(part)
    return tuple(sure.values()), tuple(rest)


def _worth_adding(situation: Situation, rest: tuple[Looked, ...], policy: Policy) -> bool:
    """Whether the other parts are more than words around the one that has an answer.

    A message that is sure as a whole has been understood but for what there are choices for.
    """
    asks = [part for part in rest if part.text in policy.words.question]
    return any(situation.sure() is None or part.result.level is Level.UNSURE for part in asks)


def _for_rest(situation: Situation, left: Looked, policy: Policy, answered: tuple[Match, ...]) -> tuple[Action, ...]:
    """Choices for the first question that has no answer, or the honest word that there is none."""
    known = {match.article_id for match in answered}
    choices = tuple(match for match in left.result.choices if match.article_id not in known)
    if left.result.level is Level.UNSURE and choices:
        buttons = tuple(Option(f"{ARTICLE}{match.article_id}", match.title) for match in choices)
        none = Option(NONE_OF_THESE, Line("bot.choice.none"))
        options = (*buttons, none, *situation.person_options())
        return (Clarify(matches=choices, options=options, line=Line("bot.answer.rest_unsure")),)
    best = left.result.matches[0].article_id if left.result.matches else None
    question = left.text if len(left.text) <= QUOTED else f"{left.text[: QUOTED - 1]}…"
    honest = Say(lines=(Line("bot.answer.rest_unknown", {"question": question}),), options=situation.person_options())
    return (honest, RecordMiss(question=left.text, why="unknown", best_article_id=best))
