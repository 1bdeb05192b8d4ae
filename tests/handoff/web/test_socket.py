from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
import redis.asyncio
import websockets

from handoff.contracts import Claimed, Deliveries
from kit.signals import RedisSignals
from kit.sql import Database
from kit.texts import Texts
from staff.contracts import Role
from tests.handoff.asking import LIN
from tests.support.clock import MovableClock
from tests.support.console import ConsoleHouse, build_console, desktop
from tests.support.serving import serving
from tests.support.valkey import ValkeyServer
from tests.support.wait import until


async def test_who_connects_is_named_and_counts_as_present(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    async with console.signed_in() as client, desktop(address, client, hello=False) as seat:
        await seat.say("hello")
        assert (await seat.hear("ready"))["me"] == {"id": mei.id, "name": "Mei"}
        assert (await seat.hear("queue"))["version"] == 0
    assert [load.agent for load in await console.desk.agents.on_duty()] == [mei]


async def test_each_ping_is_a_sign_of_life(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for _ in range(4):
            console.desk.clock.forward(seconds=20)
            await seat.say("ping")
            await seat.hear("pong")
            assert len(await console.desk.agents.on_duty()) == 1
    console.desk.clock.forward(seconds=41)
    assert await console.desk.agents.on_duty() == ()


@pytest.mark.parametrize(("role", "code"), [(None, 4401), (Role.EDITOR, 4403)])
async def test_who_may_not_work_here_is_turned_away_for_good(
    console: ConsoleHouse, address: str, role: Role | None, code: int
) -> None:
    if role:
        await console.agent("ed", role)
    async with console.web.client() as nobody, console.signed_in("ed") as editor:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            async with desktop(address, editor if role else nobody):
                pass
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_another_sites_page_cannot_open_the_socket(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        headers = {"Cookie": cookie, "Origin": "https://evil.example"}
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with websockets.connect(address.replace("http", "ws") + "/ws/desk", additional_headers=headers):
                pass
    assert refused.value.response.status_code == 403


async def test_signing_out_elsewhere_ends_the_socket_at_its_next_ping(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        await console.staff.sign_out_everywhere(mei.id)
        await seat.say("ping")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await seat.hear("pong")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_watching_brings_the_whole_transcript_and_then_everything_that_happens(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    talk = held.conversation_id
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=talk, after=0)
        frame = await seat.hear("entries")
        assert [entry["kind"] for entry in frame["entries"]] == ["customer", "event", "event"]
        assert (frame["after"], frame["upto"]) == (0, 3)
        state = await seat.hear("state")
        assert (state["owner"], state["agent"]["name"], state["epoch"]) == ("agent", "Mei", held.epoch)

        seq = await console.desk.conversations.customer_says(talk, "在吗", key="c2", at=console.desk.clock())
        await console.desk.signals.publish(f"conversation:{talk}", {"seq": seq})
        frame = await seat.hear("entries")
        assert [(entry["seq"], entry["text"]) for entry in frame["entries"]] == [(4, "在吗")]
        assert (frame["after"], frame["upto"]) == (3, 4)


async def test_a_reconnected_console_gets_only_what_it_missed(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=talk, after=3)
        frame = await seat.hear("entries")
        assert (frame["entries"], frame["upto"]) == ([], 3)
        await seat.say("watch", conversation=talk, after=2)
        assert [entry["seq"] for entry in (await seat.hear("entries"))["entries"]] == [3]


async def test_a_long_transcript_comes_in_pieces_that_follow_each_other(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    for number in range(247):
        await console.desk.conversations.customer_says(talk, "好", key=f"n{number}", at=console.desk.clock())
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=talk, after=0)
        frames = [await seat.hear("entries") for _ in range(3)]
    assert [(frame["after"], frame["upto"]) for frame in frames] == [(0, 100), (100, 200), (200, 250)]
    assert [entry["seq"] for frame in frames for entry in frame["entries"]] == list(range(1, 251))


async def test_a_bots_answer_comes_as_safe_html_with_its_confidence(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    await console.desk.conversations.bot_says(
        talk,
        "**先别急** <script>alert(1)</script>",
        key="b1",
        at=console.desk.clock(),
        payload={"format": "markdown", "source": {"title": "脱水异响", "confidence": 0.93}},
    )
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=talk, after=3)
        [entry] = (await seat.hear("entries"))["entries"]
    assert "<strong>先别急</strong>" in entry["html"]
    assert "<script" not in entry["html"]
    assert entry["payload"]["confidence"] == 0.93


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


async def test_consoles_hear_of_a_new_customer_and_of_new_words_in_a_listed_conversation(
    console: ConsoleHouse, address: str
) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        assert (await seat.hear("queue"))["version"] == 0
        handoff = await console.desk.ask()
        topic = f"conversation:{handoff.conversation_id}"
        await console.desk.signals.publish(topic, {"seq": 2, "state": True})
        version = await console.desk.agents.version()
        await seat.hear("queue", version=version)
        await console.desk.signals.publish(topic, {"seq": 3})
        await seat.hear("queue", version=version, conversations=[handoff.conversation_id])


async def test_news_that_name_no_conversation_have_the_lists_read_as_a_whole(
    console: ConsoleHouse, address: str
) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        assert (await seat.hear("queue"))["conversations"] is None  # what a new console shows may be old
        await seat.hear("queue", conversations=[])  # it is here itself
        await console.desk.signals.publish("desk", {"conversations": ["one"]})
        await seat.hear("queue", conversations=["one"])
        await console.desk.signals.publish("desk", {"conversations": [str(number) for number in range(51)]})
        await seat.hear("queue", conversations=None)


async def test_news_that_got_lost_are_found_without_them(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        await console.desk.ask()  # nobody publishes anything
        await seat.hear("queue", version=await console.desk.agents.version())


MALFORMED: list[tuple[dict[str, object], str]] = [
    ({"t": "dance"}, "t"),
    ({"t": "watch"}, "conversation"),
    ({"t": "watch", "conversation": "x" * 41, "after": 0}, "conversation"),
    ({"t": "watch", "conversation": "talk", "after": -1}, "after"),
    ({"t": "watch", "conversation": "talk", "after": True}, "after"),
    ({"t": "send", "conversation": "talk", "text": "x", "epoch": 1}, "key"),
    ({"t": "send", "key": "k", "conversation": "talk", "text": 5, "epoch": 1}, "text"),
    ({"t": "send", "key": "k", "conversation": "talk", "text": "x", "epoch": "1"}, "epoch"),
    ({"t": "typing", "conversation": "talk", "on": "yes"}, "on"),
]
"""(frame, the field that is at fault)"""

IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"t": "watch", "conversation": "nothing", "after": 0}, "not_handed_over"),
    ({"t": "send", "key": "k", "conversation": "nothing", "text": "x", "epoch": 1}, "not_found"),
    ({"t": "send", "key": "k", "conversation": "nothing", "text": " ", "epoch": 1}, "reply_empty"),
    ({"t": "note", "key": "k", "conversation": "nothing", "text": "x" * 4001}, "reply_too_long"),
]
"""(frame, code of the refusal)"""


async def test_a_frame_of_another_form_is_refused_with_its_field_and_the_socket_stays(
    console: ConsoleHouse, address: str
) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for frame, field in MALFORMED:
            await seat.connection.send(json.dumps(frame))
            refused = await seat.hear("refused")
            assert (refused["code"], refused["field"], refused["key"]) == ("malformed", field, frame.get("key")), frame
        await seat.say("ping")
        await seat.hear("pong")


async def test_what_cannot_be_done_is_refused_by_name(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for frame, code in IMPOSSIBLE:
            await seat.connection.send(json.dumps(frame))
            assert (await seat.hear("refused"))["code"] == code, frame


async def test_half_an_emoji_in_a_reply_does_not_end_the_socket(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    async with console.signed_in() as client, desktop(address, client) as seat:
        fields = f'"key": "k", "conversation": "{held.conversation_id}", "epoch": {held.epoch}'
        await seat.connection.send(f'{{"t": "send", {fields}, "text": "好\\ud83d\\u0000的"}}')
        await seat.hear("ack")
    assert (await console.desk.agents.lines(held.conversation_id))[-1].text == "好的"


async def test_while_the_wire_is_down_consoles_still_hear_of_everything(
    sqlite_database: Database, texts: Texts, clock: MovableClock, tmp_path: Path
) -> None:
    server = ValkeyServer(tmp_path)
    server.start()
    client = redis.asyncio.Redis.from_url(server.url)
    console = await build_console(sqlite_database, texts, clock, signals=RedisSignals(client))
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    try:
        async with (
            console.live,
            serving(console.app) as address,
            console.signed_in() as browser,
            desktop(address, browser) as seat,
        ):
            await seat.say("watch", conversation=talk, after=3)
            await seat.hear("state")
            server.kill()
            await until(lambda: not console.desk.signals.up())
            await console.desk.conversations.customer_says(talk, "还在吗", key="c2", at=clock())
            assert (await seat.hear("entries", upto=4))["entries"][0]["text"] == "还在吗"
            await console.desk.ask()
            await seat.hear("queue", version=await console.desk.agents.version())
            server.start()
            await until(console.desk.signals.up)
            await console.desk.conversations.customer_says(talk, "喂", key="c3", at=clock())
            await console.desk.signals.publish(f"conversation:{talk}", {"seq": 5})
            assert (await seat.hear("entries", upto=5))["entries"][0]["text"] == "喂"
    finally:
        server.kill()
        await client.aclose()


async def test_many_replies_at_once_reach_a_watching_console_in_order_and_once(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent()
    held = await console.desk.claimed(mei)
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=held.conversation_id, after=3)
        await seat.hear("state")
        await asyncio.gather(
            *(
                console.desk.agents.reply(held.conversation_id, mei, key=f"k{n}", text=f"{n}", epoch=held.epoch)
                for n in range(40)
            )
        )
        seen: list[int] = []
        while len(seen) < 40:
            frame = await seat.hear("entries")
            assert frame["after"] == (seen[-1] if seen else 3)
            seen += [entry["seq"] for entry in frame["entries"]]
    assert seen == list(range(4, 44))


def test_a_console_that_pings_every_ten_seconds_is_never_taken_for_gone() -> None:
    from handoff.adapters.presence import WRITE_EVERY  # noqa: PLC0415 - only for this sum
    from handoff.settings import HandoffSettings  # noqa: PLC0415

    shortest = HandoffSettings(absent_after_seconds=25).absent_after_seconds
    assert timedelta(seconds=10) + WRITE_EVERY <= timedelta(seconds=shortest)


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


async def test_of_a_long_transcript_the_newest_lines_come_first_and_the_earlier_ones_when_asked_for(
    console: ConsoleHouse, address: str
) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    for number in range(247):
        await console.desk.conversations.customer_says(talk, "好", key=f"n{number}", at=console.desk.clock())
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("watch", conversation=talk, after=0, newest=60)
        newest = await seat.hear("entries")
        assert (newest["after"], newest["upto"]) == (190, 250)
        await seat.say("watch", conversation=talk, after=240, newest=60)
        assert (await seat.hear("entries"))["after"] == 240, "who has them gets only what is missing"
        seen: list[int] = []
        before = 191
        while before > 1:
            part = (await client.get(f"/desk/conversations/{talk}/lines?before={before}")).json()
            seen = [entry["seq"] for entry in part["entries"]] + seen
            before = part["after"] + 1
    assert seen == list(range(1, 191))


async def test_earlier_lines_are_shown_to_who_sees_the_conversation_only(console: ConsoleHouse) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    async with console.web.client(html=False) as stranger:
        assert (await stranger.get(f"/desk/conversations/{talk}/lines?before=3")).status_code == 401
    async with console.signed_in() as client:
        assert (await client.get("/desk/conversations/nowhere/lines?before=3")).status_code == 404
        assert (await client.get(f"/desk/conversations/{talk}/lines?before=1")).json() == {"after": 0, "entries": []}


async def test_what_was_in_sight_is_read_and_nothing_that_was_not_sent(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    talk = (await console.desk.claimed(mei)).conversation_id
    async with console.signed_in() as client, desktop(address, client) as seat:
        await seat.say("seen", conversation=talk, upto=2)
        await seat.say("watch", conversation=talk, after=0)
        await seat.hear("state")
        assert await console.desk.reading.of(mei, [talk]) == {}, "it was not shown yet"
        await seat.say("seen", conversation=talk, upto=99)
        await seat.say("ping")
        await seat.hear("pong")
    assert await console.desk.reading.of(mei, [talk]) == {talk: 3}
