"""tests: two representatives and a customer's real window: asking for help, taking back, giving on, one customer twice.

Every screen is looked at in both languages, light and dark, on a desktop and on a phone.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.settings import DeskSettings
from handoff.contracts import AgentProfile
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_console import looked_at
from tests.journeys.conftest import CHAT
from tests.journeys.customers import TelegramCustomer, heard
from tests.journeys.floor import Colleague, sit_down
from tests.journeys.test_both_channels import words
from tests.support.browser import LOOKS, Windows
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZH, EN = Language.ZH, Language.EN
HELP = {ZH: "请看看这台的保修日期", EN: "please check the warranty date of this one"}
LOGS = {ZH: "要看设备日志", EN: "needs the device logs"}
HASTY = {ZH: "您的问题我们不管", EN: "We do not care about your problem"}
KIND = {ZH: "您好，我马上帮您查。", EN: "Hello, I will look that up for you at once."}
WARRANTY = {ZH: "保修到明年三月。", EN: "The warranty lasts until next March."}
NAME_IN_TELEGRAM = "小周"
PROOF = {ZH: "报出了两边的订单号", EN: "named the order numbers of both"}


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """A reply can be taken back for longer than anybody takes to do so."""
    return settings.model_copy(update={"handoff": settings.handoff.model_copy(update={"undo_seconds": 120})})


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS, indirect=["language"])
async def test_colleagues_help_each_other_and_the_customer_sees_who_speaks(
    desk: RunningDesk, windows: Windows, api: FakeBotApi, *, language: Language, width: int, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    window = await windows.open(f"{desk.url}/widget?lang={language}", language=language, width=width, dark=dark)
    await expect(window.locator(".entry.bot").first).to_be_visible()
    await window.locator("#person").click()
    await expect(window.locator("#waiting")).to_be_visible()
    await looked_at(windows, window, f"together-widget-waiting-{look}")
    lin = await sit_down(windows, desk, "lin", language=language, width=width, dark=dark)
    await desk.rooms.team.save_profile(AgentProfile(account_id=lin.agent.id, capacity=0), by=lin.agent.id)
    mei = await sit_down(windows, desk, "mei", language=language, width=width, dark=dark)
    conversation = await mei.accept()

    await taken_back_before_it_left(windows, mei, window, look=look, language=language)
    await invited(windows, mei, lin, look=look, language=language)
    await expect(window.locator(".entry.agent .bubble").last).to_contain_text(WARRANTY[language])
    assert HELP[language] not in await window.inner_text("body")
    await looked_at(windows, window, f"together-widget-two-colleagues-{look}")

    await joined_and_separated(windows, desk, mei, api, look=look, language=language)
    await to_the_list(mei)
    await mei.open(conversation)
    await mei.press("t")
    await expect(mei.page.locator("#transfer-to")).to_be_focused()
    await mei.page.locator("#transfer-to").select_option("department:technical_support")
    await mei.page.locator("#transfer-reason").fill(LOGS[language])
    await looked_at(windows, mei.page, f"together-transfer-{look}")
    await mei.press("Enter")
    await expect(mei.page.locator('button[data-action="resolve"]')).to_have_count(0)
    await looked_at(windows, mei.page, f"together-given-on-{look}")
    assert (await desk.rooms.agents.load_latest(conversation)).placing.department == "technical_support"
    await expect(window.locator("#waiting")).to_be_visible()
    assert LOGS[language] not in await window.inner_text("body")
    await looked_at(windows, window, f"together-widget-given-on-{look}")


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS, indirect=["language"])
async def test_a_supervisor_gives_a_conversation_to_somebody_else_and_everybody_sees_whose_it_is(
    desk: RunningDesk, windows: Windows, *, language: Language, width: int, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    window = await windows.open(f"{desk.url}/widget?lang={language}", language=language, width=width, dark=dark)
    await expect(window.locator(".entry.bot").first).to_be_visible()
    await window.locator("#person").click()
    lin = await sit_down(windows, desk, "lin", language=language, width=width, dark=dark)
    await desk.rooms.team.save_profile(AgentProfile(account_id=lin.agent.id, capacity=0), by=lin.agent.id)
    mei = await sit_down(windows, desk, "mei", language=language, width=width, dark=dark)
    conversation = await mei.accept()
    path = f"/desk?c={conversation}&view=all"
    su = await sit_down(windows, desk, "su", role=Role.SUPERVISOR, language=language, width=width, dark=dark, path=path)
    await expect(su.page.locator("#head h2")).to_be_visible()

    await su.press("v")
    await expect(su.page.locator("#whisper-text")).to_be_focused()
    await su.page.locator("#reassign-to").select_option(lin.agent.id)
    await looked_at(windows, su.page, f"reassign-dialog-{look}")
    await su.page.locator("#reassign-to").press("Tab")
    await su.press("Enter")
    await expect(su.page.locator("#supervise")).to_be_hidden()
    await expect(su.page.locator("#head")).to_contain_text("Lin")
    await looked_at(windows, su.page, f"reassign-given-{look}")

    await expect(mei.page.locator("#told .notice")).to_have_count(1)
    await expect(mei.page.locator("#composer textarea")).to_be_disabled()
    await looked_at(windows, mei.page, f"reassign-taken-away-{look}")
    await expect(lin.page.locator("#told .notice")).to_have_count(1)
    await looked_at(windows, lin.page, f"reassign-told-{look}")
    await lin.page.locator("#told [data-open]").press("Enter")
    await expect(lin.page.locator('button[data-action="resolve"]')).to_be_visible()
    await lin.press("r")
    await lin.page.keyboard.type(KIND[language])
    await lin.press("Enter", "Escape", "e")  # what comes next lets the reply leave
    await expect(window.locator(".entry.agent .bubble")).to_contain_text([KIND[language]])
    await expect(window.locator("#presence")).to_contain_text("Lin")
    await looked_at(windows, window, f"reassign-widget-{look}")


async def to_the_list(mei: Colleague) -> None:
    """A phone shows one pane at a time, and offers stand in the list's."""
    back = mei.page.locator('button[data-action="back"]')
    if await back.is_visible():
        await back.press("Enter")


async def taken_back_before_it_left(
    windows: Windows, mei: Colleague, window: Page, *, look: str, language: Language
) -> None:
    """What was written in anger is taken back with one key; the customer reads only the second thought."""
    await mei.press("r")
    await mei.page.keyboard.type(HASTY[language])
    await mei.press("Enter")
    await expect(mei.page.locator(".entry.pending")).to_contain_text(HASTY[language])
    await looked_at(windows, mei.page, f"together-undo-{look}")
    await mei.press("Escape", "u")
    await expect(mei.page.locator(".entry.pending")).to_have_count(0)
    await expect(mei.page.locator("#composer textarea")).to_have_value(HASTY[language])
    await mei.page.locator("#composer textarea").fill(KIND[language])
    await mei.press("Enter", "Escape")
    await mei.press("g")  # what comes next does not overtake the reply: it leaves now
    await expect(window.locator(".entry.agent .bubble")).to_contain_text([KIND[language]])
    await expect(mei.page.locator("#invite")).to_be_visible()


async def invited(windows: Windows, mei: Colleague, lin: Colleague, *, look: str, language: Language) -> None:
    """Lin is asked in, no longer needed, asked again, and writes to the customer under her own name."""
    for again in (False, True):
        await mei.page.locator("#invite-to").select_option(lin.agent.id)
        await mei.page.locator("#invite-reason").fill(HELP[language])
        await looked_at(windows, mei.page, f"together-invite-{look}")
        await mei.page.locator("#invite-reason").press("Enter")
        await expect(mei.page.locator("#invite")).to_be_hidden()
        await expect(lin.page.locator("#told .notice").filter(has_text=HELP[language])).to_have_count(1)
        if not again:
            await looked_at(windows, lin.page, f"together-asked-{look}")
            await mei.press("g")
            await expect(mei.page.locator("[data-take-back]")).to_be_visible()
            await looked_at(windows, mei.page, f"together-take-back-{look}")
            await mei.page.locator("[data-take-back]").press("Enter")
            await expect(mei.page.locator("[data-take-back]")).to_have_count(0)
            await expect(mei.page.locator("#invite-to")).to_be_focused()
            await expect(lin.page.locator("#told .notice.warn")).to_be_visible()
            await looked_at(windows, lin.page, f"together-taken-back-{look}")
    await lin.page.locator("#told [data-open]").first.press("Enter")
    await expect(lin.page.locator('button[data-action="join"]')).to_be_visible()
    await looked_at(windows, lin.page, f"together-may-join-{look}")
    await lin.press("a")
    await expect(lin.page.locator("#composer textarea")).to_be_focused()
    await lin.page.keyboard.type(WARRANTY[language])
    await lin.press("Enter", "Escape", "l")
    await expect(mei.page.locator("#thread")).to_contain_text(WARRANTY[language])
    await looked_at(windows, mei.page, f"together-helped-{look}")


async def joined_and_separated(
    windows: Windows, desk: RunningDesk, mei: Colleague, api: FakeBotApi, *, look: str, language: Language
) -> None:
    """The same person writes from two phones: both records become one on an agent's word, and two again."""
    for chat in (CHAT, CHAT + 1):
        other = TelegramCustomer(api=api, chat=chat, language=language)
        await other.arrive()
        await heard(other, words("hello", language))
        await other.say(words("ask_person", language))
        await to_the_list(mei)
        await mei.accept()
    await mei.press("p")
    card = mei.page.locator("#customer")
    await expect(card).to_be_visible()
    await looked_at(windows, mei.page, f"together-customer-{look}")
    await card.locator("#customer-search").fill(NAME_IN_TELEGRAM)
    await card.locator("#customer-search").press("Enter")
    await expect(card.locator('input[name="other"]')).to_have_count(1)
    await card.locator("#customer-reason").fill(PROOF[language])
    await card.locator("#customer-reason").scroll_into_view_if_needed()
    await looked_at(windows, mei.page, f"together-join-{look}")
    await card.locator("#customer-reason").press("Enter")
    await expect(card.locator(".earlier li")).to_have_count(2)
    await card.locator("[data-separate]").scroll_into_view_if_needed()
    await looked_at(windows, mei.page, f"together-joined-{look}")
    await card.locator("[data-separate]").press("Enter")
    await looked_at(windows, mei.page, f"together-separate-{look}")
    await mei.page.locator("dialog[open] button.primary, dialog[open] button.danger").last.press("Enter")
    await expect(card.locator(".earlier li")).to_have_count(1)
    await expect(card.locator("[data-separate]")).to_have_count(0)
    await mei.press("Escape")
    await expect(card).to_be_hidden()
