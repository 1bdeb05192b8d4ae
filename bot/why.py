"""bot: what a decision was made from, as JSON, so that it can be explained and replayed. Pure."""

from __future__ import annotations

from bot.policy.situation import Looked, Situation
from bot.state import state_to_json
from handoff.contracts import QueuePlace
from kit.contracts import JsonValue
from knowledge_base.contracts import SearchResult
from nlu.contracts import ComplaintReading, Scored, Understanding

RANKED = 5


def why_of(situation: Situation) -> dict[str, JsonValue]:
    """Question, state before, scores, thresholds, model and base versions, and what the desk looked like."""
    return {
        "question": situation.text or situation.choice,
        "kind": situation.kind.value,
        "owner": situation.owner.value,
        "said_complaint": situation.said_complaint,
        "language": situation.language.value,
        "now": situation.now.isoformat(),
        "state": state_to_json(situation.state),
        "understanding": None if situation.understanding is None else _understanding(situation.understanding),
        "matter": None if situation.matter is None else _complaint(situation.matter),
        "search": None if situation.result is None else _search(situation.result),
        "searched": None if situation.looked is None else situation.looked.how.value,
        "looked": [_looked(each) for each in (situation.looked, *situation.parts) if each is not None],
        "shown": None if situation.shown is None else situation.shown.article_id,
        "desk": None if situation.desk is None else _place(situation.desk),
        "place": None if situation.place is None else _place(situation.place),
        "cases": None if situation.cases is None else [case.number for case in situation.cases],
    }


def _understanding(understanding: Understanding) -> dict[str, JsonValue]:
    return {
        "intent": understanding.intent.name,
        "confidence": round(understanding.intent.confidence, 4),
        "ranking": [[scored.name, round(scored.confidence, 4)] for scored in understanding.ranking[:RANKED]],
        "intents": [[span.name, round(span.confidence, 4), span.start, span.end] for span in understanding.intents],
        "entities": [[entity.kind, entity.value] for entity in understanding.entities],
        "wants_person": understanding.wants_person,
        "complaint": _complaint(understanding.complaint),
        "source": understanding.source.value,
        "model": understanding.model,
        "encoder": understanding.reading.encoder,
        "milliseconds": round(understanding.milliseconds, 2),
    }


def _complaint(complaint: ComplaintReading) -> dict[str, JsonValue]:
    return {
        "is_complaint": complaint.is_complaint,
        "suspected": complaint.suspected,
        "confidence": round(complaint.confidence, 4),
        "categories": [_scored(category) for category in complaint.categories[:RANKED]],
        "severity": complaint.severity.value,
        "severity_confidence": round(complaint.severity_confidence, 4),
        "rule": complaint.rule,
        "severity_words": list(complaint.severity_words),
        "wants": [_scored(want) for want in complaint.wants],
        "mood": None if complaint.mood is None else _scored(complaint.mood),
        "evidence": list(complaint.evidence),
    }


def _scored(scored: Scored) -> list[JsonValue]:
    """Name, confidence, the words that speak for it."""
    return [scored.name, round(scored.confidence, 4), list(scored.words)]


def _search(result: SearchResult) -> dict[str, JsonValue]:
    return {
        "level": result.level.value,
        "matches": [
            {
                "article_id": match.article_id,
                "key": match.key,
                "version": match.version,
                "title": match.title,
                "language": match.language.value,
                "confidence": round(match.confidence, 4),
                "similarity": round(match.similarity, 4),
            }
            for match in result.matches
        ],
        "choices": [match.article_id for match in result.choices],
        "answer_threshold": result.answer_threshold,
        "clarify_threshold": result.clarify_threshold,
        "knowledge_base_version": result.knowledge_base_version,
        "model": result.model,
        "milliseconds": round(result.milliseconds, 2),
    }


def _looked(looked: Looked) -> dict[str, JsonValue]:
    """What was searched for, and the searches a follow-up was made from; the whole text's result stands in `search`."""
    found: dict[str, JsonValue] = {
        "how": looked.how.value,
        "text": looked.text,
        "level": looked.result.level.value,
        "best": _best(looked.result),
    }
    if looked.alone is not None and looked.context is not None:
        found |= {"behind": looked.behind, "alone": _best(looked.alone), "context": _best(looked.context)}
    return found


def _best(result: SearchResult) -> list[JsonValue]:
    return [[match.article_id, round(match.confidence, 4)] for match in result.matches]


def _place(place: QueuePlace) -> dict[str, JsonValue]:
    return {
        "ahead": place.ahead,
        "agents_on_duty": place.agents_on_duty,
        "open_now": place.open_now,
        "opens_at": None if place.opens_at is None else place.opens_at.isoformat(),
    }
