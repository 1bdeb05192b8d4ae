"""tests: colleagues see who looks at a conversation and who writes in it; customers never do."""

from __future__ import annotations

import contextlib

from staff.contracts import Role
from tests.support.console import ConsoleHouse, desktop


async def test_two_who_look_at_the_same_conversation_see_each_other_come_write_and_go(
    console: ConsoleHouse, address: str
) -> None:
    mei, lin = await console.agent("mei"), await console.agent("lin")
    talk = (await console.desk.claimed(mei)).conversation_id
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(console.signed_in(name)) for name in ("mei", "lin")]
        hers = await stack.enter_async_context(desktop(address, clients[0]))
        await hers.say("watch", conversation=talk, after=0)
        await hers.hear("state")
        async with desktop(address, clients[1]) as theirs:
            await theirs.say("watch", conversation=talk, after=0)
            seen = await hers.hear("watching")
            assert (seen["agent"], seen["doing"]) == ({"id": lin.id, "name": "Lin"}, "viewing")
            assert (await theirs.hear("watching"))["agent"] == {"id": mei.id, "name": "Mei"}
            await theirs.say("typing", conversation=talk, on=True, note=True)
            assert (await hers.hear("watching"))["doing"] == "writing"
            await theirs.say("typing", conversation=talk, on=False, note=True)
            assert (await hers.hear("watching"))["doing"] == "viewing"
        assert (await hers.hear("watching"))["doing"] == "gone"


async def test_nothing_of_it_goes_where_customers_windows_listen(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent("mei")
    talk = (await console.desk.claimed(mei)).conversation_id
    async with (
        console.signed_in("mei") as client,
        desktop(address, client) as hers,
        console.desk.signals.subscribe(f"conversation:{talk}") as news,
    ):
        await hers.say("watch", conversation=talk, after=0)
        await hers.say("typing", conversation=talk, on=True, note=True)
        await hers.say("typing", conversation=talk, on=True)
        heard = await anext(news)
        assert heard is not None
        assert heard.body == {"typing": True, "who": "agent"}


async def test_a_supervisor_who_only_looks_is_not_shown_to_the_agent_until_they_take_over(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent("mei")
    su = await console.agent("su", Role.SUPERVISOR)
    held = await console.desk.claimed(mei)
    talk = held.conversation_id
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(console.signed_in(name)) for name in ("mei", "su")]
        agent = await stack.enter_async_context(desktop(address, clients[0]))
        above = await stack.enter_async_context(desktop(address, clients[1]))
        for seat in (agent, above):
            await seat.say("watch", conversation=talk, after=0)
            await seat.hear("state", conversation=talk)
        await above.say("typing", conversation=talk, on=True, note=True)
        for seat in (above, agent):
            await seat.say("ping")
            await seat.hear("pong")
        assert [frame for frame in agent.passed if frame["t"] == "watching"] == []
        await console.desk.supervision.take_over(talk, su, epoch=held.epoch)
        await above.hear("state", conversation=talk, owner="agent")
        await above.say("typing", conversation=talk, on=True, note=True)
        shown = await agent.hear("watching", conversation=talk)
        assert (shown["agent"]["name"], shown["doing"]) == ("Su", "writing")
