from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from handoff.contracts import Agent, Claimed, Handoff, HandoffState, LostTo, Outcome, Urgency
from kit.refusals import NotFound
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House

AGENTS = [Agent(id=f"agent-{number:02}", name=f"坐席{number:02}") for number in range(50)]


@pytest.mark.timeout(300)  # a thousand claims on a machine that has other things to do
async def test_fifty_agents_who_claim_two_hundred_conversations_at_once_get_one_winner_each_and_every_loser_is_told_who(
    house: House,
) -> None:
    waiting = [await house.ask() for _ in range(200)]

    async def reach(number: int) -> list[tuple[Handoff, Claimed | LostTo]]:
        """One representative takes whatever they can get of twenty that four colleagues want too, in the same order."""
        mine = waiting[number % 10 * 20 :][:20]
        return [(one, await house.agents.claim(one.id, AGENTS[number])) for one in mine]

    reached = await asyncio.gather(*map(reach, range(50)))
    outcomes = [(one, AGENTS[number], outcome) for number, told in enumerate(reached) for one, outcome in told]

    winners = {handoff.id: agent for handoff, agent, outcome in outcomes if isinstance(outcome, Claimed)}
    assert Counter(type(outcome) for _, _, outcome in outcomes) == {Claimed: 200, LostTo: 800}
    assert set(winners) == {handoff.id for handoff in waiting}
    for handoff, _, outcome in outcomes:
        if isinstance(outcome, LostTo):
            assert outcome.agent_name == winners[handoff.id].name
    for handoff in waiting:
        owner, epoch = await house.conversations.owner(handoff.conversation_id)
        assert owner == f"agent:{winners[handoff.id].id}"
        # Losers leave no trace: one epoch for the queue, one for the winner, one line that says who came.
        assert epoch == 3
        joined = [x for x in await house.agents.lines(handoff.conversation_id) if x.payload.get("code") == "joined"]
        assert [line.payload["slots"] for line in joined] == [{"name": winners[handoff.id].name}]


async def test_a_claim_makes_the_agent_the_owner_and_tells_the_customer_the_name(house: House) -> None:
    handoff = await house.ask()
    outcome = await house.agents.claim(handoff.id, MEI)

    assert isinstance(outcome, Claimed)
    held = outcome.handoff
    assert (held.state, held.agent_id, held.agent_name) == (HandoffState.ACTIVE, MEI.id, MEI.name)
    assert await house.conversations.owner(held.conversation_id) == (f"agent:{MEI.id}", held.epoch)
    last = (await house.agents.lines(held.conversation_id))[-1]
    assert last.payload == {"code": "joined", "slots": {"name": "小梅"}, "public": True}


async def test_claiming_what_one_holds_already_is_still_a_success(house: House) -> None:
    handoff = await house.ask()
    first = await house.agents.claim(handoff.id, MEI)
    assert await house.agents.claim(handoff.id, MEI) == first


async def test_a_lost_claim_says_what_became_of_the_conversation(house: House) -> None:
    held = await house.claimed(MEI)
    assert await house.agents.claim(held.id, LIN) == LostTo(agent_name="小梅", state=HandoffState.ACTIVE)
    await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED)
    assert await house.agents.claim(held.id, LIN) == LostTo(agent_name=None, state=HandoffState.RESOLVED)


async def test_a_customer_who_left_the_queue_cannot_be_claimed(house: House) -> None:
    handoff = await house.ask()
    assert await house.database.write(lambda tx: house.desk.leave(tx, handoff.conversation_id, at=house.clock()))
    assert await house.agents.claim(handoff.id, MEI) == LostTo(agent_name=None, state=HandoffState.LEFT)
    assert (await house.conversations.owner(handoff.conversation_id))[0] == "bot"


async def test_leaving_the_queue_after_an_agent_came_changes_nothing(house: House) -> None:
    held = await house.claimed(MEI)
    assert not await house.database.write(lambda tx: house.desk.leave(tx, held.conversation_id, at=house.clock()))
    assert await house.conversations.owner(held.conversation_id) == (f"agent:{MEI.id}", held.epoch)


async def test_a_handover_that_never_was_cannot_be_claimed(small_house: House) -> None:
    with pytest.raises(NotFound):
        await small_house.agents.claim("nothing", MEI)


async def test_asking_twice_opens_one_handover_and_raises_its_urgency_but_never_lowers_it(house: House) -> None:
    first = await house.ask(Urgency.NORMAL)
    again = await house.ask(Urgency.CRITICAL, conversation_id=first.conversation_id)
    once_more = await house.ask(Urgency.SERIOUS, conversation_id=first.conversation_id)

    assert again.id == once_more.id == first.id
    assert once_more.urgency is Urgency.CRITICAL
    assert once_more.asked_at == first.asked_at
    assert (await house.conversations.owner(first.conversation_id))[1] == first.epoch


async def test_two_turns_that_call_a_person_at_once_open_one_handover(house: House) -> None:
    await house.conversations.begin("talk", "转人工", at=house.clock())
    both = await asyncio.gather(*(house.ask(conversation_id="talk") for _ in range(2)))
    assert both[0].id == both[1].id
    assert await house.queue.length() == 1


async def test_a_customer_can_be_handed_over_again_after_it_ended(house: House) -> None:
    held = await house.claimed(MEI)
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    again = await house.ask(conversation_id=held.conversation_id)
    assert again.id != held.id
    assert [earlier.id for earlier in await house.desk.earlier(held.conversation_id)] == [held.id]
