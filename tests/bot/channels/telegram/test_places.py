"""tests: a waiting customer's place is kept up to date in one Telegram message, and nobody is woken for it."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.places import without_place
from bot.contracts import Owner
from handoff.contracts import WaitRange
from kit.contracts import Language
from kit.texts import Texts
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.support.fake_bot_api import FakeBotApi, buttons_of
from tests.support.wait import until

CHAT = 42
LEAVE: list[Any] = [{"id": "leave_queue", "label": "不等了"}]


@pytest.fixture
async def waiting(desk: TelegramDesk) -> str:
    """A customer stands in the queue, two before them, and was told so; returns the conversation's id."""
    received = await desk.parts.say("转人工", address=str(CHAT), channel="telegram")
    await handed_over(desk, received.conversation_id, "已为您转接人工。\n前面还有 2 位。")
    desk.queue.ahead = 2
    return received.conversation_id


async def handed_over(desk: TelegramDesk, conversation: str, text: str, language: Language = Language.ZH) -> None:
    line = await desk.reply(CHAT, text, language=language, payload={"choices": LEAVE})
    message_id = await desk.channel.sender.send(line)

    async def work(tx: Any) -> None:
        at = desk.parts.clock()
        await desk.parts.outbox.sent(tx, line.id, message_id=message_id, at=at)
        await desk.parts.store.set_owner(tx, conversation, owner=Owner.QUEUE, agent_id=None, at=at)

    await desk.parts.database.write(work)


async def test_a_place_that_has_not_changed_is_left_alone(api: FakeBotApi, desk: TelegramDesk, waiting: str) -> None:
    for _ in range(3):
        await desk.channel.places.refresh()
    assert api.called("editMessageText") == []


async def test_a_new_place_is_written_into_the_message_that_told_the_old_one(
    api: FakeBotApi, desk: TelegramDesk, waiting: str
) -> None:
    await desk.channel.places.refresh()
    desk.queue.ahead = 1
    await desk.channel.places.refresh()
    assert api.texts(CHAT) == ["已为您转接人工。\n\n⏳ 10:00 更新：前面还有 1 位。"]
    desk.parts.clock.forward(minutes=5)
    desk.queue.ahead = 0
    await desk.channel.places.refresh()
    assert api.texts(CHAT) == ["已为您转接人工。\n\n⏳ 10:05 更新：您是下一位。"]
    assert [button["text"] for button in buttons_of(api.messages(CHAT)[0])] == ["不等了"]
    assert len(api.called("sendMessage")) == 1


async def test_the_estimate_is_written_beside_the_place_and_kept_right(
    api: FakeBotApi, desk: TelegramDesk, waiting: str
) -> None:
    await desk.channel.places.refresh()
    desk.queue.wait = WaitRange(low=timedelta(minutes=3), high=timedelta(minutes=7))
    await desk.channel.places.refresh()
    assert api.texts(CHAT)[0].endswith("⏳ 10:00 更新：前面还有 2 位。按最近的情况，预计 3–7 分钟。")
    # The same minutes again are no reason to edit.
    desk.queue.wait = WaitRange(low=timedelta(minutes=3, seconds=20), high=timedelta(minutes=6, seconds=50))
    await desk.channel.places.refresh()
    assert len(api.called("editMessageText")) == 1
    desk.queue.wait = WaitRange(low=timedelta(0), high=timedelta(minutes=4))
    await desk.channel.places.refresh()
    assert api.texts(CHAT)[0].endswith("前面还有 2 位。预计 4 分钟以内。")
    assert len(api.called("sendMessage")) == 1


@pytest.mark.parametrize(
    ("language", "said", "kept"),
    [
        (Language.ZH, "您是下一位。\n预计不到 1 分钟。\n最多等 45 分钟。", "最多等 45 分钟。"),
        (Language.ZH, "前面还有 12 位。\n按最近的情况，预计 3–7 分钟。", ""),
        (Language.ZH, "前面还有 2 位，都很急。", "前面还有 2 位，都很急。"),
        (Language.EN, "There is 1 person ahead of you.\nThat should take up to 4 minutes.\nThanks!", "Thanks!"),
        (
            Language.EN,
            "There are 3 people ahead of you.\nIt's busy right now: that should take 60 minutes or more.",
            "",
        ),
        (Language.EN, "You're next.\nGoing by the last few minutes, that should take 3–7 minutes.", ""),
    ],
)
def test_the_old_place_and_estimate_are_left_out(texts: Texts, language: Language, said: str, kept: str) -> None:
    assert without_place(said, language, texts) == kept


async def test_the_newest_message_that_told_a_place_is_the_one(
    api: FakeBotApi, desk: TelegramDesk, waiting: str
) -> None:
    await handed_over(desk, waiting, "You're still in the queue.\nThere are 2 people ahead of you.", Language.EN)
    await desk.channel.sender.send(await desk.reply(CHAT, "something else", language=Language.EN))
    await desk.channel.places.refresh()
    desk.queue.ahead = 1
    await desk.channel.places.refresh()
    first, second, third = api.texts(CHAT)
    assert "⏳" not in first + third
    assert second.startswith("You're still in the queue.\n\n⏳ As of 10:00: ")


async def test_an_edit_that_failed_is_tried_again(api: FakeBotApi, desk: TelegramDesk, waiting: str) -> None:
    await desk.channel.places.refresh()
    desk.queue.ahead = 1
    api.fail("editMessageText", 502)
    await desk.channel.places.refresh()
    assert "⏳" not in api.texts(CHAT)[0]
    await desk.channel.places.refresh()
    assert "⏳" in api.texts(CHAT)[0]


async def test_whoever_has_left_the_queue_is_left_alone(api: FakeBotApi, desk: TelegramDesk, waiting: str) -> None:
    await desk.channel.places.refresh()
    await desk.parts.database.write(
        lambda tx: desk.parts.store.set_owner(tx, waiting, owner=Owner.BOT, agent_id=None, at=desk.parts.clock())
    )
    desk.queue.ahead = 1
    await desk.channel.places.refresh()
    assert api.called("editMessageText") == []


async def test_news_of_the_queue_make_it_look(api: FakeBotApi, desk: TelegramDesk, waiting: str) -> None:
    running = asyncio.create_task(desk.channel.places.run())
    await until(lambda: desk.channel.places._known)  # noqa: SLF001 - it has looked once
    desk.queue.ahead = 1

    async def edited() -> bool:
        await desk.parts.signals.publish("desk", {})
        return bool(api.called("editMessageText"))

    await until(edited)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
