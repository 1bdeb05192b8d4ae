"""knowledge_base: flags on answers in SQL. Implements `knowledge_base.question_ports.FlagStore`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, Select, insert, select, update

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import article_flags, articles
from knowledge_base.contracts import Flag, FlagEnd, FlagReason

_WAITING = article_flags.c.settled_at.is_(None)


class SqlFlagStore:
    """A settled flag stays, with who settled it and how."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tx: Tx, flag: Flag) -> Flag | None:
        connection = connection_of(tx)
        own = (article_flags.c.article_id == flag.article_id, article_flags.c.by_id == flag.by_id, _WAITING)
        await connection.execute(_locked(flag.article_id))
        said = {
            "id": flag.id,
            "language": str(flag.language),
            "reason": str(flag.reason),
            "words": flag.words,
            "at": flag.at,
            "by": flag.by,
        }
        before = (await connection.execute(select(article_flags).where(*own))).mappings().one_or_none()
        if before is not None:
            await connection.execute(update(article_flags).where(*own).values(**said))
            return _flag(before)
        new = insert(article_flags).values(article_id=flag.article_id, by_id=flag.by_id, settled_by="", **said)
        await connection.execute(new)
        return None

    async def waiting(self) -> tuple[Flag, ...]:
        query = (
            select(article_flags)
            .join(articles, articles.c.id == article_flags.c.article_id)
            .where(_WAITING, articles.c.deleted_at.is_(None))
            .order_by(article_flags.c.at, article_flags.c.id)
        )
        async with self._database.read() as connection:
            return tuple(map(_flag, (await connection.execute(query)).mappings()))

    async def settle(
        self, tx: Tx, article_id: str, *, end: FlagEnd, seen: Sequence[str], at: datetime, by: str
    ) -> tuple[Flag, ...]:
        connection = connection_of(tx)
        await connection.execute(_locked(article_id))
        meant = (article_flags.c.article_id == article_id, article_flags.c.id.in_(seen), _WAITING)
        query = select(article_flags).where(*meant).order_by(article_flags.c.at, article_flags.c.id)
        flags = tuple(map(_flag, (await connection.execute(query)).mappings()))
        values = {"settled_at": at, "settled_by": by, "settled_as": str(end)}
        await connection.execute(update(article_flags).where(*meant).values(values))
        return flags


def _locked(article_id: str) -> Select[tuple[str]]:
    """The article's row makes those who write to its flags at once stand in line."""
    return select(articles.c.id).where(articles.c.id == article_id).with_for_update()


def _flag(row: RowMapping) -> Flag:
    return Flag(
        id=row["id"],
        article_id=row["article_id"],
        language=Language(row["language"]),
        reason=FlagReason(row["reason"]),
        words=row["words"],
        at=row["at"],
        by_id=row["by_id"],
        by=row["by"],
    )
