"""tests: the console's pages, requests and socket show each agent their departments only."""

from __future__ import annotations

import pytest

from handoff.contracts import Agent, AgentProfile, Claimed, Handoff, Outcome
from tests.support.console import ConsoleHouse, desktop
from tests.support.serving import serving


@pytest.fixture
async def others(console: ConsoleHouse) -> tuple[Agent, Handoff]:
    """Mei, who is in another department, and a conversation that is not hers to see."""
    mei, lin = await console.agent("mei"), await console.agent("lin")
    await console.desk.team.save_profile(
        AgentProfile(account_id=mei.id, departments=frozenset({"consultation"})), by="su"
    )
    outcome = await console.desk.agents.claim((await console.desk.ask(intent="return_request")).id, lin)
    assert isinstance(outcome, Claimed)
    return mei, outcome.handoff


async def test_neither_lists_nor_addresses_show_another_departments_conversation(
    console: ConsoleHouse, others: tuple[Agent, Handoff]
) -> None:
    _, handoff = others
    where = f"/desk/conversations/{handoff.conversation_id}"
    async with console.signed_in("mei") as client:
        page = (await client.get("/desk/lists", params={"view": "all"})).text
        assert handoff.conversation_id not in page
        assert 'data-all="0"' in page
        assert (await client.get(where)).status_code == 404
        assert (await client.post("/desk/claim", json={"handoff": handoff.id})).status_code == 404
    async with console.signed_in("lin") as client:
        assert (await client.get(where)).status_code == 200


async def test_the_socket_refuses_to_watch_and_stops_when_a_conversation_moves_to_others(
    console: ConsoleHouse, others: tuple[Agent, Handoff]
) -> None:
    mei, handoff = others
    desk = console.desk
    outcome = await desk.agents.claim((await desk.ask()).id, mei)
    assert isinstance(outcome, Claimed)
    mine = outcome.handoff
    async with (
        console.live,
        serving(console.app) as address,
        console.signed_in("mei") as client,
        desktop(address, client) as seat,
    ):
        await seat.say("watch", conversation=handoff.conversation_id, after=0)
        assert (await seat.hear("refused"))["code"] == "not_handed_over"
        await seat.say("note", key="n", conversation=handoff.conversation_id, text="看看")
        assert (await seat.hear("refused"))["code"] == "not_handed_over"
        await seat.say("watch", conversation=mine.conversation_id, after=0)
        await seat.hear("state", conversation=mine.conversation_id)
        # Ended, and asked again in a matter of another department.
        await desk.agents.resolve(mine.conversation_id, mei, epoch=mine.epoch, outcome=Outcome.NO_REPLY)
        await seat.hear("state", conversation=mine.conversation_id)
        await desk.ask(conversation_id=mine.conversation_id, intent="return_request")
        await desk.signals.publish(f"conversation:{mine.conversation_id}", {"seq": 9, "state": True})
        await seat.hear("queue")
        await desk.conversations.customer_says(mine.conversation_id, "秘密", key="s", at=desk.clock())
        await desk.signals.publish(f"conversation:{mine.conversation_id}", {"seq": 10})
        await seat.say("ping")
        await seat.hear("pong")
        assert "秘密" not in str(seat.passed)
