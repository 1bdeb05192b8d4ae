"""bot: the context packet for the person who takes over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.contracts import Conversation, Owner, TurnRecord
from bot.decisions import HandOver
from bot.heard import heard_before, heard_of, moods_of
from bot.policy.situation import Situation
from cases.contracts import Case, CaseStatus
from handoff.contracts import (
    Attempt,
    ComplaintNote,
    ContextPacket,
    EarlierContact,
    Handoff,
    HandoffRequest,
    HeardLater,
    HeardNote,
    LaterWish,
)
from nlu.contracts import UNKNOWN, Understanding

WANT_LIMIT = 140
ATTEMPTS = 8
EARLIER = 10
NOT_A_WISH = frozenset(
    {"", UNKNOWN, "talk_to_person", "affirm", "deny", "greet", "thanks", "goodbye", "give_order_number"}
)
"""Intents that say nothing of what the customer wants; the one before them counts."""
ATTEMPT_OF_RULE = {
    "answering.sure": "answer",
    "answering.chosen": "answer",
    "waiting.answer": "answer",
    "form.question_answered": "answer",
    "answering.unsure": "clarify",
    "answering.doubted": "clarify",
    "trouble": "clarify",
    "answering.unknown": "unknown",
    "answering.unknown_after_person": "unknown",
    "answering.unknown_again": "unknown",
    "answering.no_search": "unknown",
    "form.question_later": "unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What was looked up for the packet; empty where it could not be."""

    turns: Sequence[TurnRecord] = ()
    """Oldest first."""
    present: TurnRecord | None = None
    """What this very turn answers; it is stored only when all of it is done."""
    cases: Sequence[Case] = ()
    """Newest first."""
    handoffs: Sequence[Handoff] = ()


def request_of(
    conversation: Conversation,
    action: HandOver,
    situation: Situation,
    background: Background,
    *,
    waited: Sequence[str] = (),
) -> HandoffRequest:
    """What the desk is told when a person is called, or when who waits writes on (`waited`)."""
    return HandoffRequest(
        conversation_id=conversation.id,
        customer_name=conversation.customer_name,
        channel=conversation.channel,
        reason=action.reason,
        urgency=action.urgency,
        language=situation.language,
        packet=build_packet(situation, background, waited=waited),
        department=action.department,
    )


def build_packet(situation: Situation, background: Background, *, waited: Sequence[str] = ()) -> ContextPacket:
    """Everything a person should know before the first word; `waited` is what was said while waiting."""
    case = next((case for case in background.cases if case.status is not CaseStatus.WITHDRAWN), None)
    intent, confidence = _intent(situation, background.turns)
    turns = (*background.turns, *([background.present] if background.present is not None else []))
    return ContextPacket(
        want=_one_line(_want(situation, case, waited)),
        language=situation.language,
        intent=intent,
        intent_confidence=confidence,
        entities=_entities(situation, background.turns),
        given=_given(situation, case),
        complaint=None if case is None else _note(case, _heard(situation, background.turns)),
        attempts=tuple(_attempts(turns))[-ATTEMPTS:],
        earlier=tuple(_earlier(background, case))[:EARLIER],
        moods=moods_of(background.turns, (situation.now, situation.complaint)),
    )


def answered_in(turns: Sequence[TurnRecord]) -> tuple[tuple[str, str], ...]:
    """Id and title of the last articles the customer was answered with."""
    shown = [turn for turn in turns if ATTEMPT_OF_RULE.get(turn.rule) == "answer"]
    pairs = ((turn.article_id, turn.article_title) for turn in shown if turn.article_id and turn.article_title)
    return tuple(dict.fromkeys((article_id, title) for article_id, title in pairs if article_id and title))[-ATTEMPTS:]


def heard_later(text: str, understanding: Understanding, *, at: datetime) -> HeardLater:
    """What a message adds to the packet while a person holds the conversation."""
    intent, mood = understanding.intent, understanding.complaint.mood
    wish = LaterWish(at=at, line=_one_line(text), intent=intent.name, intent_confidence=intent.confidence)
    return HeardLater(
        language=understanding.reading.language,
        entities=tuple((entity.kind, entity.value) for entity in understanding.entities),
        mood=mood.name if mood is not None else "",
        wish=None if intent.name in NOT_A_WISH else wish,
    )


def _want(situation: Situation, case: Case | None, waited: Sequence[str]) -> str:
    """The complaint, else what was asked last, else what was just said; with what a waiting customer added."""
    if situation.owner is Owner.QUEUE:
        asked = (case.what_happened if case is not None else "") or situation.state.question
        return " · ".join(dict.fromkeys(text for text in (asked, *waited) if text)) or situation.text
    if case is not None and case.what_happened:
        return case.what_happened
    just_said = situation.understanding is not None and not situation.understanding.wants_person
    if just_said and situation.text:
        return situation.text
    return situation.state.question or situation.text


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WANT_LIMIT else f"{line[: WANT_LIMIT - 1]}…"


def _intent(situation: Situation, turns: Sequence[TurnRecord]) -> tuple[str, float]:
    understanding = situation.understanding
    if understanding is not None and understanding.intent.name not in NOT_A_WISH:
        return understanding.intent.name, understanding.intent.confidence
    for turn in reversed(turns):
        if turn.intent not in NOT_A_WISH:
            return turn.intent, turn.intent_confidence
    if understanding is not None:
        return understanding.intent.name, understanding.intent.confidence
    return UNKNOWN, 0.0


def _entities(situation: Situation, turns: Sequence[TurnRecord]) -> tuple[tuple[str, str], ...]:
    said = [pair for turn in turns for pair in turn.entities]
    if situation.understanding is not None:
        said += [(entity.kind, entity.value) for entity in situation.understanding.entities]
    return tuple(dict.fromkeys(said))


def _given(situation: Situation, case: Case | None) -> tuple[tuple[str, str], ...]:
    order_number = (case.order_number if case else None) or situation.state.order_number
    values = {
        "order_number": order_number,
        "wanted": case.wanted if case else None,
        "contact": case.contact if case else None,
    }
    return tuple((field, value) for field, value in values.items() if value)


def _note(case: Case, heard: tuple[HeardNote, ...]) -> ComplaintNote:
    return ComplaintNote(
        number=case.number,
        category=case.category,
        category_confidence=case.category_confidence,
        severity=case.severity.value,
        severity_confidence=case.severity_confidence,
        words=case.words,
        wanted=case.wanted,
        rule=case.rule,
        heard=heard,
    )


def _heard(situation: Situation, turns: Sequence[TurnRecord]) -> tuple[HeardNote, ...]:
    return heard_before(turns) if situation.complaint is None else heard_of(situation.complaint)


def _attempts(turns: Sequence[TurnRecord]) -> Iterable[Attempt]:
    for turn in turns:
        decision = ATTEMPT_OF_RULE.get(turn.rule)
        if decision is not None:
            yield Attempt(
                question=_one_line(str(turn.why.get("question", ""))),
                decision=decision,
                title=turn.article_title,
                confidence=turn.confidence,
                helped=turn.helped,
            )


def _earlier(background: Background, present: Case | None) -> Iterable[EarlierContact]:
    contacts = [
        EarlierContact(at=handoff.asked_at, kind="handoff", summary=_one_line(handoff.packet.want))
        for handoff in background.handoffs
    ]
    contacts += [
        EarlierContact(at=case.opened_at, kind="case", summary=_one_line(f"{case.number} {case.what_happened}"))
        for case in background.cases
        if present is None or case.id != present.id
    ]
    return sorted(contacts, key=lambda contact: contact.at, reverse=True)
