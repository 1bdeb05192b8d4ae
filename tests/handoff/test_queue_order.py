"""Both versions of `handoff.queue_ports.QueueOrder`, over SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import redis.asyncio

from handoff.adapters.queue_redis import RedisQueueOrder
from handoff.adapters.queue_sql import SqlQueueOrder
from handoff.contracts import Claimed, Urgency
from handoff.ordering import Waiting, in_order
from handoff.queue_ports import QueueOrder
from kit.sql import Database
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.valkey import ValkeyServer

CONSULTATION = "consultation"


@pytest.fixture(params=["sql", "redis"])
async def queue(request: pytest.FixtureRequest, house: House) -> AsyncIterator[QueueOrder]:
    sql = SqlQueueOrder(house.database)
    if request.param == "sql":
        yield sql
        return
    server: ValkeyServer = request.getfixturevalue("valkey")
    client = redis.asyncio.Redis.from_url(server.url)
    await client.flushall()
    yield RedisQueueOrder(client, sql)
    await client.aclose()


async def places(queue: QueueOrder, ids: list[str]) -> list[int | None]:
    return [await queue.ahead(conversation_id) for conversation_id in ids]


async def test_an_empty_queue_has_no_places(queue: QueueOrder) -> None:
    assert await queue.length() == 0
    assert await queue.first(10, CONSULTATION) == ()
    assert await queue.ahead("nobody") is None


async def test_places_follow_the_order_of_the_queue(house: House, queue: QueueOrder) -> None:
    random = Random(7)
    left_behind = [await house.claimed(MEI, urgency) for urgency in (Urgency.NORMAL, Urgency.SERIOUS)]
    house.clock.forward(seconds=41)
    for _ in range(20):
        # Some at the very same moment.
        house.clock.forward(seconds=random.choice([0, 0, 1, 60]))
        await house.ask(random.choice(list(Urgency)))
    assert await house.desk.sweep_vanished(house.clock()) == len(left_behind)

    waiting = [
        Waiting(
            conversation_id=handoff.conversation_id,
            urgency=handoff.urgency,
            returned_to_queue=handoff.returned_to_queue,
            answer_by=handoff.placing.answer_by,
        )
        for handoff in await house.agents.queue()
    ]
    expected = [one.conversation_id for one in in_order(waiting)]
    assert [one.conversation_id for one in waiting] == expected
    assert await queue.first(100, CONSULTATION) == tuple(expected)
    assert await queue.first(3, CONSULTATION) == tuple(expected[:3])
    assert await places(queue, expected) == list(range(22))
    assert await queue.length() == 22


async def test_every_change_shows_at_once(house: House, queue: QueueOrder) -> None:
    first, second, third = [await house.ask() for _ in range(3)]
    ids = [handoff.conversation_id for handoff in (first, second, third)]
    assert await queue.length() == 3

    assert isinstance(await house.agents.claim(first.id, MEI), Claimed)
    assert await queue.ahead(ids[0]) is None
    assert await queue.length() == 2
    await house.ask(Urgency.CRITICAL, conversation_id=ids[2])
    assert await places(queue, ids) == [None, 1, 0]
    await house.database.write(lambda tx: house.desk.leave(tx, ids[2], at=house.clock()))
    assert await places(queue, ids) == [None, 0, None]


async def test_an_emptied_redis_costs_a_rebuild_and_nothing_else(
    house: House, redis_client: redis.asyncio.Redis
) -> None:
    queue = RedisQueueOrder(redis_client, SqlQueueOrder(house.database))
    ids = [(await house.ask()).conversation_id for _ in range(5)]
    before = await places(queue, ids)
    assert sorted(place for place in before if place is not None) == [0, 1, 2, 3, 4]

    await redis_client.flushall()

    assert await places(queue, ids) == before
    assert await redis_client.keys("desk:queue:*") != []


async def test_a_mirror_of_another_moment_is_never_used(house: House, redis_client: redis.asyncio.Redis) -> None:
    queue = RedisQueueOrder(redis_client, SqlQueueOrder(house.database))
    waiting = [await house.ask() for _ in range(3)]
    assert await queue.length() == 3
    # Another process claims; it neither knows nor touches this mirror.
    await house.agents.claim(waiting[0].id, LIN)
    assert await queue.length() == 2


async def test_another_database_never_sees_the_queue_of_the_one_before(
    house: House, redis_client: redis.asyncio.Redis, tmp_path: Path
) -> None:
    old = RedisQueueOrder(redis_client, SqlQueueOrder(house.database))
    before = await house.ask()
    assert await old.length() == 1
    # The data directory was changed: another store, whose queue has moved on as often, over the same Redis.
    database = Database(f"sqlite:///{tmp_path / 'other.db'}")
    await database.open()
    try:
        await database.create_schema()
        fresh = await build_house(database, house.clock)
        after = await fresh.ask()
        new = RedisQueueOrder(redis_client, SqlQueueOrder(database))
        assert await new.first(10, CONSULTATION) == (after.conversation_id,)
        assert await new.ahead(before.conversation_id) is None
        assert await old.first(10, CONSULTATION) == (before.conversation_id,)
    finally:
        await database.close()


async def test_a_lost_redis_is_answered_from_sql(house: House, tmp_path: Path) -> None:
    server = ValkeyServer(tmp_path)
    server.start()
    client = redis.asyncio.Redis.from_url(server.url)
    queue = RedisQueueOrder(client, SqlQueueOrder(house.database))
    ids = [(await house.ask()).conversation_id for _ in range(4)]
    try:
        before = await places(queue, ids)
        server.kill()
        assert await places(queue, ids) == before
        assert await queue.length() == 4
        assert set(await queue.first(4, CONSULTATION)) == set(ids)
    finally:
        server.kill()
        await client.aclose()


async def test_a_waiting_customer_learns_place_hours_and_who_is_there(house: House) -> None:
    first = await house.ask()
    house.clock.forward(seconds=30)
    second = await house.ask()
    await house.agents.beat(MEI)

    place = await house.desk.place(second.conversation_id)
    assert place is not None
    assert (place.ahead, place.waiting_since) == (1, second.asked_at)
    assert (place.agents_on_duty, place.open_now, place.opens_at) == (1, True, None)

    await house.agents.claim(first.id, MEI)
    assert await house.desk.place(first.conversation_id) is None
    assert await house.desk.place("nobody") is None


async def test_at_night_with_nobody_there_the_outlook_says_when_the_desk_opens(house: House) -> None:
    await house.ask()
    night = house.clock.forward(hours=14)
    outlook = await house.desk.outlook(night)
    assert (outlook.ahead, outlook.agents_on_duty, outlook.open_now) == (1, 0, False)
    assert outlook.opens_at is not None
    assert outlook.opens_at.isoformat() == "2026-11-22T00:30:00+00:00"


async def test_who_works_outside_the_hours_is_there(house: House) -> None:
    await house.ask()
    night = house.clock.forward(hours=14)
    await house.agents.beat(MEI)
    outlook = await house.desk.outlook(night)
    assert (outlook.agents_on_duty, outlook.open_now) == (1, True)
