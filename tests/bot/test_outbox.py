"""tests: pushed replies leave in order, are tried again, given up visibly, and sent once unless a crash forbids it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest

from bot.contracts import Capabilities, Delivery, EntryKind, FailureKind, NewEntry, Outgoing, SendFailed
from bot.outbox import Outbox
from bot.settings.conversation import OutboxSettings
from kit.contracts import Language
from tests.bot.support.desk import PUSHING, Parts
from tests.support.wait import until


@dataclass
class Sender:
    """A channel that notes what it was given and fails as the script says."""

    typed: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, int]] = field(default_factory=list)
    """(address, text, attempts)"""
    before: Callable[[Outgoing], object] | None = None
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            name=PUSHING, text_limit=4096, markdown=True, buttons=8, pushes=True, typing=True
        )
    )

    async def send(self, outgoing: Outgoing) -> str:
        if self.before is not None:
            result = self.before(outgoing)
            if asyncio.iscoroutine(result):
                await result
        self.sent.append((outgoing.address, outgoing.entry.text, outgoing.attempts))
        return f"message-{len(self.sent)}"

    async def typing(self, address: str) -> None:
        self.typed.append(address)


def outbox_of(parts: Parts, sender: Sender) -> Outbox:
    """The outbox with one channel."""
    return Outbox(
        senders={PUSHING: sender},
        outbox=parts.outbox,
        store=parts.store,
        transactions=parts.database,
        signals=parts.signals,
        texts=parts.texts,
        clock=parts.clock,
        settings=OutboxSettings(send_seconds=0.2),
    )


@asynccontextmanager
async def sending(parts: Parts, sender: Sender) -> AsyncIterator[Outbox]:
    """The outbox at work."""
    outbox = outbox_of(parts, sender)
    await outbox.start()
    try:
        yield outbox
    finally:
        await outbox.stop()


async def reply(parts: Parts, *texts: str, address: str = "chat-1", tell: bool = True) -> str:
    """The bot says something in a pushing channel; returns the conversation's id."""
    received = await parts.say("hello", address=address, channel=PUSHING)
    lines = [
        NewEntry(kind=EntryKind.BOT, key=f"turn:{received.seq}:{number}", text=text, language=Language.EN)
        for number, text in enumerate(texts)
    ]
    await parts.database.write(lambda tx: parts.store.append(tx, received.conversation_id, lines, at=parts.clock()))
    if tell:
        await parts.signals.publish(f"conversation:{received.conversation_id}", {"seq": received.seq + len(texts)})
    return received.conversation_id


async def states(parts: Parts, conversation_id: str) -> list[Delivery]:
    """How far each delivery of a conversation is."""
    return [row.state for row in await parts.outbox.of_conversation(conversation_id)]


async def settled(parts: Parts, conversation_id: str) -> bool:
    """Whether nothing waits any more."""
    return Delivery.PENDING not in await states(parts, conversation_id)


async def test_replies_leave_in_order_and_are_marked_with_the_channels_own_number(parts: Parts) -> None:
    sender = Sender()
    async with sending(parts, sender):
        conversation_id = await reply(parts, "one", "two", "three")
        await until(lambda: settled(parts, conversation_id))
    assert sender.sent == [("chat-1", text, 1) for text in ("one", "two", "three")]
    assert await parts.outbox.seq_of(channel=PUSHING, address="chat-1", message_id="message-2") == 3


async def test_what_waits_when_the_outbox_starts_is_sent(parts: Parts) -> None:
    conversation_id = await reply(parts, "one", tell=False)
    sender = Sender()
    async with sending(parts, sender):
        await until(lambda: settled(parts, conversation_id))
    assert len(sender.sent) == 1


async def test_only_public_lines_of_pushing_channels_are_sent(parts: Parts) -> None:
    received = await parts.say("hello", channel="widget")
    lines = [
        NewEntry(kind=EntryKind.BOT, key="turn:1:0", text="fetched, not pushed", language=Language.EN),
    ]
    await parts.database.write(lambda tx: parts.store.append(tx, received.conversation_id, lines, at=parts.clock()))
    pushed = await parts.say("hello", channel=PUSHING)
    hidden = [
        NewEntry(kind=EntryKind.NOTE, key="note-1", text="internal", language=Language.EN, public=False),
        NewEntry(kind=EntryKind.EVENT, key="x:1", text="claimed", language=Language.EN, public=False),
        NewEntry(kind=EntryKind.AGENT, key="agent-1", text="hi, Mei here", language=Language.EN),
    ]
    await parts.database.write(lambda tx: parts.store.append(tx, pushed.conversation_id, hidden, at=parts.clock()))
    assert await parts.outbox.of_conversation(received.conversation_id) == ()
    assert [row.seq for row in await parts.outbox.of_conversation(pushed.conversation_id)] == [4]


@pytest.mark.parametrize("kind", [FailureKind.LATER, FailureKind.UNAVAILABLE])
async def test_a_delivery_that_may_work_later_holds_up_the_rest_of_its_conversation_only(
    parts: Parts, kind: FailureKind
) -> None:
    def refuse(outgoing: Outgoing) -> None:
        if outgoing.entry.text == "one" and outgoing.attempts == 1:
            raise SendFailed(kind, "busy", retry_after=5)

    sender = Sender(before=refuse)
    async with sending(parts, sender) as outbox:
        held = await reply(parts, "one", "two")
        other = await reply(parts, "three", address="chat-2")
        await until(lambda: settled(parts, other))
        await until(lambda: _reason(parts, held))
        assert [text for _, text, _ in sender.sent] == ["three"]
        parts.clock.forward(seconds=4)
        outbox.offer(held)
        parts.clock.forward(seconds=1)
        outbox.offer(held)
        await until(lambda: settled(parts, held))
    assert [(text, attempts) for _, text, attempts in sender.sent] == [("three", 1), ("one", 2), ("two", 1)]


async def _reason(parts: Parts, conversation_id: str) -> str:
    return (await parts.outbox.of_conversation(conversation_id))[0].reason


@pytest.mark.parametrize("kind", [FailureKind.GONE, FailureKind.OURS])
async def test_a_delivery_that_cannot_work_is_given_up_at_once_visibly_and_the_next_is_tried(
    parts: Parts, kind: FailureKind
) -> None:
    def refuse(outgoing: Outgoing) -> None:
        if outgoing.entry.text == "one":
            raise SendFailed(kind, "chat not found")

    async with sending(parts, Sender(before=refuse)):
        conversation_id = await reply(parts, "one", "two")
        await until(lambda: settled(parts, conversation_id))
    assert await states(parts, conversation_id) == [Delivery.FAILED, Delivery.SENT]
    failed = (await parts.outbox.of_conversation(conversation_id))[0]
    assert (failed.failure, failed.reason) == (kind.value, "chat not found")
    [line] = [entry for entry in await parts.store.entries(conversation_id) if entry.kind is EntryKind.EVENT]
    assert (line.payload["code"], line.payload["public"]) == ("delivery_failed", False)


async def test_a_sender_with_a_fault_or_without_an_answer_does_not_stop_the_outbox(parts: Parts) -> None:
    def fault(outgoing: Outgoing) -> object:
        if outgoing.entry.text == "one":
            message = "a fault in the channel"
            raise ZeroDivisionError(message)
        return asyncio.Event().wait() if outgoing.attempts == 1 else None

    async with sending(parts, Sender(before=fault)) as outbox:
        conversation_id = await reply(parts, "one", "two")
        await until(lambda: _second_failed(parts, conversation_id))
        parts.clock.forward(seconds=2)
        outbox.offer(conversation_id)
        await until(lambda: settled(parts, conversation_id))
    assert await states(parts, conversation_id) == [Delivery.FAILED, Delivery.SENT]


async def _second_failed(parts: Parts, conversation_id: str) -> bool:
    return bool((await parts.outbox.of_conversation(conversation_id))[1].reason)


async def test_what_could_not_be_delivered_for_a_day_is_given_up(parts: Parts) -> None:
    def refuse(outgoing: Outgoing) -> None:
        raise SendFailed(FailureKind.UNAVAILABLE, "no network")

    conversation_id = await reply(parts, "one", tell=False)
    parts.clock.forward(hours=25)
    async with sending(parts, Sender(before=refuse)):
        await until(lambda: settled(parts, conversation_id))
    assert await states(parts, conversation_id) == [Delivery.FAILED]


async def test_a_crash_between_sending_and_marking_sends_once_more_and_says_that_it_may_be_a_repeat(
    parts: Parts,
) -> None:
    conversation_id = await reply(parts, "one", tell=False)
    [row] = await parts.outbox.heads(parts.clock(), channels=frozenset({PUSHING}), limit=5)
    # What a process leaves behind that died after the call: the attempt is counted, no outcome is noted.
    lease = parts.clock() + timedelta(seconds=20)
    assert await parts.database.write(lambda tx: parts.outbox.begin(tx, row.id, attempts=0, until=lease)) == 1
    assert await parts.outbox.heads(parts.clock(), channels=frozenset({PUSHING}), limit=5) == ()
    parts.clock.forward(seconds=20)
    sender = Sender()
    async with sending(parts, sender):
        await until(lambda: settled(parts, conversation_id))
    assert sender.sent == [("chat-1", "one", 2)]


async def test_of_many_who_begin_a_delivery_at_once_one_does(parts: Parts) -> None:
    await reply(parts, "one", tell=False)
    [row] = await parts.outbox.heads(parts.clock(), channels=frozenset({PUSHING}), limit=5)
    lease = parts.clock() + timedelta(seconds=20)
    begun = await asyncio.gather(
        *(
            parts.database.write(lambda tx: parts.outbox.begin(tx, row.id, attempts=row.attempts, until=lease))
            for _ in range(8)
        )
    )
    assert sorted(begun, key=str) == [1, *[None] * 7]
    await parts.database.write(lambda tx: parts.outbox.sent(tx, row.id, message_id="m", at=parts.clock()))
    assert await parts.database.write(lambda tx: parts.outbox.begin(tx, row.id, attempts=1, until=lease)) is None


async def test_two_processes_of_one_channel_deliver_everything_once_and_in_order(parts: Parts) -> None:
    homes = [await reply(parts, "one", "two", "three", address=f"chat-{number}", tell=False) for number in range(6)]
    first, second = Sender(), Sender()
    async with sending(parts, first), sending(parts, second):
        for home in homes:
            await until(partial(settled, parts, home))
    sent = [*first.sent, *second.sent]
    assert sorted(sent) == sorted(
        (f"chat-{number}", text, 1) for number in range(6) for text in ("one", "two", "three")
    )
    for sender in (first, second):
        for number in range(6):
            texts = [text for address, text, _ in sender.sent if address == f"chat-{number}"]
            assert texts == sorted(texts, key=["one", "two", "three"].index)


async def test_two_signals_for_one_reply_send_it_once(parts: Parts) -> None:
    sender = Sender()
    async with sending(parts, sender) as outbox:
        conversation_id = await reply(parts, "one")
        for _ in range(5):
            outbox.offer(conversation_id)
        await until(lambda: settled(parts, conversation_id))
    assert len(sender.sent) == 1


async def test_a_representative_who_types_is_seen_typing_in_the_channel(parts: Parts) -> None:
    sender = Sender()
    conversation_id = await reply(parts, "one")
    fetched = await parts.say("hello", channel="web")
    async with sending(parts, sender):
        await until(lambda: settled(parts, conversation_id))
        for where, who, on in (
            (fetched.conversation_id, "agent", True),
            (conversation_id, "customer", True),
            (conversation_id, "agent", False),
            (conversation_id, "agent", True),
        ):
            await parts.signals.publish(f"conversation:{where}", {"typing": on, "who": who})
        await until(lambda: sender.typed)
    assert sender.typed == ["chat-1"]


async def test_a_channel_that_is_switched_off_keeps_its_rows(parts: Parts) -> None:
    await reply(parts, "one", tell=False)
    assert await parts.outbox.heads(parts.clock(), channels=frozenset({"other"}), limit=5) == ()
    assert len(await parts.outbox.heads(parts.clock(), channels=frozenset({PUSHING}), limit=5)) == 1
