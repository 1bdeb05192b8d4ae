"""tests: a three-monthly round of a thousand customers: who agreed is asked in the chat, who said no is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from bot.adapters.tables import conversations
from cases.contracts import Stage
from cases.contracts.follow_ups import Wish
from handoff.contracts import Agent, Outcome
from kit.contracts import Language, Tx
from kit.ids import new_id
from kit.sql import connection_of
from tests.journeys.conftest import CHAT
from tests.journeys.customers import TelegramCustomer, heard, offered
from tests.journeys.test_after_the_decision import complained
from tests.journeys.test_both_channels import claimed_by, words
from tests.journeys.test_case_to_its_end import SAID, at_stage, go
from tests.support.clock import MovableClock
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi
from tests.support.wait import until

pytestmark = pytest.mark.slow

CUSTOMERS = 1000
BEGAN = datetime(2026, 12, 1, 2, tzinfo=UTC)
"""Ten in the morning in Shanghai, in the quarter before the round."""
NO_MORE = {Language.ZH: "不用再回访了", Language.EN: "no more follow-ups please"}


@pytest.fixture
def desk_clock() -> MovableClock:
    """Moved from one quarter into the next."""
    return MovableClock(BEGAN)


async def a_crowd(desk: RunningDesk, customers: int) -> int:
    """Customers who wrote on the website this quarter; every tenth wants no follow-ups. Returns how many do not."""
    at, ids = desk.ground.clock(), [new_id() for _ in range(customers)]
    rows: list[dict[str, Any]] = [
        {
            "id": conversation_id,
            "channel": "web",
            "address": conversation_id,
            "customer_name": "",
            "language": "zh" if number % 2 else "en",
            "owner": "bot",
            "agent_id": None,
            "epoch": 0,
            "last_seq": 1,
            "handled_seq": 1,
            "due_seq": 1,
            "attempts": 0,
            "retry_at": at,
            "state": {},
            "created_at": at,
            "updated_at": at,
        }
        for number, conversation_id in enumerate(ids)
    ]
    opted_out = ids[1::10]

    async def write(tx: Tx) -> None:
        await connection_of(tx).execute(insert(conversations), rows)
        for conversation_id in opted_out:
            await desk.rooms.cases.follow_up_chat.set_wish(tx, conversation_id, Wish.NEVER, at=at)

    await desk.ground.database.write(write)
    return len(opted_out)


async def agrees(desk: RunningDesk, caller: TelegramCustomer, agent: Agent) -> None:
    """A settled complaint, after which the customer may be asked in the chat; the bot has the conversation again."""
    number = (await complained(desk, caller)).number
    # Who is angry waits for one already; what they said now could come after the colleague is done, and call another.
    if not await desk.rooms.agents.queue():
        await caller.say(words("ask_person", caller.language))
    handoff = await claimed_by(desk, agent)
    await desk.rooms.agents.resolve(handoff.conversation_id, agent, epoch=handoff.epoch, outcome=Outcome.SOLVED)
    await go(desk, number, "confirmed", "assigned", "working", "decided", "told", words=SAID["better"][caller.language])
    await caller.press(SAID["settled"][caller.language])
    await until(lambda: at_stage(desk, number, Stage.CLOSED))
    may = desk.ground.texts("bot.choice.follow_up_chat", caller.language)
    await offered(caller, may)
    before = len(caller.house())
    await caller.press(may)
    await heard(caller, desk.ground.texts("bot.follow_up.may", caller.language), since=before)


async def refuses(desk: RunningDesk, caller: TelegramCustomer) -> None:
    """A customer who writes that they want none of this."""
    await caller.arrive()
    await heard(caller, words("hello", caller.language))
    await caller.say(NO_MORE[caller.language])
    await heard(caller, desk.ground.texts("bot.follow_up.never", caller.language))


async def test_a_round_asks_who_agreed_in_the_chat_leaves_who_said_no_and_lists_the_rest(
    desk: RunningDesk, api: FakeBotApi, agent: Agent, desk_clock: MovableClock, language: Language
) -> None:
    agreed, refused = (TelegramCustomer(api=api, chat=CHAT + number, language=language) for number in range(2))
    await agrees(desk, agreed, agent)
    await refuses(desk, refused)
    opted_out = await a_crowd(desk, CUSTOMERS - 2)
    follow_ups, rounds = desk.rooms.cases.follow_ups, desk.rooms.cases.follow_up_rounds
    script = next(one for one in desk.ground.settings.cases.follow_ups.scripts if one.name == "in_use")
    question, well = (getattr(one, language.value) for one in (script.questions[0], script.questions[0].answers[0]))
    quiet, before = len(refused.house()), len(agreed.house())
    desk_clock.forward(days=32)
    asked = 0
    for _ in range(64):
        while await rounds.run(desk_clock()):
            pass
        if (await follow_ups.today(plan="periodic")).in_chat:
            asked += 1
            await heard(agreed, question, since=before)
            await agreed.press(well)

            async def is_answered() -> bool:
                return not (await follow_ups.today(plan="periodic")).in_chat

            await until(is_answered)
        # Less than a question waits in the chat: the worker goes the same rounds and may have asked after the look.
        desk_clock.forward(hours=12)

    assert asked == 1
    assert sum(question in text for text in agreed.house()) == 1
    assert len(refused.house()) == quiet
    day = await follow_ups.today(plan="periodic")
    assert day.due_total == CUSTOMERS - 2 - opted_out
