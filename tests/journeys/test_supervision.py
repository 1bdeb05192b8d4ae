"""tests: what a supervisor whispers never leaves the house, on any channel, live or in a transcript loaded again."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from bot.adapters.tables import outbox
from handoff.contracts import Agent
from kit.contracts import Language
from staff.contracts import Role
from tests.journeys.customers import Customer, WebCustomer, heard
from tests.journeys.test_both_channels import claimed_by, words
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi

SECRET = "悄悄话：先道歉，再说退款"


@pytest.mark.parametrize("language", [Language.ZH], indirect=True)
async def test_a_whisper_reaches_the_agent_and_no_customer(
    desk: RunningDesk, customer: Customer, agent: Agent, api: FakeBotApi, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    await customer.say(words("ask_person", language))
    handoff = await claimed_by(desk, agent)
    where = handoff.conversation_id
    made = await desk.rooms.staff.create_account(
        name="su", display_name="苏主管", roles=[Role.SUPERVISOR], language=language, password="a-long-password-1"
    )
    supervisor = Agent(id=made.account.id, name="苏主管")
    supervision = desk.rooms.floor.supervision
    seq = await supervision.whisper(where, supervisor, key="w1", text=SECRET)
    await desk.rooms.agents.reply(where, agent, key="r1", text="非常抱歉", epoch=handoff.epoch)
    await heard(customer, "非常抱歉")
    await desk.rooms.agents.beat(supervisor)
    taken = await supervision.take_over(where, supervisor, epoch=handoff.epoch)
    await heard(customer, "苏主管")
    await desk.rooms.agents.reply(where, supervisor, key="r2", text="由我负责到底", epoch=taken.epoch)
    await heard(customer, "由我负责到底")

    assert [line.text for line in await desk.rooms.agents.lines(where) if line.kind == "note"] == [SECRET]
    assert [notice.text for notice in await desk.rooms.floor.notices.unread(agent.id)][-1] == SECRET
    assert SECRET not in " ".join(customer.house())
    assert SECRET not in str(api.calls) + str(getattr(customer, "entries", ""))
    async with desk.ground.database.read() as connection:
        sent = (await connection.execute(select(outbox.c.seq).where(outbox.c.conversation_id == where))).scalars()
        assert seq not in set(sent)
    if isinstance(customer, WebCustomer):
        async with httpx.AsyncClient(base_url=desk.url) as client:
            client.headers["Authorization"] = f"Bearer {customer.token}"
            loaded = (await client.get("/api/conversation", params={"after": 0})).json()
        assert "非常抱歉" in str(loaded)
        assert SECRET not in str(loaded)
