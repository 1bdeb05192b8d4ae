"""tests: thirty customers at once, on the website and in Telegram, for two representatives and a supervisor.

What happens at a busy desk, in real windows, as one story; in Chinese and in English. Time moves when the test says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.settings import DeskSettings
from handoff.adapters.tables import handoffs
from handoff.contracts import Handoff, Urgency
from handoff.settings import RoutingSettings
from kit.contracts import Language
from kit.ids import now
from staff.contracts import Role
from tests.journeys.conftest import CHAT
from tests.journeys.customers import Customer, TelegramCustomer, WebCustomer, heard, web_customer
from tests.journeys.floor import Colleague, close_the_lid, open_the_lid, sit_down
from tests.journeys.test_both_channels import words
from tests.support.browser import Windows
from tests.support.clock import MovableClock
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZH, EN = Language.ZH, Language.EN
ARRIVING = 120.0
"""Seconds that thirty customers may take to be heard, a turn of the bot each, on a busy machine."""
BURST, CAPACITY = 30, 3
AT_ONCE = 4
"""Turns side by side; all of them share a core with the test and its customers, and each has its deadlines."""
DANGER = {
    ZH: "你们的热水器冒烟了，还漏电，我被电了一下",
    EN: "your water heater is smoking and gave me an electric shock",
}
WHISPER = {ZH: "先让客户断电，再问有没有受伤", EN: "power off first, then ask about injuries"}
REASON = {ZH: "要看设备日志", EN: "needs the device logs"}
AGAIN = {ZH: "正在为您重新安排同事", EN: "finding you another colleague"}


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """Three conversations each."""
    handoff = settings.handoff.model_copy(update={"routing": RoutingSettings(capacity=CAPACITY)})
    worker = settings.bot.worker.model_copy(update={"turns_at_once": AT_ONCE})
    return settings.model_copy(update={"handoff": handoff, "bot": settings.bot.model_copy(update={"worker": worker})})


@pytest.fixture
def desk_clock() -> MovableClock:
    """Stands still until the test moves it."""
    return MovableClock(now())


@pytest.fixture
async def burst(desk: RunningDesk, api: FakeBotApi, language: Language) -> AsyncIterator[list[Customer]]:
    """Customers who have opened their windows, every other one in Telegram; the last one is on the website."""
    async with AsyncExitStack() as stack:
        customers: list[Customer] = []
        for number in range(BURST + 1):
            if number % 2:
                customers.append(TelegramCustomer(api=api, chat=CHAT + number, language=language))
            else:
                customers.append(await stack.enter_async_context(web_customer(desk, language)))
        await asyncio.gather(*(customer.arrive() for customer in customers))
        for customer in customers:
            await heard(customer, words("hello", language))
        yield customers


async def test_a_burst_is_served_by_two_while_a_supervisor_helps(
    desk: RunningDesk, windows: Windows, burst: list[Customer], desk_clock: MovableClock, language: Language
) -> None:
    mei = await sit_down(windows, desk, "mei", language=language, departments=["consultation", "complaints"])
    lin = await sit_down(windows, desk, "lin", language=language, departments=["consultation", "technical_support"])
    su = await sit_down(windows, desk, "su", role=Role.SUPERVISOR, language=language, path="/floor")

    # Thirty ask at once. Three each are taken, the others stand in line and know their place.
    *crowd, endangered = burst
    await asyncio.gather(*(customer.say(words("ask_person", language)) for customer in crowd))
    await until(lambda: waits(desk, BURST), within=ARRIVING)
    taken = {who.agent.id: [await who.accept() for _ in range(CAPACITY)] for who in (mei, lin)}
    await until(lambda: waits(desk, BURST - 2 * CAPACITY))
    assert await desk.rooms.dispatcher.run(desk_clock()) == 0
    await expect(su.page.locator(".tile").first).to_contain_text(str(BURST - 2 * CAPACITY))
    people = await whose(desk, crowd)
    assert sorted(people) == sorted(await everybody(desk))
    line = [one.conversation_id for one in await desk.rooms.agents.queue()]

    # A critical one passes everybody who waits, and is offered although nobody has room.
    await endangered.say(DANGER[language])
    critical = await mei.accept()
    assert (await latest(desk, critical)).urgency is Urgency.CRITICAL
    assert critical not in people

    await whisper_and_take_over(desk, su, mei, critical, language)
    await until(lambda: is_held_by(desk, critical, su))
    await heard(endangered, su.agent.name)
    assert WHISPER[language] not in " ".join(endangered.house())

    # One of hers is for technical support: first in that line, it goes to Lin as soon as she has room.
    technical = taken[mei.agent.id].pop()
    await mei.open(technical)
    await give_to_technical_support(mei, language)
    taken[mei.agent.id].append(await mei.accept())
    assert taken[mei.agent.id][-1] == line[0]
    await lin.open(taken[lin.agent.id].pop(0))
    await lin.resolve()
    taken[lin.agent.id].append(await lin.accept())
    assert taken[lin.agent.id][-1] == technical
    await expect(lin.page.locator("#thread")).to_contain_text(REASON[language])
    await heard(people[technical], lin.agent.name)
    assert REASON[language] not in " ".join(people[technical].house())

    # Lin's laptop sleeps. Her customers go back to the head of the line, as old as they are, and are told.
    before = {one: await latest(desk, one) for one in taken[lin.agent.id]}
    lid = await close_the_lid(lin.page)
    for _ in range(4):  # a minute, in steps in which nobody who is awake seems gone
        desk_clock.forward(seconds=15)
        for awake in (mei, su):
            await desk.rooms.agents.beat(awake.agent)
    await until(lambda: gone_back(desk, before))
    for one in before:
        await heard(people[one], AGAIN[language])
    assert {one.agent_id for one in await held(desk, taken[mei.agent.id])} == {mei.agent.id}

    # It wakes up: she sees what became of them, and is offered the same people again.
    await open_the_lid(lid)
    await expect(lin.page.locator("[data-count=mine]")).to_have_text("0")
    assert await lin.accept() in before

    # Nobody was lost and nobody is there twice.
    assert sorted(await everybody(desk)) == sorted([*people, critical])


async def whisper_and_take_over(
    desk: RunningDesk, su: Colleague, agent: Colleague, conversation: str, language: Language
) -> None:
    """The supervisor opens what the agent holds, whispers, and takes it, all by keyboard."""
    await su.page.goto(f"{desk.url}/desk?c={conversation}&view=all")
    await expect(su.page.locator('button[data-action="supervise"]')).to_be_visible()
    await su.press("v")
    await expect(su.page.locator("#supervise textarea")).to_be_focused()
    await su.page.keyboard.type(WHISPER[language])
    await su.press("Tab", "Enter")
    await expect(agent.page.locator("#told .notice")).to_contain_text(WHISPER[language])
    await expect(su.page.locator("#supervise")).to_be_hidden()  # she may read it before Su hears that it was sent
    await su.press("v")
    await expect(su.page.locator("#supervise")).to_be_visible()
    await su.page.locator('form[data-supervise="take-over"] button').press("Enter")


async def give_to_technical_support(agent: Colleague, language: Language) -> None:
    """What is open goes to the department, with a reason."""
    await agent.press("t")
    await expect(agent.page.locator("#transfer-to")).to_be_focused()
    await agent.page.locator("#transfer-to").select_option("department:technical_support")
    await agent.page.locator("#transfer-reason").fill(REASON[language])
    await agent.press("Enter")
    await expect(agent.page.locator("#transfer")).to_be_hidden()


async def test_back_to_the_bot_and_back_to_somebody_who_is_there(
    desk: RunningDesk, windows: Windows, api: FakeBotApi, visitor: WebCustomer, language: Language
) -> None:
    chatting = TelegramCustomer(api=api, chat=CHAT, language=language)
    lin = await sit_down(windows, desk, "lin", language=language)
    for customer in (visitor, chatting):
        await customer.arrive()
        await heard(customer, words("hello", language))
        await customer.say(words("ask_person", language))
        conversation = await lin.accept()
        # Given back to the bot, which answers again.
        await lin.press("b")
        await expect(lin.page.locator("dialog[open]")).to_be_visible()
        await lin.press("Tab", "Enter")
        await expect(lin.page.locator('button[data-action="resolve"]')).to_have_count(0)
        before = len(customer.house())
        await customer.say(words("question", language))
        await heard(customer, words("answer", language), since=before)
        # Called again, the same conversation goes to who served it the last time.
        await customer.say(words("ask_person", language))
        assert await lin.accept() == conversation
        await lin.resolve()

    # Lin goes off duty with her window open. Reopened, both come to who is there.
    await lin.page.locator("#duty-count").press("Enter")
    await lin.page.locator('#duty button[data-state="offline"]').press("Enter")
    await expect(lin.page.locator("#paused")).to_be_visible()
    mei = await sit_down(windows, desk, "mei", language=language)
    for customer in (visitor, chatting):
        await customer.say(words("ask_person", language))
        conversation = await mei.accept()
        assert (await latest(desk, conversation)).agent_id == mei.agent.id
        await heard(customer, mei.agent.name)


async def waits(desk: RunningDesk, number: int) -> bool:
    """Whether so many customers stand in line."""
    return len(await desk.rooms.agents.queue()) == number


async def is_held_by(desk: RunningDesk, conversation: str, who: Colleague) -> bool:
    """Whether somebody has a conversation now."""
    return (await latest(desk, conversation)).agent_id == who.agent.id


async def latest(desk: RunningDesk, conversation: str) -> Handoff:
    """The newest handover of a conversation."""
    return await desk.rooms.agents.load_latest(conversation)


async def held(desk: RunningDesk, conversations: list[str]) -> list[Handoff]:
    """The newest handovers of these conversations."""
    return [await latest(desk, one) for one in conversations]


async def gone_back(desk: RunningDesk, before: dict[str, Handoff]) -> bool:
    """Whether these stand at the head of the line, as old as they were."""
    head = (await desk.rooms.agents.queue())[: len(before)]
    return {one.conversation_id: one.asked_at for one in head} == {name: one.asked_at for name, one in before.items()}


async def everybody(desk: RunningDesk) -> list[str]:
    """The conversations of all handovers there ever were, as often as there were any."""
    async with desk.ground.database.read() as connection:
        return list((await connection.execute(select(handoffs.c.conversation_id))).scalars())


async def whose(desk: RunningDesk, customers: list[Customer]) -> dict[str, Customer]:
    """The customers by conversation."""
    found: dict[str, Customer] = {}
    for customer in customers:
        if isinstance(customer, WebCustomer):
            found[customer.conversation] = customer
        elif isinstance(customer, TelegramCustomer):
            home = await desk.rooms.store.find_at("telegram", str(customer.chat))
            assert home is not None
            found[home.id] = customer
    return found
