"""tests: what the customer reads in Telegram, and what the outbox hears when it cannot be sent."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.sender import CAPABILITIES
from bot.contracts import EntryKind, FailureKind, SendFailed
from kit.contracts import Language
from tests.bot.channels.telegram.desk import TelegramDesk
from tests.support.fake_bot_api import FakeBotApi, buttons_of

CHAT = 42


@pytest.fixture(autouse=True)
async def conversation(desk: TelegramDesk) -> None:
    """A customer has written, so there is somebody to answer."""
    await desk.parts.say("在吗", address=str(CHAT), channel="telegram")


def test_the_capabilities_are_those_of_telegram() -> None:
    assert (CAPABILITIES.name, CAPABILITIES.text_limit, CAPABILITIES.pushes) == ("telegram", 4096, True)


async def test_an_answer_is_sent_with_its_source_and_its_buttons(api: FakeBotApi, desk: TelegramDesk) -> None:
    choices: list[Any] = [{"id": "helped:yes", "label": "有用"}, {"id": "helped:no", "label": "没解决"}]
    payload: dict[str, Any] = {"choices": choices, "source": {"title": "洗衣机脱水 & 异响"}}
    sent = await desk.channel.sender.send(await desk.reply(CHAT, "先放平 <一次>。", payload=payload))
    [message] = api.messages(CHAT)
    assert message["text"] == "先放平 <一次>。\n\n📖 来自《洗衣机脱水 & 异响》"
    assert [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]] == [
        ["有用", "没解决"]
    ]
    assert [button["callback_data"] for button in buttons_of(message)] == ["2:helped:yes", "2:helped:no"]
    assert sent == str(message["message_id"])


async def test_an_agents_name_stands_above_their_words(api: FakeBotApi, desk: TelegramDesk) -> None:
    line = await desk.reply(CHAT, "您好，我来看看", kind=EntryKind.AGENT, author="林静 <客服>")
    await desk.channel.sender.send(line)
    assert api.texts(CHAT) == ["林静 <客服>\n您好，我来看看"]


async def test_an_event_without_words_sends_nothing_and_counts_as_sent(api: FakeBotApi, desk: TelegramDesk) -> None:
    line = await desk.reply(CHAT, "", kind=EntryKind.EVENT, payload={"code": "no_such_event", "slots": {}})
    assert await desk.channel.sender.send(line)
    assert api.called("sendMessage") == []


async def test_markdown_becomes_telegrams_html(api: FakeBotApi, sqlite_parts: Any) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts, to_html=lambda text: text.replace("**", "<b>", 1) + "</b>")
    await desk.parts.say("在吗", address=str(CHAT), channel="telegram")
    await desk.channel.sender.send(await desk.reply(CHAT, "**要紧", payload={"format": "markdown"}))
    assert api.messages(CHAT)[0]["html"] == "<b>要紧</b>"
    await desk.channel.close()


async def test_html_that_telegram_does_not_take_is_sent_as_plain_words(api: FakeBotApi, sqlite_parts: Any) -> None:
    desk = TelegramDesk(api=api, parts=sqlite_parts, to_html=lambda text: f"<table>{text}")
    await desk.parts.say("在吗", address=str(CHAT), channel="telegram")
    await desk.channel.sender.send(await desk.reply(CHAT, "照样看得到", payload={"format": "markdown"}))
    assert api.texts(CHAT) == ["照样看得到"]
    await desk.channel.close()


async def test_a_long_text_comes_in_parts_that_telegram_takes_and_nothing_of_it_is_missing(
    api: FakeBotApi, desk: TelegramDesk
) -> None:
    paragraphs = [f"第{n}段。" + "很长的说明文字，" * 40 for n in range(30)]
    choices: list[Any] = [{"id": "human", "label": "转人工"}]
    await desk.channel.sender.send(await desk.reply(CHAT, "\n\n".join(paragraphs), payload={"choices": choices}))
    messages = api.messages(CHAT)
    assert len(messages) > 2
    assert "\n\n".join(message["text"] for message in messages) == "\n\n".join(paragraphs)
    assert [bool(buttons_of(message)) for message in messages] == [False] * (len(messages) - 1) + [True]


async def test_a_part_that_is_out_is_not_sent_again_when_the_next_one_fails(
    api: FakeBotApi, desk: TelegramDesk
) -> None:
    line = await desk.reply(CHAT, "\n\n".join("字" * 3000 for _ in range(3)))
    sending = desk.channel.sender
    first = await failing(desk, line, api, after=1)
    assert (first.kind, first.retry_after) == (FailureKind.LATER, 7.0)
    assert len(api.messages(CHAT)) == 1
    desk.channel.sender._pace._chats.clear()  # noqa: SLF001 - the seven seconds are over
    await sending.send(line)
    assert [len(text) for text in api.texts(CHAT)] == [3000, 3000, 3000]


async def failing(desk: TelegramDesk, line: Any, api: FakeBotApi, *, after: int) -> SendFailed:
    """Send `line`; the call after `after` good ones is refused with 429."""
    take = api._on_sendmessage  # noqa: SLF001 - fails in the middle of a sequence
    calls = 0

    async def counted(parameters: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls == after:
            api.fail("sendMessage", 429, retry_after=7)
        return await take(parameters)

    api._on_sendmessage = counted  # type: ignore[method-assign]  # noqa: SLF001
    with pytest.raises(SendFailed) as failed:
        await desk.channel.sender.send(line)
    return failed.value


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, FailureKind.OURS),
        (401, FailureKind.UNAVAILABLE),
        (403, FailureKind.GONE),
        (409, FailureKind.UNAVAILABLE),
        (429, FailureKind.LATER),
        (500, FailureKind.UNAVAILABLE),
        (502, FailureKind.UNAVAILABLE),
    ],
)
async def test_telegrams_failures_are_told_apart(
    api: FakeBotApi, desk: TelegramDesk, code: int, kind: FailureKind
) -> None:
    line = await desk.reply(CHAT, "您好")
    api.fail("sendMessage", code, **({"retry_after": 5} if code == 429 else {}))
    with pytest.raises(SendFailed) as failed:
        await desk.channel.sender.send(line)
    assert failed.value.kind is kind
    assert failed.value.retry_after == (5.0 if code == 429 else None)
    assert "您好" not in failed.value.reason


async def test_a_customer_who_blocked_the_bot_is_gone(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.blocked.add(CHAT)
    with pytest.raises(SendFailed) as failed:
        await desk.channel.sender.send(await desk.reply(CHAT, "您好"))
    assert (failed.value.kind, "blocked" in failed.value.reason) == (FailureKind.GONE, True)


async def test_a_lost_reply_is_a_failure_although_the_message_may_be_there(api: FakeBotApi, desk: TelegramDesk) -> None:
    api.lose_reply("sendMessage")
    with pytest.raises(SendFailed) as failed:
        await desk.channel.sender.send(await desk.reply(CHAT, "您好"))
    assert failed.value.kind is FailureKind.UNAVAILABLE
    assert api.texts(CHAT) == ["您好"]


async def test_when_telegram_cannot_be_reached_the_message_waits(desk: TelegramDesk) -> None:
    nowhere = FakeBotApi()
    nowhere.url = "http://127.0.0.1:9"  # nobody listens on the discard port
    away = TelegramDesk(api=nowhere, parts=desk.parts)
    with pytest.raises(SendFailed) as failed:
        await away.channel.sender.send(await desk.reply(CHAT, "您好"))
    assert failed.value.kind is FailureKind.UNAVAILABLE
    await away.channel.close()


async def test_typing_is_shown_and_its_failure_is_nobodys_business(api: FakeBotApi, desk: TelegramDesk) -> None:
    await desk.channel.sender.typing(str(CHAT))
    api.fail("sendChatAction", 403)
    await desk.channel.sender.typing(str(CHAT))
    assert [call["action"] for call in api.called("sendChatAction")] == ["typing", "typing"]


@pytest.mark.parametrize("language", list(Language))
async def test_the_source_line_is_in_the_language_of_the_answer(
    api: FakeBotApi, desk: TelegramDesk, language: Language
) -> None:
    payload: dict[str, Any] = {"source": {"title": "X9"}}
    await desk.channel.sender.send(await desk.reply(CHAT, "…", language=language, payload=payload))
    assert api.texts(CHAT)[0].endswith({"zh": "来自《X9》", "en": "From “X9”"}[language])
