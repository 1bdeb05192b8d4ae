"""tests: who asks for a person at night is told what happens, has a file, and is called in the morning.

On the website and in Telegram, in Chinese and in English; the representative of the morning sits at a real window.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.settings import DeskSettings
from handoff.adapters.tables import promises
from handoff.contracts import PromiseKind
from handoff.settings import HandoffSettings
from kit.contracts import Language
from tests.journeys.conftest import CHAT
from tests.journeys.customers import TelegramCustomer, WebCustomer, heard, offered
from tests.journeys.floor import sit_down
from tests.journeys.test_both_channels import words
from tests.journeys.test_promises import CALLBACK
from tests.support.browser import Windows
from tests.support.clock import MovableClock
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZH, EN = Language.ZH, Language.EN
ZONE = ZoneInfo("Asia/Shanghai")
EVENING, MORNING = date(2026, 11, 24), date(2026, 11, 25)
NUMBER = re.compile(r"TS\d{4}-\d{6}")
OPENS = "8:30"
WHEN = {ZH: "什么时候联系您", EN: "When shall we get in touch"}
GREETING = {ZH: "早上好，昨晚的事我来处理。", EN: "Good morning, I am looking into last night's matter."}


def clocks(day: date, hour: int, minute: int) -> datetime:
    """That moment in Shanghai."""
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """Representatives answer from 08:30 to 22:00."""
    return settings.model_copy(update={"handoff": HandoffSettings(undo_seconds=0)})


@pytest.fixture
def desk_clock() -> MovableClock:
    """Half past eleven at night."""
    return MovableClock(clocks(EVENING, 23, 30))


async def test_a_night_ends_in_two_promises_that_are_kept_in_the_morning(
    desk: RunningDesk,
    windows: Windows,
    api: FakeBotApi,
    visitor: WebCustomer,
    *,
    desk_clock: MovableClock,
    language: Language,
) -> None:
    chatting = TelegramCustomer(api=api, chat=CHAT, language=language)
    for customer in (visitor, chatting):
        await customer.arrive()
        await heard(customer, words("hello", language))
        await customer.say(words("ask_person", language))
        await heard(customer, OPENS)

    # In Telegram the first free time of the morning is booked; nobody waits up.
    await offered(chatting, CALLBACK[language])
    await chatting.press(CALLBACK[language])
    await heard(chatting, WHEN[language])
    before = len(chatting.house())
    await chatting.press(buttons_of_last(chatting)[0])
    await heard(chatting, WHEN[language], since=before)
    await chatting.press(buttons_of_last(chatting)[0])
    booked = NUMBER.search(await heard(chatting, "TS", since=before))
    # On the website they just wait, and after three minutes are told until when they have an answer.
    desk_clock.forward(minutes=4)
    owed = NUMBER.search(await heard(visitor, "TS"))
    assert booked is not None
    assert owed is not None
    assert await desk.rooms.agents.queue() == ()
    async with desk.ground.database.read() as connection:
        found = {row.number: row for row in await connection.execute(select(promises))}
    assert found[booked[0]].kind == PromiseKind.CALLBACK.value
    assert found[owed[0]].kind == PromiseKind.OVERDUE.value
    for number in (booked[0], owed[0]):
        due = found[number].due_by.astimezone(ZONE)
        assert clocks(MORNING, 8, 30) < due < clocks(MORNING, 12, 0)
        assert (await desk.rooms.cases.files.load(number)).case.number == number

    # The morning: Lin signs in, and both come to her when their time has come, first the one who waits longer.
    desk_clock.at = clocks(MORNING, 8, 31)
    lin = await sit_down(windows, desk, "lin", language=language)
    for customer, number in ((visitor, owed[0]), (chatting, booked[0])):
        begins = found[number].begins_at
        desk_clock.at = max(desk_clock.at, begins + timedelta(minutes=1))
        await desk.rooms.agents.beat(lin.agent)
        await lin.accept()
        await expect(lin.page.locator("#thread")).to_contain_text(number)
        await lin.press("r")
        await expect(lin.page.locator("#composer textarea")).to_be_focused()
        await lin.page.keyboard.type(GREETING[language])
        await lin.press("Enter")
        await expect(lin.page.locator(".entry.agent .bubble")).to_contain_text(GREETING[language])
        await heard(customer, GREETING[language])
        await lin.press("Escape")
        await lin.resolve()


def buttons_of_last(customer: TelegramCustomer) -> list[str]:
    """The buttons under the newest message that has any."""
    return [label for labels in customer.keyboards()[-1:] for label in labels]
