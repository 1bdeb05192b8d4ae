"""tests: a fake WeChat with the channel before it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.channels.wechat.desk import WeChatDesk, wechat_desk
from tests.bot.support.desk import Parts
from tests.support.fake_wechat import FakeWeChat


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    """WeChat, in encrypted mode."""
    async with FakeWeChat().running() as wechat:
        yield wechat


@pytest.fixture
async def desk(wechat: FakeWeChat, sqlite_parts: Parts) -> AsyncIterator[WeChatDesk]:
    """The channel; its calls wait until a reply comes."""
    async with wechat_desk(wechat, sqlite_parts) as desk:
        yield desk
