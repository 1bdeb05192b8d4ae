"""Promises about what becomes of replies: the furthest report counts, and what failed goes out once more."""

from __future__ import annotations

from bot.adapters.receipt_store import SqlReceiptStore
from bot.contracts import EntryKind, FailureKind, NewEntry, Outgoing, SendFailed
from handoff.contracts import Deliveries
from kit.contracts import Language
from tests.bot.support.desk import PUSHING, Parts
from tests.bot.test_outbox import Sender, sending, settled
from tests.support.wait import until


def store_of(parts: Parts) -> SqlReceiptStore:
    return SqlReceiptStore(parts.database, pushing={PUSHING})


async def written(parts: Parts, conversation_id: str, *kinds: EntryKind) -> list[int]:
    """Lines of these kinds; their numbers."""
    lines = [NewEntry(kind=kind, key=parts.next_key(), text=f"{kind}", language=Language.ZH) for kind in kinds]
    stored = await parts.database.write(lambda tx: parts.store.append(tx, conversation_id, lines, at=parts.clock()))
    return [entry.seq for entry in stored]


async def test_the_furthest_report_counts_and_an_old_one_changes_nothing(parts: Parts) -> None:
    store, home = store_of(parts), (await parts.say("在吗", channel="web")).conversation_id

    async def note(delivered: int, read: int) -> bool:
        return await parts.database.write(lambda tx: store.note(tx, home, delivered=delivered, read=read))

    assert await store.of(home) == Deliveries(pushed=False)
    assert [await note(4, 0), await note(3, 3), await note(4, 2), await note(2, 4)] == [True, True, False, True]
    assert await store.of(home) == Deliveries(pushed=False, delivered=4, read=4)


async def test_only_representatives_lines_have_a_state_and_only_failed_ones_go_again(parts: Parts) -> None:
    store, home = store_of(parts), (await parts.say("在吗", channel=PUSHING)).conversation_id
    _, first, second = await written(parts, home, EntryKind.BOT, EntryKind.AGENT, EntryKind.AGENT)
    assert await store.of(home) == Deliveries(pushed=True, waiting=(first, second))
    row = next(row for row in await parts.outbox.of_conversation(home) if row.seq == first)
    await parts.database.write(
        lambda tx: parts.outbox.failed(tx, row.id, failure=FailureKind.OURS, reason="bad", at=parts.clock())
    )
    assert await store.of(home) == Deliveries(pushed=True, waiting=(second,), failed=(first,))

    async def again(seq: int) -> bool:
        return await parts.database.write(lambda tx: store.send_again(tx, home, seq, at=parts.clock()))

    assert [await again(first), await again(first), await again(second), await again(99)] == [True, False, False, False]
    assert await store.of(home) == Deliveries(pushed=True, waiting=(first, second))


async def test_what_failed_is_sent_once_more_and_consoles_hear_of_it(sqlite_parts: Parts) -> None:
    parts, store, refusing = sqlite_parts, store_of(sqlite_parts), True
    home = (await parts.say("在吗", channel=PUSHING)).conversation_id

    def before(_: Outgoing) -> None:
        if refusing:
            raise SendFailed(FailureKind.OURS, "bad")

    sender = Sender(before=before)
    async with sending(parts, sender) as outbox:
        [seq] = await written(parts, home, EntryKind.AGENT)
        async with parts.signals.subscribe("conversation:*") as news:
            outbox.offer(home)
            async for signal in news:
                if signal is not None and signal.body.get("receipt"):
                    break
        assert (await store.of(home)).failed == (seq,)
        refusing = False
        for _ in range(2):
            await parts.database.write(lambda tx: store.send_again(tx, home, seq, at=parts.clock()))
            outbox.offer(home)

        await until(lambda: settled(parts, home))
    assert [text for _, text, _ in sender.sent] == ["agent"]
    assert await store.of(home) == Deliveries(pushed=True)
