"""knowledge_base: files that go along with answers. They are kept as they came, once, under the hash of their content.

Whatever a version of an article names stays for as long as the version does, so that an old one can be brought back
whole; what was sent and never saved with an article goes after a while.
"""

from __future__ import annotations

from datetime import datetime

from kit.contracts import Clock, Transactions
from kit.files import SentFile, file_name
from kit.refusals import NotAllowed, NotFound
from knowledge_base.attached_files import attachment_of, check_attachment
from knowledge_base.contracts import Attachment
from knowledge_base.editing import WRITERS
from knowledge_base.ports import AttachmentStore
from knowledge_base.unsaved import KEPT
from staff.contracts import Person

TOGETHER = 100
"""Files that nobody needs are removed so many at a time."""


class Attachments:
    """Takes files from editors and gives them to everybody."""

    def __init__(self, *, store: AttachmentStore, transactions: Transactions, clock: Clock) -> None:
        self._store, self._transactions, self._clock = store, transactions, clock

    async def add(self, by: Person, name: str, content: bytes) -> Attachment:
        """Keep a file; the same one twice is kept once. Raises `FileTooLarge`, `FileUnknown`, `NotAllowed`."""
        if not by.may(*WRITERS):
            raise NotAllowed
        file = check_attachment(name, content)
        await self._transactions.write(lambda tx: self._store.put(tx, file, at=self._clock(), by=by.display_name))
        return attachment_of(file)

    async def load(self, attachment_id: str, name: str = "") -> SentFile:
        """The file, under `name` made fit for a disk. Raises `NotFound`."""
        found = await self._store.find(attachment_id)
        if found is None:
            raise NotFound
        media_type, content = found
        return SentFile(name=file_name(name, media_type), media_type=media_type, content=content)

    async def run(self, now: datetime) -> None:
        """Remove what was sent long ago and belongs to no version of any article."""
        removed = TOGETHER
        while removed == TOGETHER:
            removed = await self._transactions.write(
                lambda tx: self._store.purge(tx, before=now - 2 * KEPT, limit=TOGETHER)
            )
