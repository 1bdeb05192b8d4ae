"""tests: a customer on the website whose network is bad, and who types odd things."""

from __future__ import annotations

import asyncio

import httpx

from handoff.contracts import Agent
from kit.contracts import Language
from tests.journeys.customers import WebCustomer, heard
from tests.journeys.test_both_channels import claimed_by, settled, words
from tests.support.desk import RunningDesk
from tests.support.wait import until


async def test_cuts_in_the_middle_of_a_conversation_lose_and_double_nothing(
    desk: RunningDesk, visitor: WebCustomer, language: Language
) -> None:
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    for _ in range(4):
        before = len(visitor.house())
        await visitor.say(words("question", language))
        await visitor.cut()
        await visitor.reconnect()
        await heard(visitor, words("answer", language), since=before)
    conversation = (await desk.rooms.store.find_at("web", await visitor_id(desk, visitor))) or None
    assert conversation is not None
    await until(lambda: settled(desk, conversation.id))
    public = [entry for entry in await desk.rooms.store.entries(conversation.id) if entry.kind.value != "event"]
    shown = [seq for seq, entry in sorted(visitor.entries.items()) if entry["kind"] != "event"]
    assert shown == [entry.seq for entry in public]
    assert visitor.doubled == []


async def visitor_id(desk: RunningDesk, visitor: WebCustomer) -> str:
    """The address of the visitor's conversation: what stands before the token's first dot."""
    return visitor.token.partition(".")[0]


async def test_a_waiting_visitor_sees_the_place_change_and_then_who_came(
    desk: RunningDesk, visitor: WebCustomer, agent: Agent, language: Language
) -> None:
    await other_customer_waits(desk)
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    await visitor.press(words("person", language))
    await until(lambda: visitor.states[-1]["place"] and visitor.states[-1]["place"]["ahead"] == 1)
    first, mine = await desk.rooms.agents.queue()
    await desk.rooms.agents.claim(first.id, agent)
    await until(lambda: visitor.states[-1]["place"] and visitor.states[-1]["place"]["ahead"] == 0)
    await desk.rooms.agents.claim(mine.id, agent)
    await until(lambda: visitor.states[-1]["owner"] == "agent")
    assert visitor.states[-1]["agent"] == "林静"


async def other_customer_waits(desk: RunningDesk) -> None:
    """Somebody else asked for a person before."""
    async with httpx.AsyncClient(base_url=desk.url) as client:
        token = (await client.post("/api/visitor")).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        await client.post("/api/messages", json={"key": token[:26], "choice": "human"})

    async def waits() -> bool:
        return len(await desk.rooms.agents.queue()) == 1

    await until(waits)


async def test_a_representative_typing_is_seen_and_a_reply_arrives_live(
    desk: RunningDesk, visitor: WebCustomer, agent: Agent, language: Language
) -> None:
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    await visitor.say(words("ask_person", language))
    handoff = await claimed_by(desk, agent)
    await heard(visitor, "林静")
    await desk.rooms.agents.typing(handoff.conversation_id, agent, on=True)
    await until(lambda: visitor.typing == ["agent"])
    await desk.rooms.agents.note(handoff.conversation_id, agent, key="n", text="只给同事看")
    await desk.rooms.agents.reply(handoff.conversation_id, agent, key="r", text="您好", epoch=handoff.epoch)
    await heard(visitor, "您好")
    assert "只给同事看" not in str(visitor.entries)


async def test_every_odd_text_gets_a_reply(visitor: WebCustomer, language: Language) -> None:
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    for text in ("😡😡", "/intent{}", "?", "  \n嗯\n  ", "a" * 2000, "a\x00b", "<b>退货</b>"):
        before = len(visitor.house())
        await visitor.say(text)
        await until(lambda before=before: len(visitor.house()) > before)  # type: ignore[misc]


async def test_several_messages_at_once_are_answered_one_after_the_other(
    desk: RunningDesk, visitor: WebCustomer, language: Language
) -> None:
    await visitor.arrive()
    await heard(visitor, words("hello", language))
    before = len(visitor.house())
    await asyncio.gather(*(visitor.say(words("question", language)) for _ in range(3)))
    await until(lambda: len([text for text in visitor.house()[before:] if "10:00–21:30" in text]) == 3)
    assert visitor.doubled == []
