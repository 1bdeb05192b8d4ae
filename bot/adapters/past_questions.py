"""bot: what customers asked lately, for the editors' gate. Fits `knowledge_base.ports.PastQuestions`."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from bot.adapters.tables import entries, turns
from bot.asked import OUTCOMES
from bot.contracts import EntryKind
from kit.contracts import Language
from kit.sql import Database
from knowledge_base.contracts import PastQuestion

# A pressed choice has no words of the customer's; trouble and a failed search say nothing of an article.
ASKED = tuple(sorted(OUTCOMES.keys() - {"answering.chosen", "answering.no_search", "trouble"}))
"""Rules for messages that were questions; greetings, presses and complaints are none of the editors' business."""
REPEATED = 5
"""So many times more are read than wanted, since customers ask the same."""
LONGEST = 300
"""Characters; longer messages are stories, and no article is written for them."""


class SqlPastQuestions:
    """Customers' texts that the bot took for questions, each once, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, *, limit: int) -> tuple[PastQuestion, ...]:
        same = and_(turns.c.conversation_id == entries.c.conversation_id, turns.c.seq == entries.c.seq)
        query = (
            select(entries.c.text, turns.c.language)
            .join(turns, same)
            .where(
                turns.c.rule.in_(ASKED),
                entries.c.kind == str(EntryKind.CUSTOMER),
                func.length(entries.c.text).between(1, LONGEST),
            )
            .order_by(turns.c.id.desc())
            .limit(limit * REPEATED)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        found = dict.fromkeys((str(row[0]).strip(), Language(row[1])) for row in rows)
        return tuple(PastQuestion(question=text, language=language) for text, language in list(found)[:limit] if text)
