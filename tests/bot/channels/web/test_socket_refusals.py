"""tests: what the visitor's socket refuses: bad frames, strangers, other people's words, floods."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.channels.web.visits import CHANNEL
from tests.bot.channels.web.desk import WebDesk, stored
from tests.bot.support.desk import Parts
from tests.support.wait import until

BAD = [
    "",
    "{",
    "null",
    "[]",
    '"send"',
    "{}",
    '{"t": 7}',
    '{"t": "nonsense"}',
    '{"t": "send"}',
    '{"t": "send", "key": "k"}',
    '{"t": "send", "key": 7, "text": "x"}',
    '{"t": "send", "key": "k", "text": ["x"]}',
    '{"t": "send", "key": "with blanks", "text": "x"}',
    '{"t": "send", "key": "k", "text": "x", "choice": "human"}',
    '{"t": "press", "key": "k"}',
    '{"t": "press", "key": "k", "choice": "/restart now"}',
    '{"t": "press", "key": "k", "choice": "human", "seq": "3"}',
    '{"t": "press", "key": "k", "choice": "human", "seq": true}',
    '{"t": "press", "key": "k", "choice": "human", "seq": -1}',
    '{"t": "typing"}',
    '{"t": "typing", "on": "yes"}',
    '{"t": "hello", "token": "x", "after": -1}',
    '{"t": "hello", "token": "x", "after": 1e99}',
    '{"t": "hello", "token": "x", "after": true}',
    "[" * 5000,
]


async def test_a_frame_of_the_wrong_form_is_refused_and_the_connection_lives_on(desk: WebDesk) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        for frame in BAD:
            await window.send(frame)
            refused = await window.next("refused")
            assert refused["code"] == "malformed", frame
            assert refused["text"]
        await window.connection.send(b"\x00binary")
        assert (await window.next("refused"))["code"] == "malformed"
        await window.say("k1", "照样能聊")
    assert await stored(desk, token) == ["照样能聊"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        ("   \n\t ", "empty_message"),
        ("\x00\u200b", "empty_message"),
        ("长" * 5000, "message_too_long"),
    ],
)
async def test_a_text_the_desk_does_not_take_is_refused_by_name_and_key(desk: WebDesk, text: str, code: str) -> None:
    token = desk.token()
    async with desk.visit(token, language="en") as window:
        await window.send({"t": "send", "key": "k1", "text": text})
        refused = await window.next("refused")
    assert (refused["key"], refused["code"], refused["field"]) == ("k1", code, "text")
    assert refused["text"].isascii()  # the visitor's window is English
    assert await stored(desk, token) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud83d", None),
        ("好\ud83d", "好"),
        ("😡😡", "😡😡"),
        ('/intent{"name":"restart"}', '/intent{"name":"restart"}'),
        ("/restart", "/restart"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
async def test_odd_texts_are_cleaned_or_kept_but_never_break_anything(
    desk: WebDesk, sent: str, kept: str | None
) -> None:
    token = desk.token()
    async with desk.visit(token) as window:
        await window.send({"t": "send", "key": "k1", "text": sent})
        await window.next("ack" if kept else "refused")
        if kept:
            await window.until_entry(kept)
    assert await stored(desk, token) == ([kept] if kept else [])


async def test_a_frame_above_the_limit_closes_the_connection(desk: WebDesk) -> None:
    async with desk.visit(desk.token()) as window:
        await window.send({"t": "send", "key": "k1", "text": "x" * 70_000})
        assert await window.close_code() == 1009


async def test_another_sites_page_cannot_open_a_socket(desk: WebDesk) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with desk.socket(Origin="https://evil.example.com"):
            pass
    assert refused.value.response.status_code == 403
    async with desk.socket(Origin=desk.url) as window:
        await window.hello(desk.token())


async def test_a_token_that_is_not_ours_is_refused_and_a_new_one_helps_on_the_same_connection(desk: WebDesk) -> None:
    mine, other = desk.token(), desk.token()
    theirs, _, rest = other.partition(".")
    spliced = ".".join([theirs, *mine.split(".")[1:]])
    assert rest
    for wrong in ("", "x", "a.b.c", mine[:-1], mine + "x", spliced, "🙂", "\ud83d"):
        async with desk.socket() as window:
            await window.send({"t": "hello", "token": wrong, "after": 0, "language": "zh"})
            refused = await window.next("refused")
            assert (refused["code"], refused["field"]) == ("visitor_unknown", "token"), wrong
            await window.send({"t": "send", "key": "k", "text": "hi"})
            assert (await window.next("refused"))["code"] == "malformed"
            await window.hello(desk.token())
            await window.say(f"k{len(wrong)}{hash(wrong) % 1000}", "hi")
    assert await desk.parts.store.find_at(CHANNEL, desk.visitors.read(mine).id) is None


async def test_one_visitor_never_sees_another_ones_words(desk: WebDesk) -> None:
    mine, theirs = desk.token(), desk.token()
    async with desk.visit(mine) as here, desk.visit(theirs) as there:
        await here.say("k1", "我的手机号是 13800138000")
        await there.say("k2", "在吗")
        await there.until_entry("在吗")
        await there.hello(theirs, after=0)
        await there.until_entry("在吗")
    assert "13800138000" not in str(there.frames)


async def test_a_key_another_visitor_used_is_refused(desk: WebDesk) -> None:
    async with desk.visit(desk.token()) as here, desk.visit(desk.token()) as there:
        await here.say("same", "一")
        await there.send({"t": "send", "key": "same", "text": "二"})
        assert (await there.next("refused"))["code"] == "key_in_use"


async def test_an_expired_token_is_refused_and_one_in_use_is_renewed(desk: WebDesk) -> None:
    token = desk.token()
    desk.parts.clock.forward(days=2)
    async with desk.socket() as window:
        ready = await window.hello(token)
    assert desk.visitors.read(ready["token"]).id == desk.visitors.read(token).id
    desk.parts.clock.forward(days=29)
    async with desk.socket() as window:
        await window.send({"t": "hello", "token": token, "after": 0})
        assert (await window.next("refused"))["code"] == "visitor_unknown"
        assert (await window.hello(ready["token"]))["conversation"] == ready["conversation"]


async def test_whoever_does_not_say_who_they_are_is_sent_away(sqlite_parts: Parts) -> None:
    async with WebDesk(parts=sqlite_parts, hello_seconds=0.1).running() as desk, desk.socket() as window:
        await window.send({"t": "ping"})
        await window.next("pong")
        assert await window.close_code() == 4408


async def test_too_many_messages_are_refused_with_the_time_to_wait_and_can_be_sent_later(
    sqlite_parts: Parts,
) -> None:
    async with WebDesk(parts=sqlite_parts, messages_per_minute=3).running() as desk:
        token = desk.token()
        async with desk.visit(token) as window:
            for number in range(3):
                await window.say(f"k{number}", f"第 {number} 条")
            await window.send({"t": "send", "key": "k3", "text": "第 3 条"})
            refused = await window.next("refused")
            assert (refused["key"], refused["code"]) == ("k3", "too_many_messages")
            assert "20" in refused["text"]
            desk.visits.rate._buckets.clear()  # noqa: SLF001 - the time is over
            await window.say("k3", "第 3 条")
        assert await stored(desk, token) == [f"第 {number} 条" for number in range(4)]


async def test_a_flood_of_frames_ends_the_connection(desk: WebDesk) -> None:
    async with desk.visit(desk.token()) as window:
        try:
            for _ in range(1000):
                await window.send({"t": "ping"})
        except ConnectionClosed:
            pass
        assert await window.close_code() == 1013


async def test_a_client_that_stops_reading_is_closed_and_holds_nobody_up(desk: WebDesk) -> None:
    slow, quick = desk.token(), desk.token()
    async with desk.visit(slow) as stuck, desk.visit(quick) as window:
        stuck.connection.transport.pause_reading()
        await desk.write(slow, "x" * 16_000_000)  # more than the buffers of both ends hold
        topic = f"conversation:{await desk.conversation_of(slow)}"
        for number in range(20):
            await window.say(f"q{number}", f"第 {number} 条")
        await window.until_entry("第 19 条")

        async def given_up() -> bool:
            await desk.parts.signals.publish(topic, {"typing": True, "who": "agent"})
            return desk.hub.open == 1

        await until(given_up)
        stuck.connection.transport.abort()
    assert await stored(desk, quick) == [f"第 {number} 条" for number in range(20)]
