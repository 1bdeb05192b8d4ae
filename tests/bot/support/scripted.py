"""tests: what the rooms behind the bot's ports say, written down: readings, articles, findings, places."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from handoff.contracts import QueuePlace
from kit.contracts import Language
from knowledge_base.contracts import Level, Match, SearchResult
from nlu.contracts import UNKNOWN as UNKNOWN_INTENT
from nlu.contracts import ComplaintReading, Entity, IntentSpan, Reading, Scored, Severity, Source, Understanding
from tests.support.clock import START

VECTOR = np.full(4, 0.5, dtype=np.float32)
NO_COMPLAINT = ComplaintReading(
    is_complaint=False, confidence=0.02, categories=(), severity=Severity.NORMAL, severity_confidence=0.9, rule=None
)


def complaint(
    category: str = "product_quality",
    severity: Severity = Severity.NORMAL,
    *,
    rule: str | None = None,
    wants: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    others: tuple[str, ...] = ("delivery", "repair_warranty"),
) -> ComplaintReading:
    """A complaint as the classifier would read it."""
    return ComplaintReading(
        is_complaint=True,
        confidence=0.97,
        categories=(Scored(name=category, confidence=0.8), *(Scored(name=name, confidence=0.08) for name in others)),
        severity=severity,
        severity_confidence=0.85,
        rule=rule,
        wants=tuple(Scored(name=want, confidence=0.9) for want in wants),
        evidence=evidence,
    )


def reading(text: str, language: Language) -> Reading:
    """A text read."""
    return Reading(text=text, normalised=text.lower(), language=language, vector=VECTOR, encoder="scripted")


def understood(
    text: str,
    language: Language = Language.ZH,
    *,
    intent: str = UNKNOWN_INTENT,
    confidence: float | None = None,
    complaint: ComplaintReading = NO_COMPLAINT,
    wants_person: bool = False,
    intents: tuple[IntentSpan, ...] = (),
    **entities: str,
) -> Understanding:
    """A message understood."""
    surely = 0.5 if intent == UNKNOWN_INTENT else 0.9
    scored = Scored(name=intent, confidence=surely if confidence is None else confidence)
    return Understanding(
        reading=reading(text, language),
        intent=scored,
        ranking=(scored,),
        intents=intents or (IntentSpan(name=intent, confidence=scored.confidence, start=0, end=len(text)),),
        entities=tuple(Entity(kind=kind, value=value, start=0, end=len(value)) for kind, value in entities.items()),
        complaint=complaint,
        wants_person=wants_person,
        source=Source.RASA,
        model="scripted",
        milliseconds=1.0,
    )


def article(name: str, language: Language = Language.ZH, *, confidence: float = 0.97, answer: str = "") -> Match:
    """A published article."""
    return Match(
        article_id=f"id-{name}",
        key=name,
        category="returns",
        version=3,
        language=language,
        title=f"title of {name}",
        answer=answer or f"**answer** of {name}",
        short="",
        wording=name,
        confidence=confidence,
        similarity=0.91,
    )


def found(level: Level, *matches: Match) -> SearchResult:
    """A search's result; the first three matches are the choices when it is unsure."""
    return SearchResult(
        level=level,
        matches=matches,
        choices=matches[:3] if level is Level.UNSURE else (),
        answer_threshold=0.8,
        clarify_threshold=0.3,
        knowledge_base_version=7,
        model="scripted",
        milliseconds=1.0,
    )


UNKNOWN = found(Level.UNKNOWN)


def place(*, ahead: int = 0, agents: int = 2, open_now: bool = True, opens_at: datetime | None = None) -> QueuePlace:
    """What a customer would meet."""
    return QueuePlace(ahead=ahead, waiting_since=START, agents_on_duty=agents, open_now=open_now, opens_at=opens_at)
