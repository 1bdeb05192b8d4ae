"""tests: the whole desk behind WeChat: what cannot be delivered is told to colleagues and holds nobody up."""

from __future__ import annotations

from pathlib import Path

from bot.contracts import Delivery, EntryKind
from bot.settings import DeskSettings
from tests.bot.channels.wechat.desk import CUSTOMER, wechat_settings
from tests.support.desk import running_desk
from tests.support.fake_wechat import SECRETS, FakeWeChat
from tests.support.wait import until


async def test_what_wechat_refuses_for_good_stands_in_the_transcript_and_the_next_reply_leaves(
    wechat: FakeWeChat, tmp_path: Path, sqlite_url: str
) -> None:
    settings = DeskSettings(wechat=wechat_settings(wechat, reply_seconds=0))
    async with running_desk(tmp_path, database_url=sqlite_url, settings=settings, wechat=SECRETS) as desk:
        wechat.reach = desk.url
        wechat.fail("message/custom/send", 45015)
        wechat.say(CUSTOMER, "你好")

        async def told() -> list[str]:
            home = await desk.rooms.store.find_at("wechat", CUSTOMER)
            entries = await desk.rooms.store.entries(home.id) if home else ()
            return [entry.text for entry in entries if entry.payload.get("code") == "delivery_failed"]

        [line] = await until(told)
        assert "没能送达" in line
        wechat.say(CUSTOMER, "在吗")
        await until(lambda: wechat.texts(CUSTOMER))
        home = await desk.rooms.store.find_at("wechat", CUSTOMER)
        assert home is not None
        rows = await desk.rooms.outbox.of_conversation(home.id)
        assert {row.reason for row in rows if row.state is Delivery.FAILED} == {
            "more than 48 hours since the customer's last message"
        }
        said = [e.text for e in await desk.rooms.store.entries(home.id) if e.kind is EntryKind.CUSTOMER]
        assert said == ["你好", "在吗"]
