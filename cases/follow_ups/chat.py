"""cases: what customers say about follow-ups in the chat: answers, no more of this, yes you may ask here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases.contracts import ChatReply
from cases.contracts.follow_ups import FollowUpState, Wish
from cases.customer import CUSTOMER
from cases.follow_ups.asking import STOP, Asking
from cases.follow_ups.desk import offer_survey
from cases.follow_ups.planning import may_be_asked
from cases.ports import FollowUpStore, Surveys
from kit.contracts import Tx
from kit.texts import Texts


class FollowUpChat:
    """Takes answers in the caller's transaction. Fits `bot.ports.FollowUps`."""

    def __init__(self, *, store: FollowUpStore, asking: Asking, texts: Texts, surveys: Surveys | None = None) -> None:
        self._store, self._asking, self._texts, self._surveys = store, asking, texts, surveys

    async def answer(
        self, tx: Tx, conversation_id: str, follow_up_id: str, question: str, answer: str, *, at: datetime
    ) -> ChatReply | None:
        """What a pressed answer leads to; None for one that means nothing any more, or is somebody else's."""
        follow_up = await self._store.locked(tx, follow_up_id)
        if follow_up is None or follow_up.conversation_id != conversation_id or not may_be_asked(follow_up):
            return None
        if question == STOP:
            _, reply = await self._asking.refuse(tx, follow_up, by=CUSTOMER, at=at)
            return reply
        answered = await self._asking.answer(tx, follow_up, question, answer, by=CUSTOMER, at=at)
        if answered is None:
            return None
        onward, reply = answered
        if onward.state is FollowUpState.DONE:
            return reply
        stop = self._texts("cases.follow_up.stop", onward.language)
        return replace(reply, question=self._asking.chat_question(onward, stop))

    async def may_be_asked_for(self, conversation_id: str) -> bool:
        """Whether the customer has not yet said how they want to be followed up."""
        return await self._store.wish(conversation_id) is None

    async def set_wish(self, tx: Tx, conversation_id: str, wish: Wish, *, at: datetime) -> None:
        """The customer says how."""
        await self._store.set_wish(tx, conversation_id, wish, by=CUSTOMER.id, at=at)

    async def offer_survey(self, follow_up_id: str) -> None:
        """After the commit of a last answer."""
        found = await self._store.find(follow_up_id)
        if found is not None:
            await offer_survey(self._surveys, found.follow_up)
