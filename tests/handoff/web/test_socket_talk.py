from __future__ import annotations

from handoff.contracts import Claimed, Deliveries
from staff.contracts import Role
from tests.handoff.asking import LIN
from tests.support.console import ConsoleHouse, desktop


async def test_a_reply_is_acknowledged_once_it_is_stored_and_reaches_every_console_that_watches(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    held = await console.desk.claimed(mei)
    async with (
        console.signed_in("mei") as one,
        console.signed_in("su") as other,
        desktop(address, one) as seat,
        desktop(address, other) as second,
    ):
        for who in (seat, second):
            await who.say("watch", conversation=held.conversation_id, after=3)
            await who.hear("state")
        fields = {"conversation": held.conversation_id, "text": "您好", "epoch": held.epoch}
        await seat.say("send", key="k1", **fields)
        await seat.say("send", key="k1", **fields)
        assert [(await seat.hear("ack", key="k1"))["seq"] for _ in range(2)] == [4, 4]
        [entry] = (await second.hear("entries", upto=4))["entries"]
    assert (entry["kind"], entry["text"], entry["author"], entry["key"]) == ("agent", "您好", "Mei", "k1")
    assert len(await console.desk.agents.lines(held.conversation_id)) == 4


async def test_a_note_is_acknowledged_and_marked_as_one(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    handoff = await console.desk.ask()
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("note", key="n1", conversation=handoff.conversation_id, text="常客")
        assert (await seat.hear("ack", key="n1"))["seq"] == 3
    assert (await console.desk.agents.lines(handoff.conversation_id))[-1].kind == "note"


async def test_who_lost_the_conversation_is_told_and_the_words_are_refused_not_lost(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=held.conversation_id, after=3)
        await seat.hear("state", owner="agent")
        # The laptop sleeps: no ping for a while.
        console.desk.clock.forward(seconds=60)
        await console.desk.desk.sweep_vanished(console.desk.clock())
        assert (await seat.hear("state"))["owner"] == "queue"
        assert isinstance(await console.desk.agents.claim(held.id, LIN), Claimed)
        assert (await seat.hear("state"))["agent"]["name"] == "林静"
        await seat.say("send", key="k1", conversation=held.conversation_id, text="在的", epoch=held.epoch)
        refused = await seat.hear("refused")
    assert (refused["key"], refused["code"]) == ("k1", "conversation_moved")
    assert refused["text"]


async def test_typing_is_shown_both_ways(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    topic = f"conversation:{talk}"
    async with (
        console.signed_in() as client,
        desktop(address, client) as seat,
        console.desk.signals.subscribe(topic) as news,
    ):
        await seat.say("watch", conversation=talk, after=3)
        await seat.hear("state")
        await console.desk.signals.publish(topic, {"typing": True, "who": "customer"})
        assert await seat.hear("typing") == {"t": "typing", "conversation": talk, "who": "customer", "on": True}
        await seat.say("typing", conversation=talk, on=True)
        heard = [await anext(news) for _ in range(2)]
    assert heard[1] is not None
    assert heard[1].body == {"typing": True, "who": "agent"}


async def test_half_an_emoji_in_a_reply_does_not_end_the_socket(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    async with console.signed_in() as client, desktop(address, client) as seat:
        fields = f'"key": "k", "conversation": "{held.conversation_id}", "epoch": {held.epoch}'
        await seat.connection.send(f'{{"t": "send", {fields}, "text": "好\\ud83d\\u0000的"}}')
        await seat.hear("ack")
    assert (await console.desk.agents.lines(held.conversation_id))[-1].text == "好的"


async def test_a_console_is_told_what_became_of_its_replies_and_sends_a_failed_one_again_once(
    console: ConsoleHouse, address: str
) -> None:
    mei, lin = await console.agent(), await console.agent("lin")
    held = await console.desk.claimed(mei)
    where, deliveries = held.conversation_id, console.desk.deliveries
    path = f"/desk/conversations/{where}/send-again"
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=where, after=0)
        await seat.say("send", key="r1", conversation=where, text="您好", epoch=held.epoch)
        seq = (await seat.hear("ack"))["seq"]
        deliveries.now = Deliveries(pushed=True, failed=(seq,))
        await console.desk.signals.publish(f"conversation:{where}", {"receipt": True})
        assert (await seat.hear("deliveries", failed=[seq]))["waiting"] == []
        assert (await client.post(path, json={"seq": seq})).json() == {"again": True}
        assert (await seat.hear("deliveries", failed=[]))["waiting"] == [seq]
        assert (await client.post(path, json={"seq": seq})).json() == {"again": False}
    async with console.signed_in(lin.name.lower()) as client:
        assert (await client.post(path, json={"seq": seq})).status_code == 409
