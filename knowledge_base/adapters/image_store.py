"""knowledge_base: pictures in SQL. Fits `knowledge_base.ports.ImageStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import images
from knowledge_base.drawings import StoredImage

CHUNK = 500
"""Pictures asked for in one statement."""


class SqlImageStore:
    """Pictures by the hash of their content."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tx: Tx, image: StoredImage, content: bytes, *, at: datetime, by: str) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = new(images).values(
            id=image.id,
            kind=image.kind,
            width=image.width,
            height=image.height,
            content=content,
            at=at,
            by=by,
        )
        await connection.execute(row.on_conflict_do_nothing())

    async def content(self, image_id: str, kind: str) -> bytes | None:
        query = select(images.c.content).where(images.c.id == image_id, images.c.kind == kind)
        async with self._database.read() as connection:
            found: bytes | None = (await connection.execute(query)).scalar()
        return found

    async def stored(self, image_ids: Sequence[str]) -> tuple[StoredImage, ...]:
        found: list[StoredImage] = []
        async with self._database.read() as connection:
            for start in range(0, len(image_ids), CHUNK):
                query = select(images.c.id, images.c.kind, images.c.width, images.c.height).where(
                    images.c.id.in_(image_ids[start : start + CHUNK])
                )
                found += [StoredImage(**row) for row in (await connection.execute(query)).mappings()]
        return tuple(found)
