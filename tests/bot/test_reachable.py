"""tests: who can be asked something out of the blue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.reachable import SqlReachable
from bot.contracts import Owner
from kit.sql import Database
from kit.texts import Texts
from tests.bot.support.desk import Parts


@pytest.mark.parametrize("owner", [Owner.QUEUE, Owner.AGENT])
async def test_who_waits_for_a_person_or_talks_to_one_is_not_asked(
    database: Database, texts: Texts, owner: Owner
) -> None:
    parts = Parts(database=database, texts=texts)
    calm = (await parts.say("怎么退货", address="calm")).conversation_id
    busy = (await parts.say("转人工", address="busy")).conversation_id
    at, agent = parts.clock(), "mei" if owner is Owner.AGENT else None

    async def lately() -> set[str]:
        return set(await SqlReachable(database).lately(at - timedelta(days=1), after="", limit=9))

    await database.write(lambda tx: parts.store.set_owner(tx, busy, owner=owner, agent_id=agent, at=at))
    assert await lately() == {calm}
    await database.write(lambda tx: parts.store.set_owner(tx, busy, owner=Owner.BOT, agent_id=None, at=at))
    assert await lately() == {calm, busy}
