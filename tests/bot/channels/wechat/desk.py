"""tests: the WeChat channel over a real inbox, with a fake WeChat on both sides; replies are sent by hand."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.adapters.file_store import SqlFileStore
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.inbound import CHANNEL
from bot.contracts import Entry, EntryKind, NewEntry, Outgoing
from bot.settings.channels import WeChatSettings
from kit.contracts import JsonValue, Language
from kit.rooms import template_folders
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from tests.bot.support.desk import Parts
from tests.support.fake_wechat import APP_ID, SECRETS, FakeWeChat
from tests.support.serving import serving
from tests.support.wait import until

CUSTOMER = "oCustomer-of_the_tests0000001"
LONG = 600.0
"""Longer than any test: a window that only a reply closes."""


def wechat_settings(wechat: FakeWeChat, *, reply_seconds: float = 4.5) -> WeChatSettings:
    return WeChatSettings(
        enabled=True,
        app_id=APP_ID,
        encrypted=wechat.encrypted,
        api_url=wechat.url,
        reply_seconds=reply_seconds,
        messages_per_second=1000,
    )


@dataclass(kw_only=True)
class WeChatDesk:
    """The channel as `bot/app/wechat.py` builds it, without a turn and an outbox behind it."""

    parts: Parts
    wechat: FakeWeChat
    channel: WeChatChannel

    async def stored(self, customer: str = CUSTOMER) -> list[Entry]:
        """What a customer said, as it is stored."""
        home = await self.parts.store.find_at(CHANNEL, customer)
        entries = await self.parts.store.entries(home.id) if home else ()
        return [entry for entry in entries if entry.kind is EntryKind.CUSTOMER]

    async def said(self, count: int = 1, customer: str = CUSTOMER) -> list[Entry]:
        """The same, once there are so many."""

        async def enough() -> list[Entry]:
            found = await self.stored(customer)
            return found if len(found) >= count else []

        return await until(enough)

    async def reply(
        self, text: str, *, customer: str = CUSTOMER, payload: dict[str, JsonValue] | None = None
    ) -> Outgoing:
        """Store a line of the bot; returns its outbox row."""
        home = await self.parts.store.find_at(CHANNEL, customer)
        assert home is not None
        new = NewEntry(
            kind=EntryKind.BOT,
            key=f"turn:{self.parts.next_key()}",
            text=text,
            language=Language.ZH,
            payload=payload or {},
        )
        store, clock = self.parts.store, self.parts.clock
        await self.parts.database.write(lambda tx: store.append(tx, home.id, [new], at=clock()))
        rows = await self.parts.outbox.heads(clock(), channels=frozenset({CHANNEL}), limit=1, conversation_id=home.id)
        return rows[0]

    async def send(self, outgoing: Outgoing) -> str:
        """Send a row and note it as sent, as the outbox does."""
        message_id = await self.channel.sender.send(outgoing)
        outbox, at = self.parts.outbox, self.parts.clock()
        await self.parts.database.write(lambda tx: outbox.sent(tx, outgoing.id, message_id=message_id, at=at))
        return message_id


@contextlib.asynccontextmanager
async def wechat_desk(
    wechat: FakeWeChat, parts: Parts, *, reply_seconds: float = LONG, inbox: Any = None
) -> AsyncIterator[WeChatDesk]:
    """A channel that WeChat can call."""
    settings = wechat_settings(wechat).model_copy(update={"reply_seconds": reply_seconds})
    channel = WeChatChannel(
        settings,
        SECRETS,
        inbox=inbox or parts.inbox,
        reads=parts.store,
        sent=parts.outbox,
        files=SqlFileStore(parts.database),
        texts=parts.texts,
        language=Language.ZH,
        clock=lambda: datetime.now(UTC),
    )
    pages = Pages(parts.texts, template_folders(), nav=(), language=Language.ZH, time_zone="Asia/Shanghai")
    app = build_application(pages, [channel.router()], WebSettings(), static=())
    try:
        async with serving(app) as wechat.reach:
            yield WeChatDesk(parts=parts, wechat=wechat, channel=channel)
    finally:
        await channel.close()
