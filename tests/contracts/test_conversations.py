"""Both versions of `handoff.ports.Conversations`: the bot's own, and the stand-in the desk's tests use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.conversation_store import SqlConversationStore
from bot.contracts import EntryKind, NewEntry
from bot.desk_conversations import DeskConversations
from bot.render import Wording
from handoff.ports import Conversations
from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.refusals import NotFound
from kit.sql import Database
from kit.texts import Texts
from tests.support.conversations import StandInConversations

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """One version, with a conversation in which the customer said 你好."""

    database: Database
    conversations: Conversations
    begin: Callable[[], Awaitable[str]]

    async def take(self, where: str, owner: str) -> int:
        """A new owner."""
        return await self.database.write(lambda tx: self.conversations.take_owner(tx, where, owner=owner, at=AT))

    async def reply(self, where: str, key: str, *, epoch: int) -> int | None:
        """An agent's reply."""
        return await self.database.write(
            lambda tx: self.conversations.append_agent(
                tx, where, key=key, text=key, agent_id="agent-mei", agent_name="小梅", epoch=epoch, at=AT
            )
        )


@pytest.fixture(params=["real", "stand-in"])
async def talks(request: pytest.FixtureRequest, database: Database, texts: Texts) -> Talks:
    if request.param == "stand-in":
        stand_in = StandInConversations(database)
        await stand_in.prepare()

        async def begin_stand_in() -> str:
            where = new_id()
            await stand_in.begin(where, "你好", at=AT)
            return where

        return Talks(database=database, conversations=stand_in, begin=begin_stand_in)
    store = SqlConversationStore(database, new_id=new_id)

    async def begin_real() -> str:
        async def work(tx: Tx) -> str:
            talk = await store.open(
                tx, channel="web", address=new_id(), customer_name="周", language=Language.ZH, at=AT
            )
            line = NewEntry(kind=EntryKind.CUSTOMER, key="customer-0", text="你好", language=Language.ZH)
            await store.append(tx, talk.id, [line], at=AT)
            return talk.id

        return await database.write(work)

    wording = Wording(texts=texts, categories={}, zone=ZoneInfo("Asia/Shanghai"))
    return Talks(database=database, conversations=DeskConversations(store=store, wording=wording), begin=begin_real)


async def test_every_new_owner_brings_a_new_epoch(talks: Talks) -> None:
    where = await talks.begin()
    epochs = [await talks.take(where, owner) for owner in ("queue", "agent:agent-mei", "queue", "bot")]
    assert epochs == list(range(epochs[0], epochs[0] + 4))


async def test_only_the_present_epoch_may_write(talks: Talks) -> None:
    where = await talks.begin()
    epoch = await talks.take(where, "agent:agent-mei")
    assert await talks.reply(where, "a", epoch=epoch) == 2
    assert await talks.reply(where, "b", epoch=epoch - 1) is None
    assert await talks.reply(where, "c", epoch=-1) is None
    assert await talks.reply(where, "d", epoch=epoch) == 3


async def test_a_key_is_one_line_even_after_the_owner_changed(talks: Talks) -> None:
    where = await talks.begin()
    epoch = await talks.take(where, "agent:agent-mei")
    first = await talks.reply(where, "a", epoch=epoch)
    await talks.take(where, "bot")
    assert await talks.reply(where, "a", epoch=epoch) == first
    assert len(await talks.conversations.lines(where)) == 2


async def test_lines_of_all_kinds_are_numbered_without_gaps(talks: Talks) -> None:
    where = await talks.begin()
    epoch = await talks.take(where, "agent:agent-mei")

    async def note(number: int) -> None:
        await talks.database.write(
            lambda tx: talks.conversations.append_note(
                tx, where, key=f"note-{number}", text="记", agent_id="agent-mei", agent_name="小梅", at=AT
            )
        )

    async def event(number: int) -> None:
        await talks.database.write(
            lambda tx: talks.conversations.append_event(
                tx, where, key=f"event-{number}", code="joined", slots={"name": "小梅"}, at=AT, public=True
            )
        )

    await asyncio.gather(
        *(note(n) for n in range(5)),
        *(event(n) for n in range(5)),
        *(talks.reply(where, f"reply-{n}", epoch=epoch) for n in range(5)),
    )
    lines = await talks.conversations.lines(where)
    assert [line.seq for line in lines] == list(range(1, 17))
    assert {line.kind for line in lines} == {"customer", "note", "event", "agent"}
    assert [line.seq for line in await talks.conversations.lines(where, after=14)] == [15, 16]


async def test_a_line_carries_its_key_its_author_and_what_happened(talks: Talks) -> None:
    where = await talks.begin()
    epoch = await talks.take(where, "agent:agent-mei")
    await talks.reply(where, "k1", epoch=epoch)
    await talks.database.write(
        lambda tx: talks.conversations.append_event(
            tx, where, key="e1", code="joined", slots={"name": "小梅"}, at=AT, public=True
        )
    )
    reply, event = (await talks.conversations.lines(where))[1:]
    assert (reply.key, reply.author, reply.text, reply.at) == ("k1", "小梅", "k1", AT)
    assert event.payload == {"code": "joined", "slots": {"name": "小梅"}, "public": True}


async def test_the_last_words_are_nobodys_note_and_no_event(talks: Talks) -> None:
    first, second = await talks.begin(), await talks.begin()
    epoch = await talks.take(first, "agent:agent-mei")
    await talks.reply(first, "回复", epoch=epoch)
    await talks.database.write(
        lambda tx: talks.conversations.append_note(
            tx, first, key="n", text="记", agent_id="agent-mei", agent_name="小梅", at=AT
        )
    )
    last = await talks.conversations.last_lines([first, second, "nothing"])
    assert {where: line.text for where, line in last.items()} == {first: "回复", second: "你好"}
    assert await talks.conversations.last_lines([]) == {}


async def test_a_conversation_nobody_knows_is_not_found(talks: Talks) -> None:
    with pytest.raises(NotFound):
        await talks.reply("nothing", "a", epoch=1)
    with pytest.raises(NotFound):
        await talks.take("nothing", "queue")
