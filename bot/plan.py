"""bot: a decision about one entry, ready to be carried out; what came of it, and its record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.contracts import Conversation, Entry, TurnExit, TurnRecord
from bot.decisions import (
    Decision,
    Silence,
)
from bot.packet import Background
from bot.policy.situation import Situation
from bot.why import why_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One decision about one entry, ready to be carried out."""

    conversation: Conversation
    """As it was read: whoever changed its owner since has won."""
    entry: Entry
    situation: Situation
    decision: Decision
    background: Background
    faults: tuple[str, ...] = ()
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What was stored."""

    record: TurnRecord
    replies: tuple[Entry, ...]
    owner_changed: bool
    desk_told: bool = False
    """The context packet of a waiting customer changed."""
    followed_up: str = ""
    """The follow-up that a last answer ended."""


def record_of(plan: Plan, *, replies: Sequence[Entry]) -> TurnRecord:
    """The record of one decision."""
    situation, decision = plan.situation, plan.decision
    understanding, result = situation.understanding, situation.result
    best = decision.match or (result.matches[0] if result and result.matches else None)
    silent = all(isinstance(action, Silence) for action in decision.actions)
    return TurnRecord(
        id=situation.turn_id,
        conversation_id=plan.conversation.id,
        seq=plan.entry.seq,
        reply_seq=max((reply.seq for reply in replies), default=plan.entry.seq),
        at=situation.now,
        exit=TurnExit.CRASHED if plan.faults else TurnExit.SILENT if silent else TurnExit.ANSWERED,
        decision=decision.name,
        rule=decision.rule,
        language=situation.language,
        intent=understanding.intent.name if understanding else "",
        intent_confidence=understanding.intent.confidence if understanding else 0.0,
        entities=tuple((e.kind, e.value) for e in understanding.entities) if understanding else (),
        article_id=best.article_id if best else None,
        article_title=best.title if best else None,
        confidence=best.confidence if best else None,
        helped=None,
        why=why_of(situation),
        faults=plan.faults,
        milliseconds=round(plan.milliseconds, 2),
    )
