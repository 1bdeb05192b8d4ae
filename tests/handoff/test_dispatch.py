"""Offers over real stores: made, accepted, declined, passed on, and never more than one a conversation."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from handoff.contracts import Agent, AgentProfile, Claimed, HandoffState, Urgency
from handoff.dispatch import AT_ONCE
from handoff.refusals import UnknownChoice
from handoff.settings import HandoffSettings, Mode, RoutingSettings
from kit.contracts import Language
from kit.sql import Database
from tests.handoff.asking import LIN, MEI, a_packet, a_request
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock

ACCEPT = RoutingSettings().accept_seconds


async def on_duty(house: House, *agents: Agent) -> None:
    for agent in agents:
        await house.agents.beat(agent)


async def offered(house: House) -> dict[str, str]:
    """Conversation to agent."""
    return {offer.handoff_id: offer.agent.id for offer in await house.dispatcher.offers()}


async def test_who_waits_is_offered_to_somebody_who_is_there_with_time_to_accept_and_a_reason(house: House) -> None:
    await on_duty(house, MEI)
    handoff = await house.ask()
    assert await house.dispatcher.run(house.clock()) == 1
    [offer] = await house.dispatcher.offers()
    assert (offer.handoff_id, offer.agent) == (handoff.id, MEI)
    assert (offer.ends_at - offer.offered_at).total_seconds() == ACCEPT
    assert [why.code for why in offer.why] == ["only_one_free"]
    # Nothing more happens until it is answered.
    assert await house.dispatcher.run(house.clock()) == 0
    assert (await house.agents.queue())[0].state is HandoffState.WAITING


async def test_accepting_is_claiming_and_ends_the_offer(house: House) -> None:
    await on_duty(house, MEI)
    handoff = await house.ask()
    await house.dispatcher.run(house.clock())
    assert isinstance(await house.agents.claim(handoff.id, MEI), Claimed)
    assert await house.dispatcher.offers() == ()
    assert await house.offers.passed(since=house.clock()) == {}


async def test_a_colleague_may_take_by_hand_what_is_offered_to_somebody_else(house: House) -> None:
    await on_duty(house, MEI)
    handoff = await house.ask()
    await house.dispatcher.run(house.clock())
    assert isinstance(await house.agents.claim(handoff.id, LIN), Claimed)
    assert await house.dispatcher.offers() == ()
    assert not await house.dispatcher.decline(handoff.id, MEI)


async def test_an_offer_that_is_not_taken_in_time_is_passed_on(house: House) -> None:
    await on_duty(house, MEI, LIN)
    handoff = await house.ask()
    await house.dispatcher.run(house.clock())
    first = (await offered(house))[handoff.id]
    house.clock.forward(seconds=ACCEPT)
    await on_duty(house, MEI, LIN)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {}
    await house.dispatcher.run(house.clock())
    second = (await offered(house))[handoff.id]
    assert {first, second} == {MEI.id, LIN.id}


async def test_a_declined_offer_goes_to_the_next_and_not_back(house: House) -> None:
    await on_duty(house, MEI, LIN)
    handoff = await house.ask()
    await house.dispatcher.run(house.clock())
    first = MEI if (await offered(house))[handoff.id] == MEI.id else LIN
    other = LIN if first is MEI else MEI
    assert not await house.dispatcher.decline(handoff.id, other)
    assert await house.dispatcher.decline(handoff.id, first)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {handoff.id: other.id}


async def test_whoever_disappears_loses_the_offer(house: House) -> None:
    await on_duty(house, MEI)
    handoff = await house.ask()
    settings = HandoffSettings()
    house.clock.forward(seconds=settings.absent_after_seconds - 5)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {handoff.id: MEI.id}
    house.clock.forward(seconds=10)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {}


async def test_a_customer_who_leaves_takes_the_offer_along(house: House) -> None:
    await on_duty(house, MEI)
    handoff = await house.ask()
    await house.dispatcher.run(house.clock())
    await house.database.write(lambda tx: house.desk.leave(tx, handoff.conversation_id, at=house.clock()))
    assert await offered(house) == {}


async def test_several_dispatchers_at_once_offer_each_conversation_once_and_nobody_too_much(house: House) -> None:
    team = [Agent(id=f"agent-{number}", name=f"坐席{number}") for number in range(4)]
    await on_duty(house, *team)
    for _ in range(30):
        await house.ask()
    for _ in range(3):
        await asyncio.gather(*(house.dispatcher.run(house.clock()) for _ in range(5)))
    held = Counter((await offered(house)).values())
    assert held == {agent.id: RoutingSettings().capacity for agent in team}


async def test_who_is_free_is_found_behind_a_line_that_waits_for_others(small_house: House) -> None:
    house = small_house
    await on_duty(house, MEI, LIN)
    for agent, department in ((MEI, "consultation"), (LIN, "after_sales")):
        profile = AgentProfile(account_id=agent.id, departments=frozenset({department}), capacity=1)
        await house.team.save_profile(profile, by="boss")
    for _ in range(AT_ONCE + 1):
        await house.ask()
    repair = await house.ask(intent="repair_request")
    for _ in range(2):
        await house.dispatcher.run(house.clock())
    assert (await offered(house))[repair.id] == LIN.id


async def test_a_profile_decides_what_somebody_is_offered(house: House) -> None:
    await on_duty(house, MEI, LIN)
    house.staff.add(MEI.id, MEI.name)
    await house.team.save_profile(
        AgentProfile(account_id=MEI.id, departments=frozenset({"after_sales"}), capacity=1), by="boss"
    )
    await house.team.save_profile(
        AgentProfile(account_id=LIN.id, languages=frozenset({Language.ZH}), channel_capacity=(("web", 2),)), by="boss"
    )
    for _ in range(4):
        await house.ask()
    await house.dispatcher.run(house.clock())
    assert Counter((await offered(house)).values()) == {LIN.id: 2}
    [(account, profile)] = await house.team.members()
    assert (account.id, profile.capacity, profile.departments) == (MEI.id, 1, frozenset({"after_sales"}))
    assert [record.action for record in house.staff.records] == ["handoff.profile", "handoff.profile"]


async def test_a_key_account_is_offered_to_its_own_representative(house: House) -> None:
    await on_duty(house, MEI, LIN)
    for agent in (MEI, LIN):
        house.staff.add(agent.id, agent.name)
    handoff = await house.ask()
    where = handoff.conversation_id
    await house.database.write(lambda tx: house.desk.leave(tx, where, at=house.clock()))
    await house.team.mark_key_account(where, key_account=True, named_agent_id=LIN.id, by="boss")
    again = await house.ask(conversation_id=where)
    assert (again.placing.department, again.placing.named_agent_id) == ("key_accounts", LIN.id)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {again.id: LIN.id}
    assert (await house.team.customer(where)).key_account
    assert house.staff.records[-1].after == f"key_account, {LIN.id}"


async def test_who_served_a_customer_is_offered_the_same_customer_again(house: House) -> None:
    held = await house.claimed(MEI)
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    house.clock.forward(seconds=1)
    await on_duty(house, MEI, LIN)
    await house.claimed(MEI)  # MEI holds one, LIN none
    again = await house.ask(conversation_id=held.conversation_id)
    await house.dispatcher.run(house.clock())
    assert await offered(house) == {again.id: MEI.id}
    [offer] = await house.dispatcher.offers()
    assert [why.code for why in offer.why] == ["last_agent"]


async def test_a_desk_that_pulls_offers_nothing(sqlite_database: Database, clock: MovableClock) -> None:
    settings = HandoffSettings(routing=RoutingSettings(mode=Mode.PULL))
    house = await build_house(sqlite_database, clock, settings=settings)
    await on_duty(house, MEI)
    await house.ask()
    assert await house.dispatcher.run(house.clock()) == 0


async def test_only_what_the_settings_know_can_be_chosen(small_house: House) -> None:
    team = small_house.team
    with pytest.raises(UnknownChoice):
        await team.save_profile(AgentProfile(account_id="a", departments=frozenset({"kitchen"})), by="boss")
    with pytest.raises(UnknownChoice):
        await team.save_profile(AgentProfile(account_id="a", capacity=51), by="boss")
    with pytest.raises(UnknownChoice):
        await team.mark_key_account("talk", key_account=True, named_agent_id="nobody", by="boss")


async def test_a_departments_shift_is_given_to_its_own_people_only(
    sqlite_database: Database, clock: MovableClock
) -> None:
    days = [
        {
            "name": "night_after_sales",
            "zh": "夜班",
            "en": "Night",
            "slots": ["22:00-06:00"],
            "department": "after_sales",
        }
    ]
    settings = HandoffSettings.model_validate({"shifts": days})
    house = await build_house(sqlite_database, clock, settings=settings)
    profile = AgentProfile(account_id="a", departments=frozenset({"consultation"}), shifts=("night_after_sales",) * 7)
    with pytest.raises(UnknownChoice):
        await house.team.save_profile(profile, by="boss")
    await house.team.save_profile(replace(profile, departments=frozenset({"after_sales"})), by="boss")


async def test_places_are_counted_in_the_customers_own_department(house: House) -> None:
    await house.ask(Urgency.CRITICAL)
    mine = await house.ask()
    elsewhere = await house.ask(intent="return_request")
    assert elsewhere.placing.department == "after_sales"
    places = [await house.desk.place(handoff.conversation_id) for handoff in (mine, elsewhere)]
    assert [place.ahead for place in places if place] == [1, 0]
    asked = a_request("another", packet=replace(a_packet(), intent="return_request"))
    assert (await house.desk.outlook(house.clock(), asked)).ahead == 1
    assert (await house.desk.outlook(house.clock())).ahead == 3
