"""tests: nobody sees what belongs to departments they are not in: lists, counts, opening, claims, notes, acts, wall."""

from __future__ import annotations

import pytest

from handoff.adapters.team_store import SqlTeamStore
from handoff.contracts import AgentProfile, Claimed, Handoff, Outcome, Scope, Sight
from handoff.refusals import NotHandedOver
from handoff.settings import HandoffSettings
from handoff.settings.scopes import ScopeSettings
from handoff.sights import Sights
from staff.contracts import Role
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House

ADVICE, SALES = "consultation", "after_sales"


def sight(scope: Scope, *departments: str) -> Sight:
    return Sight(account_id=MEI.id, scope=scope, departments=frozenset(departments))


async def desk_of_four(house: House) -> dict[str, Handoff]:
    """One who waits and one whom Lin holds, in each of two departments."""
    found = {}
    for name, intent in ((ADVICE, "unknown"), (SALES, "return_request")):
        found[f"{name} waits"] = await house.ask(intent=intent)
        outcome = await house.agents.claim((await house.ask(intent=intent)).id, LIN)
        assert isinstance(outcome, Claimed)
        found[f"{name} held"] = outcome.handoff
    return found


@pytest.mark.parametrize(
    ("seen_by", "names"),
    [
        (sight(Scope.ALL, ADVICE), {f"{ADVICE} waits", f"{ADVICE} held", f"{SALES} waits", f"{SALES} held"}),
        (sight(Scope.TEAM), {f"{ADVICE} waits", f"{ADVICE} held", f"{SALES} waits", f"{SALES} held"}),
        (sight(Scope.TEAM, SALES), {f"{SALES} waits", f"{SALES} held"}),
        (sight(Scope.OWN, SALES), {f"{SALES} waits"}),
        (sight(Scope.OWN), {f"{ADVICE} waits", f"{SALES} waits"}),
    ],
)
async def test_lists_counts_and_opening_agree_on_what_somebody_sees(
    house: House, seen_by: Sight, names: set[str]
) -> None:
    every = await desk_of_four(house)
    seen = {every[name].id for name in names}
    assert {one.id for one in await house.agents.all_open(sight=seen_by)} == seen
    assert {one.id for one in await house.agents.queue(sight=seen_by)} == {
        every[name].id for name in names if name.endswith("waits")
    }
    assert (await house.agents.counts(MEI, sight=seen_by))[2] == len(seen)
    for handoff in every.values():
        if handoff.id in seen:
            assert await house.agents.load_latest(handoff.conversation_id, sight=seen_by) == handoff
        else:
            with pytest.raises(NotHandedOver):
                await house.agents.load_latest(handoff.conversation_id, sight=seen_by)


async def test_what_is_not_seen_is_not_claimed_noted_or_supervised(house: House) -> None:
    every, blind = await desk_of_four(house), sight(Scope.TEAM, ADVICE)
    waiting, held = every[f"{SALES} waits"], every[f"{SALES} held"]
    with pytest.raises(NotHandedOver):
        await house.agents.claim(waiting.id, MEI, sight=blind)
    with pytest.raises(NotHandedOver):
        await house.agents.note(held.conversation_id, MEI, key="n", text="看看", sight=blind)
    with pytest.raises(NotHandedOver):
        await house.supervision.whisper(held.conversation_id, MEI, key="w", text="看看", sight=blind)
    with pytest.raises(NotHandedOver):
        await house.supervision.take_over(held.conversation_id, MEI, epoch=held.epoch, sight=blind)
    assert (await house.agents.load(waiting.id)).state is waiting.state
    assert house.staff.records == []


async def test_what_is_offered_to_somebody_or_was_theirs_stays_theirs_to_see(house: House) -> None:
    await house.agents.arrive(MEI)
    offered = await house.ask(intent="return_request")
    await house.dispatcher.run(house.clock())
    narrow = sight(Scope.OWN, ADVICE)
    assert [one.id for one in await house.agents.queue(sight=narrow)] == [offered.id]
    outcome = await house.agents.claim(offered.id, MEI, sight=narrow)
    assert isinstance(outcome, Claimed)
    held = outcome.handoff
    await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED)
    assert (await house.agents.load_latest(held.conversation_id, sight=narrow)).id == held.id
    await house.ask(conversation_id=held.conversation_id, intent="return_request")
    with pytest.raises(NotHandedOver):
        await house.agents.load_latest(held.conversation_id, sight=narrow)


async def test_the_wall_of_a_department_counts_that_department_only(house: House) -> None:
    await desk_of_four(house)
    whole, part = await house.floor.wall(), await house.floor.wall(sight(Scope.TEAM, SALES))
    assert (whole.waiting, whole.flow.asked) == (2, 4)
    assert (part.waiting, part.flow.asked, [row.department for row in part.queues]) == (1, 2, [SALES])


async def test_the_widest_role_decides_and_departments_come_from_the_team_page(small_house: House) -> None:
    await small_house.team.save_profile(AgentProfile(account_id=MEI.id, departments=frozenset({SALES})), by="su")
    assert await small_house.sights.of(MEI.id, frozenset({Role.AGENT})) == sight(Scope.TEAM, SALES)
    both = await small_house.sights.of(MEI.id, frozenset({Role.AGENT, Role.SUPERVISOR}))
    assert both.scope is Scope.ALL
    strict = HandoffSettings(scopes=ScopeSettings(agent=Scope.OWN, supervisor=Scope.TEAM))
    sights = Sights(profiles=SqlTeamStore(small_house.database), settings=strict)
    assert (await sights.of(LIN.id, frozenset({Role.AGENT}))).scope is Scope.OWN
    assert (await sights.of(LIN.id, frozenset({Role.ADMIN}))).scope is Scope.TEAM
