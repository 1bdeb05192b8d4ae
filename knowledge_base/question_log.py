"""knowledge_base: keeps what customers asked and how it went, for the editors. Called in the caller's transaction.

Personal data is masked before anything is stored, as in logs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from kit.contracts import NewId, Transactions, Tx
from knowledge_base.contracts import Asked, Helped, Miss, NoHelp
from knowledge_base.question_ports import QuestionStore
from nlu.service import bare, mask_personal

HANDED_OVER_WITHIN = timedelta(minutes=30)
"""A question counts as handed over when a handover follows within this time."""
REPLIED_WITHIN = timedelta(hours=24)
"""An agent's words belong to questions that went unanswered within this time before."""
REPLY_LIMIT = 1_500
"""Characters kept of what agents wrote to one question."""
SAME_LIMIT = 200
"""Characters by which questions are told to be the same."""


class QuestionLog:
    """What the conversation tells the knowledge base. `zone` decides the day."""

    def __init__(self, *, store: QuestionStore, transactions: Transactions, zone: tzinfo, new_id: NewId) -> None:
        self._store, self._transactions, self._zone, self._new_id = store, transactions, zone, new_id

    async def record_asked(self, tx: Tx, asked: Asked) -> None:
        """Keep a question and what became of it."""
        question = mask_personal(asked.question)
        await self._store.add(
            tx,
            replace(asked, question=question),
            day=asked.at.astimezone(self._zone).date(),
            folded=bare(question)[:SAME_LIMIT],
        )

    async def record_miss(self, tx: Tx, miss: Miss) -> None:
        """Keep a question that got no good answer."""
        masked = replace(miss, question=mask_personal(miss.question), reply=mask_personal(miss.reply))
        await self._store.add_miss(tx, miss_id=self._new_id(), miss=masked)

    async def record_helped(self, asked_id: str, helped: Helped) -> None:
        """Keep the customer's word on an answer; the last word counts."""
        await self._transactions.write(lambda tx: self._store.set_helped(tx, asked_id, helped=helped is Helped.YES))

    async def record_reason(self, tx: Tx, asked_id: str, reason: NoHelp) -> None:
        """Keep why an answer did not help."""
        await self._store.set_reason(tx, asked_id, reason=reason)

    async def record_handover(self, tx: Tx, customer: str, *, at: datetime) -> None:
        """The customer goes to a person: what was asked just before was not settled."""
        await self._store.set_handed_over(tx, customer, since=at - HANDED_OVER_WITHIN)

    async def record_reply(self, tx: Tx, customer: str, text: str, *, at: datetime) -> None:
        """An agent wrote to the customer: that may be what the base lacks.

        A question that was answered, and handed over all the same, was rescued; it is a miss from now on.
        """
        reply, since = mask_personal(text)[:REPLY_LIMIT], at - REPLIED_WITHIN
        if await self._store.add_reply(tx, customer, reply, since=since, longest=REPLY_LIMIT):
            return
        asked = await self._store.last_handed_over(tx, customer, since=since)
        if asked is not None and asked.question:
            rescued = Miss(
                question=asked.question,
                language=asked.language,
                why="rescued",
                at=asked.at,
                best_article_id=asked.article_id,
                customer=customer,
                channel=asked.channel,
                reply=reply,
            )
            await self._store.add_miss(tx, miss_id=self._new_id(), miss=rescued)
