"""tests: the supervisors' wall and what supervisors do, as people use it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from handoff.contracts import Agent, Claimed, Handoff, Urgency
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_console import Floor, floor, looked_at
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import DESKTOP, LOOKS, Windows

__all__ = ["floor"]

pytestmark = pytest.mark.browser


async def supervisor(
    windows: Windows,
    floor: Floor,
    path: str,
    *,
    language: Language = Language.ZH,
    width: int = DESKTOP,
    dark: bool = False,
) -> Page:
    """A supervisor who is signed in and stands at `path`."""
    await floor.console.agent("su", Role.SUPERVISOR, language=language)
    page = await windows.open(language=language, width=width, dark=dark)
    await sign_in(page, floor.address, "su")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{floor.address}{path}")
    return page


async def held_by(floor: Floor, handoff: Handoff, agent: Agent) -> Handoff:
    """The conversation, once `agent` has taken it."""
    outcome = await floor.console.desk.agents.claim(handoff.id, agent)
    assert isinstance(outcome, Claimed)
    return outcome.handoff


@pytest.mark.parametrize(("language", "width", "dark"), LOOKS)
async def test_the_wall_has_room_for_a_busy_desk(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    desk, look = floor.console.desk, f"{language}-{width}-{'dark' if dark else 'light'}"
    mei = await floor.console.agent("mei")
    await desk.agents.arrive(mei)
    await held_by(floor, await floor.customer("周先生", urgency=Urgency.SERIOUS), mei)
    await floor.customer("Wilhelmina Featherstonehaugh-Cholmondeley", urgency=Urgency.CRITICAL)
    desk.clock.forward(minutes=4)
    await desk.agents.beat(mei)
    await floor.customer("", "转人工")
    await desk.escalation.sweep(desk.clock())
    page = await supervisor(windows, floor, "/floor", language=language, width=width, dark=dark)
    await expect(page.locator(".tile").first).to_contain_text("2")
    await expect(page.locator(".risk-list li")).to_have_count(2)
    await looked_at(windows, page, f"floor-{look}")


async def test_the_wall_follows_what_happens_by_itself_and_leads_into_a_conversation(
    windows: Windows, floor: Floor
) -> None:
    page = await supervisor(windows, floor, "/floor")
    waiting = page.locator(".tile").first
    await expect(waiting).to_contain_text("0")
    handoff = await floor.customer("冒烟的客户", urgency=Urgency.CRITICAL)
    await expect(waiting).to_contain_text("1")
    floor.console.desk.clock.forward(seconds=55)
    risk = page.locator(".risk-list a")
    await expect(risk).to_contain_text("快到期")
    await risk.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#head h2")).to_have_text("冒烟的客户")
    await expect(page).to_have_url(re.compile(handoff.conversation_id))


async def test_a_wall_that_hears_nothing_says_how_old_it_is(windows: Windows, floor: Floor) -> None:
    windows.tolerate("ERR_INTERNET_DISCONNECTED|WebSocket connection")
    page = await supervisor(windows, floor, "/floor")
    await expect(page.locator("#age.ok")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator("#stale")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.locator("#stale")).to_be_hidden()


async def test_a_whisper_reaches_the_agents_console_and_a_take_over_is_told(windows: Windows, floor: Floor) -> None:
    agent = await floor.sit_down(windows)
    mei = Agent(id=await account(floor, "mei"), name="Mei")
    handoff = await held_by(floor, await floor.customer("周先生"), mei)
    page = await supervisor(windows, floor, f"/desk?c={handoff.conversation_id}&view=all", language=Language.EN)
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await page.keyboard.press("v")
    await expect(page.locator("#supervise textarea")).to_be_focused()
    await page.keyboard.type("先道歉，再说退款")
    await looked_at(windows, page, "supervise-en")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.note .note-label")).to_contain_text("Whisper to Mei")
    notice = agent.locator("#told .notice")
    await expect(notice).to_contain_text("先道歉，再说退款")
    await looked_at(windows, agent, "whispered-zh")
    await notice.locator("button[data-read]").press("Enter")
    await expect(notice).to_have_count(0)
    # The note may be in the thread before the answer to the whisper closes the dialog.
    await expect(page.locator("#supervise")).to_be_hidden()
    await page.keyboard.press("v")
    await page.locator('form[data-supervise="take-over"] button').press("Enter")
    await expect(page.locator('button[data-action="resolve"]')).to_be_visible()
    await expect(notice).to_contain_text("交给了 Su")


async def account(floor: Floor, name: str) -> str:
    """The id of an account."""
    return next(one.id for one in await floor.console.staff.accounts() if one.name == name)


async def test_a_broadcast_is_on_every_console_until_it_is_read(windows: Windows, floor: Floor) -> None:
    agent = await floor.sit_down(windows)
    page = await supervisor(windows, floor, "/floor")
    await page.locator("#say").press("Enter")
    await page.keyboard.type("仓库系统升级，先记下订单号")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("已通知 1 位同事")
    await expect(agent.locator("#told .notice")).to_contain_text("仓库系统升级")


@pytest.mark.parametrize("language", list(Language))
async def test_the_wall_and_the_console_show_a_key_for_everything_that_can_be_done(
    windows: Windows, floor: Floor, language: Language
) -> None:
    page = await supervisor(windows, floor, "/floor", language=language)
    await expect(page.locator("#age.ok")).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.locator("#keys dt")).to_have_count(3)
    await looked_at(windows, page, f"floor-keys-{language}")
    await page.keyboard.press("Escape")
    await page.keyboard.press("b")
    await expect(page.locator("#broadcast-text")).to_be_focused()

    await floor.customer("周先生")
    await page.goto(f"{floor.address}/desk")
    await expect(page.locator("#connection.ok")).to_be_attached()
    await floor.take_next(page)
    await page.keyboard.press("Escape")
    await expect(page.locator('button[data-action="resolve"]')).to_be_visible()
    await expect(page.locator(".composer-attach")).to_be_enabled()
    async with page.expect_file_chooser():
        await page.keyboard.press("+")
    await page.keyboard.press("Escape")
    await page.keyboard.press("z")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator('button[data-action="wake"]')).to_be_visible()
    await page.keyboard.press("z")
    await expect(page.locator('button[data-action="snooze"]')).to_be_visible()
    on_buttons = set(await page.locator("button[data-action] kbd").all_inner_texts())
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    assert {key.replace(" ", "+") for key in on_buttons} <= set(await page.locator("#keys dt kbd").all_inner_texts())
    await looked_at(windows, page, f"console-keys-{language}")


@pytest.mark.parametrize("language", list(Language))
async def test_every_clock_says_what_it_counts(windows: Windows, floor: Floor, language: Language) -> None:
    handoff = await floor.customer("周先生")
    page = await supervisor(windows, floor, f"/desk?c={handoff.conversation_id}&view=all", language=language)
    clocks = page.locator("#context .clock")
    await expect(clocks).to_have_count(2)
    words = {Language.ZH: "从转人工", Language.EN: "from asking for a person"}[language]
    await expect(clocks.first).to_contain_text(words)
    await looked_at(windows, page, f"clocks-{language}")


@pytest.mark.parametrize("language", list(Language))
async def test_an_agent_sees_the_customer_record_masked_and_adds_to_it_from_the_keyboard(
    windows: Windows, floor: Floor, language: Language
) -> None:
    desk = floor.console.desk
    handoff = await desk.ask_with((("phone", "13800138000"),))
    await floor.customer("Anna Zhou")
    page = await floor.sit_down(windows, language=language)
    await page.goto(f"{floor.address}/desk?c={handoff.conversation_id}&view=all")
    await expect(page.locator("#context")).to_contain_text("138****00")
    await expect(page.locator("#context")).not_to_contain_text("13800138000")
    await page.keyboard.press("p")
    card = page.locator("#customer")
    await expect(card).to_contain_text("138****00")
    await card.locator("button[data-reveal]").press("Enter")
    await expect(card).to_contain_text("13800138000")
    await card.locator("#customer-note").fill("喜欢短信联系")
    await card.locator('form[data-customer="note"] button').press("Enter")
    await expect(card.locator(".customer-note")).to_contain_text("喜欢短信联系")
    nobody = {
        Language.ZH: "按姓名、订单号、电话和投诉编号查了“13900139000”",
        Language.EN: "phone number and case number",
    }
    await card.locator("#customer-search").fill("13900139000")
    await card.locator("#customer-search").press("Enter")
    await expect(card).to_contain_text(nobody[language])
    await looked_at(windows, page, f"customer-nobody-{language}")
    await card.locator("#customer-search").fill("anna")
    await card.locator("#customer-search").press("Enter")
    await expect(card.locator('input[name="other"]')).to_have_count(1)
    await looked_at(windows, page, f"customer-{language}")
    await card.locator("#customer-reason").fill("报出了两边的订单号")
    await card.locator("#customer-reason").press("Enter")
    await expect(card.locator(".earlier li")).to_have_count(2)
    assert [record.action for record in desk.staff.records] == ["handoff.reveal", "handoff.join"]


async def test_the_context_is_rated_with_a_key_press(windows: Windows, floor: Floor) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.goto(f"{floor.address}/desk?c={handoff.conversation_id}")
    button = page.locator('button[data-rate="yes"]')
    await button.press("Enter")
    await expect(button).to_have_attribute("aria-pressed", "true")
    assert (await floor.console.desk.agents.quality(handoff.id)).useful
