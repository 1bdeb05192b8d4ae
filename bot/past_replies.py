"""bot: the recorded decisions as the knowledge base looks back on them. Fits `knowledge_base.ports.PastReplies`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.contracts import TurnRecord
from bot.ports.stores import TurnStore
from kit.contracts import JsonValue
from knowledge_base.contracts import Level, PastReply, RecordedMatch

PLACE = ":"
"""Parts a conversation's id from the number of one of its entries."""


class RecordedReplies:
    """Finds a reply by the id of its decision, or as `CONVERSATION:ENTRY`."""

    def __init__(self, turns: TurnStore) -> None:
        self._turns = turns

    async def find(self, reply_id: str) -> PastReply | None:
        conversation_id, mark, seq = reply_id.partition(PLACE)
        if not mark:
            record = await self._turns.find(reply_id)
        elif seq.isascii() and seq.isdigit():
            record = await self._turns.at(conversation_id, int(seq))
        else:
            record = None
        return None if record is None else past_reply(record)


def past_reply(record: TurnRecord) -> PastReply:
    """What was recorded of one decision. Pure."""
    search = _mapping(record.why.get("search"))
    understanding = _mapping(record.why.get("understanding"))
    level = search.get("level")
    matches = search.get("matches")
    return PastReply(
        id=record.id,
        question=str(search.get("question") or record.why.get("question") or ""),
        language=record.language,
        at=record.at,
        decision=record.decision,
        rule=record.rule,
        level=None if level is None else Level(str(level)),
        matches=tuple(_match(_mapping(each)) for each in matches) if isinstance(matches, list) else (),
        answer_threshold=_number(search.get("answer_threshold")),
        clarify_threshold=_number(search.get("clarify_threshold")),
        knowledge_base_version=int(_number(search.get("knowledge_base_version"))),
        model=str(search.get("model") or ""),
        understood_by=str(understanding.get("model") or ""),
        milliseconds=record.milliseconds,
    )


def _match(raw: Mapping[str, JsonValue]) -> RecordedMatch:
    return RecordedMatch(
        article_id=str(raw.get("article_id") or ""),
        version=int(_number(raw.get("version"))),
        title=str(raw.get("title") or ""),
        confidence=_number(raw.get("confidence")),
    )


def _mapping(raw: JsonValue) -> Mapping[str, JsonValue]:
    return raw if isinstance(raw, dict) else {}


def _number(raw: JsonValue) -> float:
    return float(raw) if isinstance(raw, int | float) else 0.0
