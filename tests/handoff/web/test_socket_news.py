from __future__ import annotations

from pathlib import Path

import redis.asyncio

from kit.signals import RedisSignals
from kit.sql import Database
from kit.texts import Texts
from tests.support.clock import MovableClock
from tests.support.console import ConsoleHouse, build_console, desktop
from tests.support.serving import serving
from tests.support.valkey import ValkeyServer
from tests.support.wait import until


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


async def test_while_the_wire_is_down_consoles_still_hear_of_everything(
    sqlite_database: Database, texts: Texts, clock: MovableClock, tmp_path: Path
) -> None:
    server = ValkeyServer(tmp_path)
    server.start()
    client = redis.asyncio.Redis.from_url(server.url)
    signals = RedisSignals(client)
    console = await build_console(sqlite_database, texts, clock, signals=signals)
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
        await signals.close()
        await client.aclose()
