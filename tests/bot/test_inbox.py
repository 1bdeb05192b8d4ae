"""tests: what reaches the inbox is stored once, in order, or refused with a clear word."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.contracts import EntryKind, Inbound, InboundKind, NewEntry
from bot.refusals import EmptyMessage, KeyInUse, MessageTooLong
from kit.contracts import JsonValue, Language
from kit.refusals import Malformed
from tests.bot.support.desk import Parts

HELLO = Inbound(channel="widget", external_id="k1", address="visitor-1", kind=InboundKind.TEXT, text="你好")


async def test_the_same_message_twice_is_stored_once_and_gets_the_same_answer(parts: Parts) -> None:
    first = await parts.inbox.receive(HELLO)
    again = await parts.inbox.receive(HELLO)
    assert (again.conversation_id, again.seq) == (first.conversation_id, first.seq)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert [entry.text for entry in await parts.store.entries(first.conversation_id)] == ["你好"]


async def test_the_same_message_at_the_same_moment_is_stored_once(parts: Parts) -> None:
    received = await asyncio.gather(*(parts.inbox.receive(HELLO) for _ in range(20)))
    assert {(r.conversation_id, r.seq) for r in received} == {(received[0].conversation_id, 1)}
    assert sorted(r.duplicate for r in received) == [False] + [True] * 19
    assert len(await parts.store.entries(received[0].conversation_id)) == 1


async def test_fifty_messages_at_once_get_numbers_without_a_gap(parts: Parts) -> None:
    texts = [f"message {n}" for n in range(50)]
    received = await asyncio.gather(*(parts.say(text) for text in texts))
    assert len({r.conversation_id for r in received}) == 1
    entries = await parts.store.entries(received[0].conversation_id)
    assert [entry.seq for entry in entries] == list(range(1, 51))
    assert {entry.seq: entry.text for entry in entries} == {
        r.seq: text for r, text in zip(received, texts, strict=True)
    }
    conversation = await parts.store.find(received[0].conversation_id)
    assert conversation is not None
    assert (conversation.last_seq, conversation.handled_seq) == (50, 0)


async def test_replies_and_messages_written_at_once_share_one_numbering(parts: Parts) -> None:
    first = await parts.say("one")
    reply = NewEntry(kind=EntryKind.BOT, key="turn:1:0", text="hello", language=Language.EN)

    async def answer(number: int) -> None:
        new = [replace(reply, key=f"turn:{number}:{part}") for part in range(3)]
        await parts.database.write(lambda tx: parts.store.append(tx, first.conversation_id, new, at=parts.clock()))

    await asyncio.gather(*(answer(n) for n in range(10)), *(parts.say(f"text {n}") for n in range(10)))
    entries = await parts.store.entries(first.conversation_id)
    assert [entry.seq for entry in entries] == list(range(1, 42))


async def test_a_line_stored_twice_under_one_key_stands_once(parts: Parts) -> None:
    received = await parts.say("one")
    line = NewEntry(kind=EntryKind.BOT, key="turn:1:0", text="hello", language=Language.EN)
    stored = [
        (
            await parts.database.write(
                lambda tx: parts.store.append(tx, received.conversation_id, [line], at=parts.clock())
            )
        )
        for _ in range(2)
    ]
    assert stored[0][0].seq == stored[1][0].seq == 2
    assert len(await parts.store.entries(received.conversation_id)) == 2


async def test_news_goes_out_after_the_commit_and_only_for_what_is_new(parts: Parts) -> None:
    heard = []
    async with parts.signals.subscribe("turns", "conversation:*") as news:
        received = await parts.inbox.receive(HELLO)
        await parts.inbox.receive(HELLO)
        await parts.signals.publish("turns", {"conversation": "end"})
        async for signal in news:
            assert signal is not None
            if signal.body.get("conversation") == "end":
                break
            heard.append((signal.topic, signal.body))
    assert heard == [
        ("turns", {"conversation": received.conversation_id}),
        (f"conversation:{received.conversation_id}", {"seq": 1}),
    ]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01", "\u200b\u2060", "\ud800"])
async def test_a_message_with_nothing_in_it_is_refused_and_not_stored(parts: Parts, text: str) -> None:
    with pytest.raises(EmptyMessage) as refused:
        await parts.inbox.receive(replace(HELLO, text=text))
    assert refused.value.code == "empty_message"
    assert await parts.store.find_at("widget", "visitor-1") is None


async def test_two_thousand_characters_are_taken_and_more_are_refused_with_both_numbers(parts: Parts) -> None:
    taken = await parts.inbox.receive(replace(HELLO, text="好" * 2000))
    with pytest.raises(MessageTooLong) as refused:
        await parts.inbox.receive(replace(HELLO, external_id="k2", text="好" * 5000))
    assert refused.value.slots == {"limit": 2000, "length": 5000}
    for language in Language:
        assert "5000" in parts.texts(refused.value.text_key, language, **refused.value.slots)
    assert len(await parts.store.entries(taken.conversation_id)) == 1


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\x00b", "ab"),
        ("退\ud83d款", "退款"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\u202egnp.exe", "gnp.exe"),
        ("👨‍👩‍👧 hi", "👨‍👩‍👧 hi"),
        ("/restart", "/restart"),
        ('/intent{"a":1}', '/intent{"a":1}'),
    ],
)
async def test_what_cannot_be_shown_is_cleaned_away_and_the_rest_stays(parts: Parts, text: str, stored: str) -> None:
    received = await parts.inbox.receive(replace(HELLO, text=text))
    [entry] = await parts.store.entries(received.conversation_id)
    assert entry.text == stored


async def test_an_emoji_is_a_message(parts: Parts) -> None:
    received = await parts.inbox.receive(replace(HELLO, text="😡😡"))
    [entry] = await parts.store.entries(received.conversation_id)
    assert entry.text == "😡😡"


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": ""},
        {"external_id": "turn:1:0"},
        {"external_id": "k" * 101},
        {"address": ""},
        {"kind": InboundKind.PRESS, "choice": ""},
        {"kind": InboundKind.PRESS, "choice": "human\n"},
        {"kind": InboundKind.PRESS, "choice": "x" * 101},
    ],
)
async def test_an_impossible_key_or_choice_is_malformed(parts: Parts, wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        await parts.inbox.receive(replace(HELLO, **wrong))  # type: ignore[arg-type]


async def test_a_key_of_somebody_elses_message_is_refused(parts: Parts) -> None:
    await parts.inbox.receive(HELLO)
    with pytest.raises(KeyInUse):
        await parts.inbox.receive(replace(HELLO, address="visitor-2"))
    assert await parts.store.find_at("widget", "visitor-2") is None


async def test_a_race_for_one_key_between_two_customers_has_one_winner(parts: Parts) -> None:
    both = [parts.inbox.receive(replace(HELLO, address=f"visitor-{n}")) for n in range(2)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["KeyInUse", "Received"]


async def test_a_press_is_stored_with_the_words_on_the_button(parts: Parts) -> None:
    received = await parts.say("hello")
    choices: list[JsonValue] = [{"id": "article:7", "label": "How do returns work?"}]
    line = NewEntry(kind=EntryKind.BOT, key="turn:1:0", text="?", language=Language.EN, payload={"choices": choices})
    await parts.database.write(lambda tx: parts.store.append(tx, received.conversation_id, [line], at=parts.clock()))
    for pressed in (await parts.press("article:7", to_seq=2), await parts.press("article:7")):
        entry = await parts.store.entry(received.conversation_id, pressed.seq)
        assert entry is not None
        assert (entry.text, entry.payload["choice"]) == ("How do returns work?", "article:7")


async def test_a_file_is_stored_with_its_name_and_kind(parts: Parts) -> None:
    sent = replace(HELLO, kind=InboundKind.FILE, text="看图", file_name="a\nb.jpg", file_kind="photo")
    received = await parts.inbox.receive(sent)
    [entry] = await parts.store.entries(received.conversation_id)
    assert entry.payload["file"] == {"name": "a b.jpg", "kind": "photo"}
    assert entry.text == "[文件] a b.jpg\n看图"


async def test_an_opened_conversation_waits_for_a_greeting_and_shows_no_line(parts: Parts) -> None:
    opened = await parts.inbox.receive(
        replace(HELLO, kind=InboundKind.START, text="", language_hint=Language.EN, customer_name=" Ann\u202e ")
    )
    conversation = await parts.store.find(opened.conversation_id)
    assert conversation is not None
    assert (conversation.language, conversation.customer_name) == (Language.EN, "Ann")
    [entry] = await parts.store.entries(opened.conversation_id)
    assert (entry.kind, entry.text, entry.payload["public"]) == (EntryKind.EVENT, "", False)
    assert await parts.store.next_due(opened.conversation_id) is not None


async def test_the_language_of_a_line_is_that_of_its_script(parts: Parts) -> None:
    received = [await parts.say(text) for text in ("你好", "hello", "123", "CJ2611-088213", "洗衣机 E20")]
    entries = await parts.store.entries(received[0].conversation_id)
    assert [entry.language for entry in entries] == ["zh", "en", "zh", "en", "zh"]
