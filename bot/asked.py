"""bot: which turns were questions, and what became of them, for the knowledge base's figures. Pure."""

from __future__ import annotations

from bot.contracts import Conversation, TurnRecord
from bot.decisions import Decision
from bot.policy.situation import ARTICLE, Situation
from knowledge_base.contracts import Asked, AskedOutcome, SearchResult

OUTCOMES = {
    "answering.sure": AskedOutcome.ANSWERED,
    "answering.several": AskedOutcome.ANSWERED,
    "answering.several_partly": AskedOutcome.ANSWERED,
    "answering.unsure": AskedOutcome.CLARIFIED,
    "answering.doubted": AskedOutcome.CLARIFIED,
    "trouble": AskedOutcome.CLARIFIED,
    "answering.chosen": AskedOutcome.CHOSEN,
    "answering.unknown": AskedOutcome.UNKNOWN,
    "answering.unknown_again": AskedOutcome.UNKNOWN,
    "answering.unknown_after_person": AskedOutcome.UNKNOWN,
    "answering.no_search": AskedOutcome.UNKNOWN,
}
"""Rules for messages that were questions; greetings, complaints and other presses are none of the editors' business."""
CLOSE = 0.5
"""A second article at least half as likely as the first is its rival."""


def asked_of(conversation: Conversation, situation: Situation, decision: Decision, record: TurnRecord) -> Asked | None:
    """The question of a turn; None where nothing was asked."""
    outcome = OUTCOMES.get(decision.rule)
    if outcome is None:
        return None
    shown = decision.match
    best = shown or (situation.result.matches[0] if situation.result and situation.result.matches else None)
    chosen = outcome is AskedOutcome.CHOSEN
    return Asked(
        id=record.id,
        customer=conversation.id,
        channel=conversation.channel,
        language=situation.language,
        at=situation.now,
        question=(situation.state.question if chosen else situation.text) or (best.title if best else ""),
        outcome=outcome,
        article_id=best.article_id if best else None,
        article_version=best.version if best else None,
        rival_id=_passed_over(situation) if chosen else _close_second(situation.result),
    )


def _close_second(result: SearchResult | None) -> str | None:
    if result is None or len(result.matches) < 2:  # noqa: PLR2004 - a first and a second
        return None
    first, second = result.matches[:2]
    return second.article_id if second.confidence >= CLOSE * first.confidence else None


def _passed_over(situation: Situation) -> str | None:
    """The article that was offered first, where another one was chosen."""
    offered = [choice for choice, _ in situation.state.offered if choice.startswith(ARTICLE)]
    if situation.choice not in offered or offered[0] == situation.choice:
        return None
    return offered[0].removeprefix(ARTICLE)
