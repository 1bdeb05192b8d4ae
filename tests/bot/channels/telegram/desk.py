"""tests: the Telegram channel over a real inbox, with a fake Bot API in front of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.channel_reads import SqlChannelReads
from bot.adapters.file_store import SqlFileStore
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound import CHANNEL
from bot.contracts import Entry, EntryKind, NewEntry, Outgoing
from bot.settings.channels import TelegramMode, TelegramSettings
from kit.contracts import JsonValue, Language
from knowledge_base.adapters.build import build_attachments
from tests.bot.channels.web.desk import ScriptedQueue
from tests.bot.support.desk import Parts
from tests.support.fake_bot_api import TOKEN, FakeBotApi

SECRET = "secret-of-the-webhook_0001"


@dataclass(kw_only=True)
class TelegramDesk:
    """A channel built as `bot/app.py` builds it, without a turn behind the inbox."""

    api: FakeBotApi
    parts: Parts
    mode: TelegramMode = TelegramMode.POLLING
    poll_seconds: int = 0
    to_html: Callable[[str], str] = field(default=html.escape)
    inbox: Any = None
    queue: ScriptedQueue = field(default_factory=ScriptedQueue)

    def __post_init__(self) -> None:
        settings = TelegramSettings(
            enabled=True,
            mode=self.mode,
            webhook_url="https://desk.example.com" if self.mode is TelegramMode.WEBHOOK else "",
            poll_seconds=self.poll_seconds,
            api_url=self.api.url,
            messages_per_second=1000,
            seconds_between_messages=0,
        )
        self.channel = TelegramChannel(
            settings,
            token=TOKEN,
            secret=SECRET,
            inbox=self.inbox or self.parts.inbox,
            reads=self.parts.store,
            files=SqlFileStore(self.parts.database),
            attached=build_attachments(self.parts.database, clock=self.parts.clock),
            waiting=SqlChannelReads(self.parts.database),
            queue=self.queue,
            signals=self.parts.signals,
            texts=self.parts.texts,
            to_html=self.to_html,
            language=Language.ZH,
            clock=self.parts.clock,
            zone=ZoneInfo("Asia/Shanghai"),
        )

    async def transcript(self, chat: int) -> list[Entry]:
        """What is stored of a chat."""
        home = await self.parts.store.find_at(CHANNEL, str(chat))
        return list(await self.parts.store.entries(home.id)) if home else []

    async def reply(
        self,
        chat: int,
        text: str,
        *,
        kind: EntryKind = EntryKind.BOT,
        author: str = "",
        language: Language = Language.ZH,
        payload: dict[str, JsonValue] | None = None,
    ) -> Outgoing:
        """Store a line of the house in the chat's conversation; returns its outbox row."""
        home = await self.parts.store.find_at(CHANNEL, str(chat))
        assert home is not None
        new = NewEntry(
            kind=kind,
            key=f"turn:{self.parts.next_key()}",
            text=text,
            language=language,
            author=author,
            payload=payload or {},
        )
        await self.parts.database.write(lambda tx: self.parts.store.append(tx, home.id, [new], at=self.parts.clock()))
        return (
            await self.parts.outbox.heads(
                self.parts.clock(), channels=frozenset({CHANNEL}), limit=1, conversation_id=home.id
            )
        )[0]
