"""knowledge_base: attachments in SQL. Fits `knowledge_base.ports.AttachmentStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Tx
from kit.files import SentFile
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import attachments
from knowledge_base.attached_files import id_of

CHUNK = 500
"""Files asked for in one statement."""


class SqlAttachmentStore:
    """Files by the hash of their content."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tx: Tx, file: SentFile, *, at: datetime, by: str) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = new(attachments).values(
            id=id_of(file.content),
            media_type=file.media_type,
            size=len(file.content),
            content=file.content,
            held=False,
            at=at,
            by=by,
        )
        # Sent again it is wanted again, and its days are counted anew.
        await connection.execute(row.on_conflict_do_update(index_elements=[attachments.c.id], set_={"at": at}))

    async def find(self, attachment_id: str) -> tuple[str, bytes] | None:
        query = select(attachments.c.media_type, attachments.c.content).where(attachments.c.id == attachment_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (row.media_type, row.content)

    async def sizes(self, attachment_ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        async with self._database.read() as connection:
            for start in range(0, len(attachment_ids), CHUNK):
                query = select(attachments.c.id, attachments.c.size).where(
                    attachments.c.id.in_(attachment_ids[start : start + CHUNK])
                )
                found |= {row.id: row.size for row in await connection.execute(query)}
        return found

    async def hold(self, tx: Tx, attachment_ids: Sequence[str]) -> frozenset[str]:
        connection, there = connection_of(tx), set[str]()
        for start in range(0, len(attachment_ids), CHUNK):
            chosen = attachments.c.id.in_(attachment_ids[start : start + CHUNK])
            await connection.execute(update(attachments).where(chosen, ~attachments.c.held).values(held=True))
            there |= set((await connection.execute(select(attachments.c.id).where(chosen))).scalars())
        return frozenset(there)

    async def purge(self, tx: Tx, *, before: datetime, limit: int) -> int:
        connection = connection_of(tx)
        old = select(attachments.c.id).where(~attachments.c.held, attachments.c.at < before).limit(limit)
        ids = (await connection.execute(old)).scalars().all()
        if ids:
            await connection.execute(delete(attachments).where(attachments.c.id.in_(ids), ~attachments.c.held))
        return len(ids)
