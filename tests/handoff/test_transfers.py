"""tests: a conversation that is given on is never lost, never doubled, and everybody knows who has it and why."""

from __future__ import annotations

import asyncio

import pytest

from handoff.contracts import Agent, AgentState, Claimed, HandoffState, Outcome, StateReason
from handoff.refusals import ColleagueAway, ConversationMoved, ReasonNeeded, UnknownChoice
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House


async def told(house: House, conversation_id: str) -> list[tuple[str, bool]]:
    """(code, whether the customer reads it) of the last two events."""
    lines = await house.agents.lines(conversation_id)
    return [(str(line.payload["code"]), bool(line.payload["public"])) for line in lines if line.kind == "event"][-2:]


async def on_duty(house: House, *agents: Agent) -> None:
    for agent in agents:
        await house.agents.arrive(agent)


async def test_a_colleague_who_is_there_gets_it_at_once_with_its_age_and_packet(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(minutes=3)
    await on_duty(house, MEI, LIN)
    given = await house.transfers.to_colleague(
        held.conversation_id, MEI, epoch=held.epoch, colleague_id=LIN.id, reason=" 她懂  发票 "
    )
    assert (given.state, given.agent_id, given.epoch) == (HandoffState.ACTIVE, LIN.id, held.epoch + 1)
    assert (given.asked_at, given.claimed_at, given.packet) == (held.asked_at, held.claimed_at, held.packet)
    assert await house.conversations.owner(held.conversation_id) == (f"agent:{LIN.id}", given.epoch)
    assert await told(house, held.conversation_id) == [("transfer_reason", False), ("transferred", True)]
    [record] = house.staff.records
    assert (record.action, record.account_id, record.after) == ("handoff.transfer", MEI.id, "林静: 她懂 发票")
    with pytest.raises(ConversationMoved):
        await house.agents.reply(held.conversation_id, MEI, key="late", text="还在吗", epoch=held.epoch)


@pytest.mark.parametrize("state", [AgentState.OFFLINE, AgentState.BREAK])
async def test_nobody_gets_one_who_is_not_there_to_take_it(house: House, state: AgentState) -> None:
    held = await house.claimed(MEI)
    await on_duty(house, MEI, LIN)
    await house.duty.choose(LIN, state, StateReason.MEAL if state is AgentState.BREAK else None)
    for colleague in (LIN.id, MEI.id, "nobody"):
        with pytest.raises(ColleagueAway):
            await house.transfers.to_colleague(
                held.conversation_id, MEI, epoch=held.epoch, colleague_id=colleague, reason="请接一下"
            )
    assert await house.store.find(held.id) == held
    assert house.staff.records == []


async def test_a_department_gets_it_at_the_head_of_its_line_with_its_age(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(minutes=50)
    other = await house.ask(intent="usage_help")
    back = await house.transfers.to_department(
        held.conversation_id, MEI, epoch=held.epoch, department="technical_support", reason="需要技术支持"
    )
    assert (back.state, back.agent_id, back.asked_at) == (HandoffState.WAITING, None, held.asked_at)
    assert back.placing.department == "technical_support"
    assert back.placing.answer_by == held.placing.answer_by
    assert await house.queue.first(9, "technical_support") == (held.conversation_id, other.conversation_id)
    assert await house.conversations.owner(held.conversation_id) == ("queue", back.epoch)
    assert await told(house, held.conversation_id) == [("transfer_reason", False), ("transferred_department", True)]
    assert await house.promises.sweep(house.clock()) == 0, "whoever was helped already is not sent away"


async def test_who_gave_it_to_a_department_is_not_the_one_it_is_offered_to(house: House) -> None:
    held = await house.claimed(MEI)
    await on_duty(house, MEI, LIN)
    await house.transfers.to_department(
        held.conversation_id, MEI, epoch=held.epoch, department="technical_support", reason="需要技术支持"
    )
    await house.dispatcher.run(house.clock())
    [offer] = await house.dispatcher.offers()
    assert offer.agent == LIN


async def test_of_two_ways_out_at_once_one_wins_and_the_other_is_told(house: House) -> None:
    held = await house.claimed(MEI)
    await on_duty(house, MEI, LIN)
    ends = await asyncio.gather(
        house.transfers.to_colleague(
            held.conversation_id, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="请接一下"
        ),
        house.transfers.to_department(
            held.conversation_id, MEI, epoch=held.epoch, department="after_sales", reason="售后问题"
        ),
        house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["ConversationMoved", "ConversationMoved", "Handoff"]
    assert (await house.conversations.owner(held.conversation_id))[1] == held.epoch + 1


async def test_only_who_holds_it_gives_it_on_and_says_why_and_where(house: House) -> None:
    held = await house.claimed(MEI)
    await on_duty(house, MEI, LIN)
    where = held.conversation_id
    with pytest.raises(ConversationMoved):
        await house.transfers.to_colleague(where, LIN, epoch=held.epoch, colleague_id=MEI.id, reason="我来")
    with pytest.raises(ReasonNeeded):
        await house.transfers.to_colleague(where, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="  ")
    with pytest.raises(UnknownChoice):
        await house.transfers.to_department(where, MEI, epoch=held.epoch, department="kitchen", reason="饿了")
    assert await house.store.find(held.id) == held


async def test_the_reason_for_giving_it_to_the_bot_is_for_colleagues_only(house: House) -> None:
    held = await house.claimed(MEI)
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch, reason="只问营业时间")
    assert await told(house, held.conversation_id) == [("transfer_reason", False), ("returned", True)]


async def test_who_comes_again_is_offered_to_the_last_agent_only_while_they_are_there(house: House) -> None:
    held = await house.claimed(MEI)
    await on_duty(house, MEI, LIN)
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    await house.duty.choose(MEI, AgentState.OFFLINE)
    again = await house.ask(conversation_id=held.conversation_id)
    await house.dispatcher.run(house.clock())
    [offer] = await house.dispatcher.offers()
    assert (offer.handoff_id, offer.agent) == (again.id, LIN)
    assert isinstance(await house.agents.claim(again.id, LIN), Claimed)
