from __future__ import annotations

import asyncio

from tests.support.console import ConsoleHouse, desktop


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
