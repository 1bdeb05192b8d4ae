"""bot: the tags representatives put on conversations, for the rooms beside the desk; fits `cases.ports.Marks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Tags(Protocol):
    """As much of the desk's tags as is read here."""

    async def of(self, conversation_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]: ...


class ConversationMarks:
    """What was said of a conversation in one word each."""

    def __init__(self, tags: Tags) -> None:
        self._tags = tags

    async def of(self, conversation_id: str) -> frozenset[str]:
        return frozenset((await self._tags.of([conversation_id])).get(conversation_id, ()))
