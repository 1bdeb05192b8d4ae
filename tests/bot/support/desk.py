"""tests: the conversation's real stores and inbox on a store of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.outbox_store import SqlOutboxStore
from bot.adapters.turn_store import SqlTurnStore
from bot.contracts import Inbound, InboundKind, Received
from bot.inbox import Inbox
from bot.settings.conversation import BotSettings
from kit.contracts import Language, Signals
from kit.ids import new_id
from kit.signals import MemorySignals
from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock

PUSHING = "telegram"
"""A channel that replies are pushed to; every other name is one whose clients fetch them."""


@dataclass(kw_only=True)
class Parts:
    """Stores, inbox and what they share."""

    database: Database
    texts: Texts
    clock: MovableClock = field(default_factory=MovableClock)
    signals: Signals = field(default_factory=MemorySignals)
    settings: BotSettings = field(default_factory=BotSettings)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.store = SqlConversationStore(self.database, new_id=new_id, pushing=frozenset({PUSHING, "wechat"}))
        self.turns = SqlTurnStore(self.database)
        self.outbox = SqlOutboxStore(self.database)
        self.inbox = Inbox(
            store=self.store,
            transactions=self.database,
            signals=self.signals,
            texts=self.texts,
            clock=self.clock,
            settings=self.settings.inbox,
        )

    def next_key(self) -> str:
        """A sender's id nobody used before."""
        return f"key-{next(self.numbers)}"

    async def say(
        self, text: str, *, address: str = "visitor-1", channel: str = "widget", language: Language | None = None
    ) -> Received:
        """A customer sends a text."""
        return await self.inbox.receive(
            Inbound(
                channel=channel,
                external_id=self.next_key(),
                address=address,
                kind=InboundKind.TEXT,
                text=text,
                language_hint=language,
            )
        )

    async def press(
        self, choice: str, *, to_seq: int | None = None, address: str = "visitor-1", channel: str = "widget"
    ) -> Received:
        """A customer presses a button."""
        return await self.inbox.receive(
            Inbound(
                channel=channel,
                external_id=self.next_key(),
                address=address,
                kind=InboundKind.PRESS,
                choice=choice,
                to_seq=to_seq,
            )
        )
