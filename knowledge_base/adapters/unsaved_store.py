"""knowledge_base: unsaved texts in SQL. Fits `knowledge_base.ports.UnsavedStore`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.mapping import content_of, draft_of
from knowledge_base.adapters.tables import unsaved_texts
from knowledge_base.contracts import Colleague, UnsavedText

_NEW = unsaved_texts.c.article_id.is_(None)


class SqlUnsavedStore:
    """One row a person and article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tx: Tx, *, account_id: str, person: str, text: UnsavedText) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        values = {
            "article_id": text.article_id,
            "person": person,
            "base_version": text.base_version,
            "content": content_of(text.content) if text.content else None,
            "seen_at": text.at,
            "typed_at": text.at if text.content else None,
        }
        row = new(unsaved_texts).values(account_id=account_id, name=text.name, **values)
        await connection.execute(row.on_conflict_do_update(index_elements=["account_id", "name"], set_=values))

    async def clean(self, tx: Tx, *, account_id: str, most_new: int, before: datetime) -> None:
        kept = (
            select(unsaved_texts.c.name)
            .where(unsaved_texts.c.account_id == account_id, _NEW)
            .order_by(unsaved_texts.c.seen_at.desc())
            .limit(most_new)
        )
        mine = unsaved_texts.c.account_id == account_id
        too_many = and_(_NEW, unsaved_texts.c.name.not_in(kept))
        await connection_of(tx).execute(
            delete(unsaved_texts).where(mine, or_(unsaved_texts.c.seen_at < before, too_many))
        )

    async def find(self, account_id: str, name: str) -> UnsavedText | None:
        query = select(unsaved_texts).where(unsaved_texts.c.account_id == account_id, unsaved_texts.c.name == name)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return _text_of(row) if row else None

    async def begun(self, account_id: str) -> tuple[UnsavedText, ...]:
        query = (
            select(unsaved_texts)
            .where(unsaved_texts.c.account_id == account_id, _NEW, unsaved_texts.c.typed_at.is_not(None))
            .order_by(unsaved_texts.c.seen_at.desc())
        )
        async with self._database.read() as connection:
            return tuple(_text_of(row) for row in (await connection.execute(query)).mappings())

    async def others(self, article_id: str, *, except_account: str, seen_since: datetime) -> tuple[Colleague, ...]:
        query = (
            select(unsaved_texts.c.person, unsaved_texts.c.typed_at)
            .where(
                unsaved_texts.c.article_id == article_id,
                unsaved_texts.c.account_id != except_account,
                unsaved_texts.c.seen_at >= seen_since,
            )
            .order_by(unsaved_texts.c.person)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(Colleague(name=row[0], writes=row[1] is not None) for row in rows)

    async def remove(self, tx: Tx, *, account_id: str, name: str) -> None:
        await connection_of(tx).execute(
            delete(unsaved_texts).where(unsaved_texts.c.account_id == account_id, unsaved_texts.c.name == name)
        )


def _text_of(row: RowMapping) -> UnsavedText:
    return UnsavedText(
        name=row["name"],
        article_id=row["article_id"],
        base_version=row["base_version"],
        content=draft_of(row["content"]) if row["content"] else None,
        at=row["seen_at"],
    )
