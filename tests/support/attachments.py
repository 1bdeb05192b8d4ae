"""tests: files of conversations, as the live desk asks for them; fits `handoff.ports.Attachments`."""

from __future__ import annotations

from dataclasses import dataclass, field

from handoff.ports import FileLine
from kit.files import SentFile, check_file
from kit.refusals import NotFound
from tests.support.clock import START


@dataclass(slots=True)
class StandInAttachments:
    """Holds what the test puts in."""

    kept: dict[tuple[str, int], SentFile] = field(default_factory=dict)
    """By conversation and line."""

    def check(self, name: str, content: bytes) -> SentFile:
        return check_file(name, content, limit_mib=1)

    async def of(self, conversation_id: str) -> tuple[FileLine, ...]:
        return tuple(
            FileLine(seq=seq, kind="customer", name=file.name, at=START)
            for (where, seq), file in self.kept.items()
            if where == conversation_id
        )

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        found = self.kept.get((conversation_id, seq))
        if found is None:
            raise NotFound
        return found
