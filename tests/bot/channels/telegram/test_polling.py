"""tests: asking Telegram for updates loses none and stores none twice, whatever goes wrong on the way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.channels.telegram.polling import RawUpdates, TelegramPolling
from bot.contracts import EntryKind, Inbound, Received
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.bot.support.desk import Parts
from tests.support.fake_bot_api import FakeBotApi, buttons_of
from tests.support.wait import until

CHAT = 5127364418


def polling_of(desk: TelegramDesk, waits: list[float] | None = None) -> TelegramPolling:
    async def no_pause(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)
        await asyncio.sleep(0)

    request = desk.channel.bot._request[0]  # noqa: SLF001 - the object the channel made for polling
    assert isinstance(request, RawUpdates)
    return TelegramPolling(
        bot=desk.channel.bot, request=request, receiver=desk.channel.receiver, poll_seconds=0, sleep=no_pause
    )


@contextlib.asynccontextmanager
async def running(polling: TelegramPolling) -> AsyncIterator[None]:
    task = asyncio.create_task(polling.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class FailingInbox:
    """An inbox whose store is away for some calls, or that cannot cope with one text."""

    def __init__(self, parts: Parts, *, failures: int = 0, poison: str = "") -> None:
        self._inbox, self._failures, self._poison = parts.inbox, failures, poison

    async def receive(self, inbound: Inbound) -> Received:
        if self._poison and self._poison in inbound.text:
            raise RuntimeError("a fault of our own")
        if self._failures:
            self._failures -= 1
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        return await self._inbox.receive(inbound)


async def test_a_message_is_stored_before_telegram_is_told_that_it_arrived(api: FakeBotApi, desk: TelegramDesk) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "你们几点开门")
    await polling.once()
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["你们几点开门"]
    assert len(api.pending) == 1  # not confirmed yet
    await polling.once()
    assert api.pending == []


async def test_messages_keep_their_order(api: FakeBotApi, desk: TelegramDesk) -> None:
    for number in range(30):
        api.say(CHAT, f"第 {number} 条")
    await polling_of(desk).once()
    assert [entry.text for entry in await desk.transcript(CHAT)] == [f"第 {number} 条" for number in range(30)]


async def test_an_update_that_comes_again_after_a_restart_is_stored_once(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.say(CHAT, "我要退货")
    await polling_of(desk).once()
    await polling_of(desk).once()  # a new process knows no offset
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["我要退货"]


async def test_update_ids_that_start_anew_lose_nothing(api: FakeBotApi, desk: TelegramDesk) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "before the quiet week")
    await polling.once()
    await polling.once()
    api.restart_update_ids(7)
    api.say(CHAT, "after it")
    await polling.once()
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["before the quiet week", "after it"]


async def test_while_the_store_is_away_nothing_is_confirmed_and_afterwards_all_is_there(
    api: FakeBotApi, sqlite_parts: Parts
) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts, inbox=FailingInbox(sqlite_parts, failures=3))
    waits: list[float] = []
    for text in ("一", "二", "三"):
        api.say(CHAT, text)
    async with running(polling_of(desk, waits)):
        await until(lambda: not api.pending)
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["一", "二", "三"]
    assert waits == [0.5, 1.0, 2.0]
    await desk.channel.close()


async def test_one_update_that_cannot_be_taken_does_not_hold_up_the_others(
    api: FakeBotApi, sqlite_parts: Parts
) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts, inbox=FailingInbox(sqlite_parts, poison="毒"))
    for text in ("前", "毒药", "后"):
        api.say(CHAT, text)
    async with running(polling_of(desk)):
        await until(lambda: not api.pending)
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["前", "后"]
    await desk.channel.close()


async def test_an_update_newer_than_the_library_does_not_hold_up_the_others(
    api: FakeBotApi, desk: TelegramDesk
) -> None:
    api.say(CHAT, "hello", language="en")
    api.say(CHAT, "about that poll", language="en", reply_to_message={"poll": {"question": "of a later version"}})
    api.push({"message": "nonsense"})
    api.say(CHAT, "bye", language="en")
    polling = polling_of(desk)
    await polling.once()
    await polling.once()
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["hello", "about that poll", "bye"]
    assert api.pending == []


async def test_errors_of_telegram_are_waited_out_with_growing_pauses(api: FakeBotApi, desk: TelegramDesk) -> None:
    waits: list[float] = []
    api.fail("getUpdates", 502, times=3)
    api.fail("getUpdates", 429, retry_after=17)
    api.fail("getUpdates", 409)
    api.say(CHAT, "在吗")
    async with running(polling_of(desk, waits)):
        await until(lambda: not api.pending)
    assert waits[:5] == [0.5, 1.0, 2.0, 17.0, 4.0]
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["在吗"]


async def test_a_webhook_left_over_from_before_is_taken_away_first(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.hook = {"url": "https://old.example.com"}
    api.say(CHAT, "hi", language="en")
    await polling_of(desk).once()
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["hi"]
    assert api.called("deleteWebhook")[0].get("drop_pending_updates") in {None, "false"}


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("zh-hans", "长" * 3000, "2000"), ("en", "long " * 700, "2000")],
)
async def test_a_text_that_is_too_long_is_refused_in_the_customers_language_and_not_stored(
    api: FakeBotApi, desk: TelegramDesk, language: str, text: str, said: str
) -> None:
    api.say(CHAT, text, language=language)
    await polling_of(desk).once()
    await until(lambda: api.texts(CHAT))
    assert said in api.texts(CHAT)[0]
    assert any("\u4e00" <= character <= "\u9fff" for character in api.texts(CHAT)[0]) is language.startswith("zh")
    assert await desk.transcript(CHAT) == []


async def test_a_pressed_button_is_stored_answered_and_put_away(api: FakeBotApi, desk: TelegramDesk) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "换货")
    await polling.once()
    choices: list[Any] = [{"id": "article:01JD6Y", "label": "7 天内换新"}, {"id": "human", "label": "找人工"}]
    await desk.channel.sender.send(await desk.reply(CHAT, "您要办的是：", payload={"choices": choices}))
    api.press(CHAT, "7 天内换新")
    await polling.once()
    await until(lambda: not buttons_of(api.messages(CHAT)[0]))
    press = (await desk.transcript(CHAT))[-1]
    assert (press.kind, press.text, press.payload["choice"]) == (EntryKind.CUSTOMER, "7 天内换新", "article:01JD6Y")
    assert press.payload["to_seq"] == 2
    assert api.texts(CHAT) == ["您要办的是：\n\n✓ 7 天内换新"]
    assert len(api.called("answerCallbackQuery")) == 1


async def test_a_choice_too_long_for_a_button_is_still_the_choice_that_is_stored(
    api: FakeBotApi, desk: TelegramDesk
) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "hi", language="en")
    await polling.once()
    long = "form:category:" + "a" * 70
    choices: list[Any] = [{"id": "human", "label": "Person"}, {"id": long, "label": "Long"}]
    await desk.channel.sender.send(await desk.reply(CHAT, "Which?", payload={"choices": choices}))
    api.press(CHAT, "Long", language="en")
    await polling.once()
    assert (await desk.transcript(CHAT))[-1].payload["choice"] == long


async def test_a_double_tap_is_one_press(api: FakeBotApi, desk: TelegramDesk) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "在吗")
    await polling.once()
    choices: list[Any] = [{"id": "helped:yes", "label": "有用"}]
    await desk.channel.sender.send(await desk.reply(CHAT, "这样就行。", payload={"choices": choices}))
    api.press(CHAT, "有用")
    api.press(CHAT, "有用")
    await polling.once()
    await until(lambda: len(api.called("answerCallbackQuery")) == 2)
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["在吗", "这样就行。", "有用"]


async def test_a_button_that_is_none_of_ours_stops_spinning_and_stores_nothing(
    api: FakeBotApi, desk: TelegramDesk
) -> None:
    sent = api.say(CHAT, "x")["message"]
    api.pending.clear()
    api.push({"callback_query": {"id": "1", "chat_instance": "1", "from": sent["from"], "message": sent, "data": "?"}})
    await polling_of(desk).once()
    await until(lambda: api.called("answerCallbackQuery"))
    assert await desk.transcript(CHAT) == []


async def test_a_failing_courtesy_harms_nothing(api: FakeBotApi, desk: TelegramDesk) -> None:
    polling = polling_of(desk)
    api.say(CHAT, "在吗")
    await polling.once()
    choices: list[Any] = [{"id": "helped:yes", "label": "有用"}]
    await desk.channel.sender.send(await desk.reply(CHAT, "这样就行。", payload={"choices": choices}))
    api.fail("answerCallbackQuery", 400)
    api.fail("editMessageText", 502)
    api.press(CHAT, "有用")
    await polling.once()
    await until(lambda: api.called("editMessageText"))
    assert [entry.text for entry in await desk.transcript(CHAT)] == ["在吗", "这样就行。", "有用"]


async def test_the_menu_offers_a_person_in_both_languages(api: FakeBotApi, desk: TelegramDesk) -> None:
    worker = asyncio.create_task(desk.channel.run_worker())
    await until(lambda: len(api.called("setMyCommands")) == 3)
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker
    menus = {call.get("language_code"): call["commands"] for call in api.called("setMyCommands")}
    assert set(menus) == {None, "zh", "en"}
    assert [command["command"] for command in menus["en"]] == ["human", "start"]
    assert menus["en"][0]["description"] != menus["zh"][0]["description"] == menus[None][0]["description"]
