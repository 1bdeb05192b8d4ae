"""tests: a customer in Telegram, with everything that can go wrong between Telegram and the desk."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.channels.telegram.webhook import PATH, SECRET_HEADER
from bot.contracts import Delivery, FailureKind
from bot.settings.channels import TelegramMode
from handoff.contracts import Agent
from kit.contracts import Language
from tests.journeys.conftest import CHAT
from tests.journeys.customers import LOCALES, TelegramCustomer, heard
from tests.journeys.test_both_channels import words
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi, buttons_of
from tests.support.wait import until

PHOTO = [{"file_id": "A", "file_unique_id": "a", "width": 90, "height": 67, "file_size": 1325}]


@pytest.fixture
def person(api: FakeBotApi, language: Language) -> TelegramCustomer:
    """A customer in Telegram."""
    return TelegramCustomer(api=api, chat=CHAT, language=language)


async def test_whatever_telegram_refuses_or_loses_every_reply_arrives_in_order(
    desk: RunningDesk, api: FakeBotApi, person: TelegramCustomer, language: Language
) -> None:
    api.fail("sendMessage", 502)
    api.fail("sendMessage", 429, retry_after=1)
    await person.arrive()
    await heard(person, words("hello", language))
    api.lose_reply("sendMessage")
    await person.say(words("question", language))
    await heard(person, words("answer", language))
    await person.press(words("helped", language))
    await heard(person, words("glad", language))
    told = [text for text in person.house() if "10:00–21:30" in text]
    assert len(told) in {1, 2}  # Telegram has no key: a reply that got lost may stand there twice, never not at all
    assert await failed(desk) == []


async def test_files_and_long_texts_get_a_kind_word_and_break_nothing(
    desk: RunningDesk, api: FakeBotApi, person: TelegramCustomer, language: Language
) -> None:
    await person.arrive()
    await heard(person, words("hello", language))
    for content in ({"photo": PHOTO}, {"voice": {"file_id": "V", "file_unique_id": "v", "duration": 3}}):
        before = len(person.house())
        api.send(CHAT, language=LOCALES[language], **content)
        await until(lambda before=before: len(person.house()) > before)  # type: ignore[misc]
    before = len(person.house())
    await person.say("长" * 4000 if language is Language.ZH else "long " * 800)
    await heard(person, "2000", since=before)
    await person.say(words("question", language))
    await heard(person, words("answer", language))


async def test_a_customer_who_blocked_the_bot_stops_nobody(
    desk: RunningDesk, api: FakeBotApi, person: TelegramCustomer, language: Language
) -> None:
    api.blocked.add(CHAT)
    await person.arrive()

    async def given_up() -> bool:
        return bool(await failed(desk))

    await until(given_up)
    other = TelegramCustomer(api=api, chat=CHAT + 1, language=language)
    await other.arrive()
    await heard(other, words("hello", language))
    assert {row.failure for row in await failed(desk)} == {FailureKind.GONE.value}


async def failed(desk: RunningDesk) -> list[Any]:
    """The deliveries to the customer that were given up."""
    home = await desk.rooms.store.find_at("telegram", str(CHAT))
    rows = await desk.rooms.outbox.of_conversation(home.id) if home else ()
    return [row for row in rows if row.state is Delivery.FAILED]


async def test_a_waiting_customer_sees_the_place_change_in_the_message_that_told_it(
    desk: RunningDesk, api: FakeBotApi, person: TelegramCustomer, agent: Agent, language: Language
) -> None:
    first = TelegramCustomer(api=api, chat=CHAT + 1, language=language)
    for customer in (first, person):
        await customer.arrive()
        await heard(customer, words("hello", language))
        before = len(customer.house())
        await customer.press(words("person", language))
        await until(lambda c=customer, b=before: len(c.house()) > b)  # type: ignore[misc]
    one_ahead = {Language.ZH: "前面还有 1 位", Language.EN: "1 person"}[language]
    told = await heard(person, one_ahead)
    messages = len(person.house())
    # Until the desk has looked at the queue once there is nothing it could compare with.
    await until(lambda: claim_seen(desk, person))
    await claimed_by_first(desk, agent)
    updated = await heard(person, "⏳")
    kept = [line for line in told.split("\n") if one_ahead not in line]
    assert updated.startswith("\n".join(kept)), "all of it but the place that is right no longer"
    assert one_ahead not in updated
    assert words("next", language) in updated
    assert len(person.house()) == messages
    assert words("leave", language) in [b["text"] for m in api.messages(CHAT) for b in buttons_of(m)]


async def claim_seen(desk: RunningDesk, person: TelegramCustomer) -> bool:
    """Whether both customers stand in the queue and the worker knows it."""
    telegram = desk.workshop.telegram
    assert telegram is not None
    return len(telegram.places._known) == 2  # noqa: SLF001 - looking has no other outside


async def claimed_by_first(desk: RunningDesk, agent: Agent) -> None:
    """The representative takes whoever waits longest."""
    first, _ = await desk.rooms.agents.queue()
    await desk.rooms.agents.claim(first.id, agent)


@pytest.mark.parametrize("telegram_mode", [TelegramMode.WEBHOOK])
async def test_by_webhook_a_conversation_goes_the_same_way(
    desk: RunningDesk, api: FakeBotApi, person: TelegramCustomer, language: Language
) -> None:
    api.reach = desk.url
    await until(lambda: api.hook is not None)
    await person.arrive()
    await heard(person, words("hello", language))
    await person.say(words("question", language))
    await heard(person, words("answer", language))
    async with httpx.AsyncClient(base_url=desk.url) as stranger:
        for headers in ({}, {SECRET_HEADER: "guess"}):
            forged = await stranger.post(PATH, json={"update_id": 1}, headers=headers)
            assert forged.status_code == 403
