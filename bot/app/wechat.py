"""bot.app: the WeChat channel at work in the web process, where WeChat calls (docs/decisions/0051)."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from bot.adapters.file_store import SqlFileStore
from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.app.sending import build_outbox
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.inbound import CHANNEL


@contextlib.asynccontextmanager
async def wechat_at_work(ground: Ground, rooms: Rooms) -> AsyncIterator[WeChatChannel | None]:
    """The channel with its outbox running; None where it is off. Raises `WeChatNotReady` when something is missing."""
    settings = ground.settings.wechat
    if not settings.enabled:
        yield None
        return
    channel = WeChatChannel(
        settings,
        ground.secrets.wechat,
        inbox=rooms.inbox,
        reads=rooms.store,
        sent=rooms.outbox,
        files=SqlFileStore(ground.database),
        texts=ground.texts,
        language=ground.settings.bot.inbox.default_language,
        clock=ground.clock,
        public_url=ground.settings.web.public_url,
    )
    outbox = build_outbox(ground, rooms, {CHANNEL: channel.sender})
    await outbox.start()
    try:
        yield channel
    finally:
        await outbox.stop()
        await channel.close()
