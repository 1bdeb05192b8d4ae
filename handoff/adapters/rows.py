"""handoff: from rows and stored JSON to frozen values and back, one function a value."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from handoff.contracts import (
    Agent,
    AgentProfile,
    Attempt,
    CannedReply,
    ComplaintNote,
    ContextPacket,
    Customer,
    EarlierContact,
    Handoff,
    HandoffReason,
    HandoffState,
    HeardNote,
    LaterWish,
    Offer,
    Outcome,
    Placing,
    Promise,
    PromiseKind,
    PromiseState,
    Urgency,
    Why,
)
from handoff.ordering import Waiting
from kit.contracts import JsonValue, Language


def handoff_of(row: Row[Any]) -> Handoff:
    """A `handoffs` row."""
    return Handoff(
        id=row.id,
        conversation_id=row.conversation_id,
        customer_name=row.customer_name,
        channel=row.channel,
        reason=HandoffReason(row.reason),
        urgency=Urgency(row.urgency),
        language=Language(row.language),
        state=HandoffState(row.state),
        packet=packet_of(row.packet),
        asked_at=row.asked_at,
        returned_to_queue=row.returned_to_queue,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        epoch=row.epoch,
        placing=Placing(
            department=row.department,
            skill=row.skill,
            key_account=row.key_account,
            named_agent_id=row.named_agent_id,
            answer_by=row.answer_by,
            why=why_of(row.placed_why),
        ),
        outcome=Outcome(row.outcome) if row.outcome else None,
        category=row.category,
    )


def waiting_of(row: Row[Any]) -> Waiting:
    """The columns of a `handoffs` row that decide its place."""
    return Waiting(
        conversation_id=row.conversation_id,
        urgency=Urgency(row.urgency),
        returned_to_queue=row.returned_to_queue,
        answer_by=row.answer_by,
    )


def placing_values(placing: Placing) -> dict[str, Any]:
    """The columns of a placing."""
    return {
        "department": placing.department,
        "skill": placing.skill,
        "key_account": placing.key_account,
        "named_agent_id": placing.named_agent_id,
        "answer_by": placing.answer_by,
        "placed_why": why_to_json(placing.why),
    }


def offer_of(row: Row[Any]) -> Offer:
    """A `handoff_offers` row."""
    return Offer(
        id=row.id,
        handoff_id=row.handoff_id,
        agent=Agent(id=row.agent_id, name=row.agent_name),
        offered_at=row.offered_at,
        ends_at=row.ends_at,
        why=why_of(row.why),
    )


def promise_of(row: Row[Any]) -> Promise:
    """A `handoff_promises` row."""
    return Promise(
        id=row.id,
        conversation_id=row.conversation_id,
        handoff_id=row.handoff_id,
        department=row.department,
        kind=PromiseKind(row.kind),
        begins_at=row.begins_at,
        due_by=row.due_by,
        number=row.number,
        contact=row.contact,
        state=PromiseState(row.state),
        made_at=row.made_at,
    )


def profile_of(row: Row[Any]) -> AgentProfile:
    """An `agent_profiles` row."""
    return AgentProfile(
        account_id=row.account_id,
        departments=frozenset(row.departments),
        languages=frozenset(map(Language, row.languages)),
        skills=frozenset(row.skills),
        capacity=row.capacity,
        channel_capacity=tuple(sorted((str(name), int(most)) for name, most in row.channel_capacity.items())),
        shifts=tuple(map(str, row.shifts)),
    )


def profile_values(profile: AgentProfile) -> dict[str, Any]:
    """The columns of a profile."""
    return {
        "account_id": profile.account_id,
        "departments": sorted(profile.departments),
        "languages": sorted(language.value for language in profile.languages),
        "skills": sorted(profile.skills),
        "capacity": profile.capacity,
        "channel_capacity": dict(profile.channel_capacity),
        "shifts": list(profile.shifts),
    }


def customer_of(row: Row[Any], conversation_id: str) -> Customer:
    """A `handoff_customers` row, as asked for from one of the customer's conversations."""
    return Customer(
        conversation_id=conversation_id,
        key_account=row.key_account,
        named_agent_id=row.named_agent_id,
        tags=tuple(map(str, row.tags or ())),
    )


def canned_of(row: Row[Any]) -> CannedReply:
    """A `handoff_canned_replies` row."""
    return CannedReply(
        id=row.id,
        title=row.title,
        text=row.text,
        language=Language(row.language),
        department=row.department,
        changed_at=row.changed_at,
    )


def why_to_json(why: tuple[Why, ...]) -> list[JsonValue]:
    """Reasons as they are stored."""
    return [[one.code, one.about] for one in why]


def why_of(raw: Any) -> tuple[Why, ...]:
    """Stored reasons."""
    return tuple(Why(code=str(code), about=str(about)) for code, about in raw)


def packet_to_json(packet: ContextPacket) -> dict[str, JsonValue]:
    """A packet as it is stored."""
    complaint = packet.complaint
    return {
        "want": packet.want,
        "language": packet.language.value,
        "intent": packet.intent,
        "intent_confidence": packet.intent_confidence,
        "entities": [list(pair) for pair in packet.entities],
        "given": [list(pair) for pair in packet.given],
        "complaint": None
        if complaint is None
        else {
            "number": complaint.number,
            "category": complaint.category,
            "category_confidence": complaint.category_confidence,
            "severity": complaint.severity,
            "severity_confidence": complaint.severity_confidence,
            "words": list(complaint.words),
            "wanted": complaint.wanted,
            "rule": complaint.rule,
            "heard": [
                {"aspect": h.aspect, "name": h.name, "confidence": h.confidence, "words": list(h.words)}
                for h in complaint.heard
            ],
        },
        "attempts": [
            {
                "question": attempt.question,
                "decision": attempt.decision,
                "title": attempt.title,
                "confidence": attempt.confidence,
                "helped": attempt.helped,
            }
            for attempt in packet.attempts
        ],
        "earlier": [
            {"at": contact.at.isoformat(), "kind": contact.kind, "summary": contact.summary}
            for contact in packet.earlier
        ],
        "moods": [[at.isoformat(), mood] for at, mood in packet.moods],
        "later": [[one.at.isoformat(), one.line, one.intent, one.intent_confidence] for one in packet.later],
    }


def packet_of(raw: Any) -> ContextPacket:
    """A stored packet."""
    return ContextPacket(
        want=raw["want"],
        language=Language(raw["language"]),
        intent=raw["intent"],
        intent_confidence=raw["intent_confidence"],
        entities=_pairs(raw["entities"]),
        given=_pairs(raw["given"]),
        complaint=None if raw["complaint"] is None else _complaint_of(raw["complaint"]),
        attempts=tuple(Attempt(**attempt) for attempt in raw["attempts"]),
        earlier=tuple(
            EarlierContact(at=datetime.fromisoformat(c["at"]), kind=c["kind"], summary=c["summary"])
            for c in raw["earlier"]
        ),
        # Packets stored by an older version have none.
        moods=tuple((datetime.fromisoformat(at), str(mood)) for at, mood in raw.get("moods", ())),
        later=tuple(
            LaterWish(at=datetime.fromisoformat(at), line=line, intent=intent, intent_confidence=confidence)
            for at, line, intent, confidence in raw.get("later", ())
        ),
    )


def _complaint_of(raw: Any) -> ComplaintNote:
    # Packets stored by an older version have no "heard".
    heard = tuple(HeardNote(**{**h, "words": tuple(h["words"])}) for h in raw.get("heard", ()))
    return ComplaintNote(**{**raw, "words": tuple(raw["words"]), "heard": heard})


def _pairs(raw: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in raw)
