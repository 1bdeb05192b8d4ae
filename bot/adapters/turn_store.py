"""bot: the records of decisions in SQL."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.adapters.rows import turn_of
from bot.adapters.statements import ADD_TURN
from bot.adapters.tables import turns
from bot.contracts import TurnRecord
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlTurnStore:
    """Implements `bot.ports.stores.TurnStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, record: TurnRecord) -> None:
        await connection_of(tx).execute(
            ADD_TURN,
            {
                "id": record.id,
                "conversation_id": record.conversation_id,
                "seq": record.seq,
                "reply_seq": record.reply_seq,
                "at": record.at,
                "exit": record.exit.value,
                "decision": record.decision,
                "rule": record.rule,
                "language": record.language.value,
                "intent": record.intent,
                "intent_confidence": record.intent_confidence,
                "entities": [list(pair) for pair in record.entities],
                "article_id": record.article_id,
                "article_title": record.article_title,
                "confidence": record.confidence,
                "helped": record.helped,
                "why": record.why,
                "faults": list(record.faults),
                "milliseconds": record.milliseconds,
            },
        )

    async def set_helped(self, tx: Tx, turn_id: str, *, helped: bool) -> None:
        await connection_of(tx).execute(update(turns).where(turns.c.id == turn_id).values(helped=helped))

    async def of_conversation(self, conversation_id: str, *, limit: int = 50) -> tuple[TurnRecord, ...]:
        query = (
            select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.seq.desc()).limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(reversed([turn_of(row) for row in await connection.execute(query)]))

    async def find(self, turn_id: str) -> TurnRecord | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(turns).where(turns.c.id == turn_id))).one_or_none()
            return None if row is None else turn_of(row)

    async def at(self, conversation_id: str, seq: int) -> TurnRecord | None:
        query = (
            select(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.seq <= seq, turns.c.reply_seq >= seq)
            .order_by(turns.c.seq.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            return None if row is None else turn_of(row)
