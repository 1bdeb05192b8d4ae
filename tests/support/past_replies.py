"""tests: replies of the bot as a store would hand them out."""

from __future__ import annotations

from dataclasses import replace

from kit.contracts import Clock, Language
from knowledge_base.contracts import PastReply, RecordedMatch, SearchResult


class Kept:
    """Fits `knowledge_base.ports.PastReplies`."""

    def __init__(self, clock: Clock) -> None:
        self._replies: dict[str, PastReply] = {}
        self._clock = clock

    async def find(self, reply_id: str) -> PastReply | None:
        return self._replies.get(reply_id)

    def put(self, name: str, question: str, result: SearchResult | None) -> PastReply:
        """Record a reply as a turn would."""
        matches = result.matches if result else ()
        self._replies[name] = PastReply(
            id=name,
            question=question,
            language=Language.EN,
            at=self._clock(),
            decision="answer",
            rule="answering.sure",
            level=result.level if result else None,
            matches=tuple(
                RecordedMatch(article_id=m.article_id, version=m.version, title=m.title, confidence=m.confidence)
                for m in matches
            ),
            answer_threshold=result.answer_threshold if result else 0.0,
            clarify_threshold=result.clarify_threshold if result else 0.0,
            knowledge_base_version=result.knowledge_base_version if result else 0,
            model=result.model if result else "",
            understood_by="stand-in",
            milliseconds=1.0,
        )
        return self._replies[name]

    def change(self, name: str, **values: object) -> None:
        """Record it otherwise."""
        self._replies[name] = replace(self._replies[name], **values)  # type: ignore[arg-type]
