"""tests: the agents' console as people use it: both languages, keyboard, phone, a bad connection."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Locator, Page, Route, expect

from handoff.contracts import Agent, Attempt, ComplaintNote, EarlierContact, Handoff, HandoffState, Urgency
from kit.contracts import Language
from kit.ids import new_id, now
from kit.sql import Database
from kit.texts import Texts
from staff.contracts import Role
from tests.browser.test_staff_pages import sign_in
from tests.handoff.asking import a_packet, a_request
from tests.support.browser import DESKTOP, PHONE, Windows, overflow, small_targets, unnamed
from tests.support.clock import MovableClock
from tests.support.console import ALWAYS_OPEN, ConsoleHouse, build_console
from tests.support.serving import serving
from tests.support.wait import until

pytestmark = pytest.mark.browser

LIN = Agent(id="agent-lin", name="林静")
COMPLAINT = ComplaintNote(
    number="TS2611-000001",
    category="product_quality",
    category_confidence=0.91,
    severity="serious",
    severity_confidence=0.77,
    words=("才买三天", "没解决"),
    wanted="换货",
)
PACKET = replace(
    a_packet("才买三天的洗衣机脱水异响，没解决，能换不", complaint=COMPLAINT),
    attempts=(
        Attempt(question="洗衣机脱水响得厉害咋办", decision="answer", title="脱水异响", confidence=0.93, helped=False),
        Attempt(question="能换不", decision="clarify", title="七天无理由换货", confidence=0.58, helped=None),
    ),
    earlier=(EarlierContact(at=now(), kind="handoff", summary="发票抬头开错了，已重开"),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A running console with customers who wait."""

    console: ConsoleHouse
    address: str

    async def customer(self, name: str, *texts: str, urgency: Urgency = Urgency.NORMAL) -> Handoff:
        """A customer who asks for a person; consoles hear of it."""
        desk, where = self.console.desk, new_id()
        await desk.conversations.begin(where, *(texts or ("转人工",)), at=now())
        request = replace(a_request(where, urgency, PACKET), customer_name=name)
        handoff = await desk.database.write(lambda tx: desk.desk.open(tx, request, at=now()))
        await desk.signals.publish(f"conversation:{where}", {"seq": 1, "state": True})
        return handoff

    async def says(self, handoff: Handoff, text: str) -> None:
        """The customer writes."""
        where = handoff.conversation_id
        seq = await self.console.desk.conversations.customer_says(where, text, key=new_id(), at=now())
        await self.console.desk.signals.publish(f"conversation:{where}", {"seq": seq})

    async def texts(self, handoff: Handoff, kind: str) -> list[str]:
        """What is stored of one voice."""
        lines = await self.console.desk.agents.lines(handoff.conversation_id)
        return [line.text for line in lines if line.kind == kind]

    async def sit_down(
        self,
        windows: Windows,
        *,
        name: str = "mei",
        language: Language = Language.ZH,
        width: int = DESKTOP,
        dark: bool = False,
        zone: str = "Asia/Shanghai",
    ) -> Page:
        """An agent at the open console; `zone` is what their browser's clock shows."""
        await self.console.agent(name, Role.AGENT, language=language)
        page = await windows.open(language=language, width=width, dark=dark, zone=zone)
        await sign_in(page, self.address, name)
        await page.wait_for_url(lambda url: "/sign-in" not in url)
        await page.goto(f"{self.address}/desk")
        await expect(page.locator("#connection.ok")).to_be_attached()
        return page

    async def take_next(self, page: Page) -> Locator:
        """Take whoever is next in the list, by the keyboard; returns where the answer is typed, which has the focus."""
        await page.keyboard.press("j")
        await page.keyboard.press("c")
        box = page.locator("#composer textarea")
        await expect(box).to_be_focused()
        return box


@pytest.fixture
async def floor(sqlite_database: Database, texts: Texts) -> AsyncIterator[Floor]:
    console = await build_console(sqlite_database, texts, MovableClock(now()), desk_settings=ALWAYS_OPEN)
    async with console.live, serving(console.app) as address:
        yield Floor(console=console, address=address)


async def looked_at(windows: Windows, page: Page, name: str) -> None:
    """Everything has room and a name, and on a phone a finger's size."""
    await windows.shot(page, name)
    assert await overflow(page) == []
    assert await unnamed(page) == []
    if page.viewport_size and page.viewport_size["width"] <= PHONE:
        assert await small_targets(page) == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (1000, True), (PHONE, False), (PHONE, True)])
async def test_every_pane_has_room_for_its_words(
    windows: Windows, floor: Floor, language: Language, width: int, *, dark: bool
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    page = await floor.sit_down(windows, language=language, width=width, dark=dark)
    await looked_at(windows, page, f"console-empty-{look}")
    await floor.customer("周先生", "洗衣机脱水响得厉害咋办", "没解决，才买三天，能换不", urgency=Urgency.SERIOUS)
    await floor.customer("Wilhelmina Featherstonehaugh-Cholmondeley", "My invoice shows the wrong company name " * 12)
    await floor.customer("", "转人工")
    await page.locator('button[data-view="waiting"]').click()
    await expect(page.locator("li[data-conversation]")).to_have_count(3)
    await looked_at(windows, page, f"console-waiting-{look}")
    await page.locator("li[data-conversation] button").first.click()
    await expect(page.locator("#thread .entry")).to_have_count(2)
    await looked_at(windows, page, f"console-open-{look}")
    await page.locator('button[data-action="claim"]').click()
    await expect(page.locator('button[data-action="resolve"]')).to_be_visible()
    await page.locator('button[data-mode="note"]').click()
    await looked_at(windows, page, f"console-note-{look}")
    if width < DESKTOP:
        await page.locator('#head button[data-action="context"]').click()
        await expect(page.locator("#context h2")).to_be_visible()
        await looked_at(windows, page, f"console-context-{look}")


@pytest.mark.parametrize("language", list(Language))
async def test_a_customer_is_served_from_the_keyboard_alone(windows: Windows, floor: Floor, language: Language) -> None:
    handoff = await floor.customer("周先生", "没解决，才买三天，能换不")
    page = await floor.sit_down(windows, language=language)
    keys = page.keyboard
    await keys.press("j")
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await expect(page.locator("#context .want")).to_have_text(PACKET.want)
    await keys.press("c")
    await expect(page.locator("#composer textarea")).to_be_focused()
    await keys.type("您好，我是小梅")
    await keys.press("Control+Enter")
    await expect(page.locator(".entry.agent .bubble")).to_contain_text("您好，我是小梅")
    await floor.says(handoff, "太好了")
    await expect(page.locator(".entry.customer").last).to_contain_text("太好了")
    await keys.press("Escape")
    await keys.press("n")
    await keys.type("先按换新走")
    await keys.press("Enter")
    await expect(page.locator(".entry.note")).to_contain_text("先按换新走")
    await keys.press("Escape")
    await keys.press("Escape")
    await keys.press("e")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator('button[data-action="resolve"]')).to_have_count(0)

    [ended] = await floor.console.desk.desk.earlier(handoff.conversation_id)
    assert (ended.state, ended.outcome) == (HandoffState.RESOLVED, "unsolved")
    assert await floor.texts(handoff, "agent") == ["您好，我是小梅"]
    assert await floor.texts(handoff, "note") == ["先按换新走"]


async def test_keys_pressed_before_a_list_has_come_wait_for_it(windows: Windows, floor: Floor) -> None:
    await floor.customer("周先生")
    page = await floor.sit_down(windows)
    armed = asyncio.Event()
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        if armed.is_set() and not held.done():
            held.set_result(route)
        else:
            await route.continue_()

    await page.route("**/desk/lists?view=waiting", hold)
    await page.reload()  # Chromium lets a page that is loaded already send one more request past a new route
    await expect(page.locator("#connection.ok")).to_be_attached()
    for key in "jc":
        await page.keyboard.press(key)
    await expect(page.locator("#composer textarea")).to_be_focused()
    await page.keyboard.press("Escape")
    await floor.customer("林女士")
    await expect(page.locator("[data-count=waiting]")).to_have_text("1")
    armed.set()
    for key in "2jc":
        await page.keyboard.press(key)
    await (await held).continue_()
    await expect(page.locator("#head h2")).to_have_text("林女士")
    await expect(page.locator("#composer textarea")).to_be_focused()


async def test_a_claim_lost_to_a_colleague_says_who_was_faster(windows: Windows, floor: Floor) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    # The colleague's claim and this one cross: this console has not heard of it yet. Chromium lets a page that is
    # loaded already send one more request past a new route, so the page is loaded again under it.
    await page.route("**/desk/claim", lambda route: faster(floor, handoff, route))
    await page.reload()
    await expect(page.locator("#connection.ok")).to_be_attached()
    await page.keyboard.press("j")
    await expect(page.locator('button[data-action="claim"]')).to_be_visible()
    await page.keyboard.press("c")
    await expect(page.locator(".toast")).to_contain_text("林静 抢先接入了")
    await expect(page.locator("#head")).to_contain_text("林静")
    await expect(page.locator("#composer textarea")).to_be_disabled()
    await windows.shot(page, "console-lost-claim")


async def faster(floor: Floor, handoff: Handoff, route: Route) -> None:
    await floor.console.desk.agents.claim(handoff.id, LIN)
    await route.continue_()


async def test_nothing_that_happens_elsewhere_moves_focus_or_what_is_read(windows: Windows, floor: Floor) -> None:
    first = await floor.customer("周先生", *(f"第 {number} 句话" for number in range(60)))
    await floor.console.agent("lin", Role.AGENT)
    page = await floor.sit_down(windows)
    box = await floor.take_next(page)
    await page.keyboard.type("写到一半")
    await expect(page.locator(".entry.customer")).to_have_count(60)
    scroller = page.locator(".thread-scroller")
    await scroller.evaluate("(element) => { element.scrollTop = 200; }")
    await expect(page.locator("#thread")).to_be_visible()

    await page.locator('button[data-view="waiting"]').click()
    await box.focus()
    await floor.customer("冒烟的客户", urgency=Urgency.CRITICAL)
    await expect(page.locator('[data-count="waiting"]')).to_have_text("1")
    await floor.says(first, "还在吗")
    await expect(page.locator(".thread-pill")).to_be_visible()

    await expect(box).to_be_focused()
    await expect(box).to_have_value("写到一半")
    assert await scroller.evaluate("(element) => element.scrollTop") == 200


async def test_the_row_one_stands_on_keeps_the_focus_when_somebody_more_urgent_comes(
    windows: Windows, floor: Floor
) -> None:
    calm = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.keyboard.press("j")
    focused = page.locator(f'li[data-conversation="{calm.conversation_id}"] button')
    await expect(focused).to_be_focused()
    await floor.customer("冒烟的客户", urgency=Urgency.CRITICAL)
    await expect(page.locator("li[data-conversation]")).to_have_count(2)
    await expect(page.locator("li[data-conversation]").first).to_contain_text("冒烟的客户")
    await expect(focused).to_be_focused()
    await page.keyboard.press("k")
    await expect(page.locator("#head h2")).to_have_text("冒烟的客户")


async def test_what_is_written_while_the_connection_is_gone_arrives_once_when_it_is_back(
    windows: Windows, floor: Floor
) -> None:
    windows.tolerate("ERR_INTERNET_DISCONNECTED|WebSocket connection")
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.context.set_offline(True)
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    await expect(page.locator("#offline")).to_be_visible()
    await page.keyboard.type("断线时写的")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.pending")).to_contain_text("断线时写的")
    await windows.shot(page, "console-offline")
    await page.context.set_offline(False)
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(page.locator(".entry.agent .bubble")).to_contain_text("断线时写的")
    await expect(page.locator(".entry.pending")).to_have_count(0)
    assert await floor.texts(handoff, "agent") == ["断线时写的"]


async def test_a_reload_brings_back_the_open_conversation_and_the_unsent_draft(windows: Windows, floor: Floor) -> None:
    await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.type("还没发的话")
    await page.reload()
    await expect(page.locator("#head h2")).to_have_text("周先生")
    await expect(page.locator("#composer textarea")).to_have_value("还没发的话")


@pytest.mark.parametrize("language", list(Language))
async def test_a_link_to_a_conversation_that_was_never_handed_over_says_why_there_is_nothing(
    windows: Windows, floor: Floor, language: Language
) -> None:
    windows.tolerate("404")
    handoff = await floor.customer("周先生")
    await floor.console.desk.conversations.begin("private", "秘密", at=now())
    page = await floor.sit_down(windows, language=language)
    await page.goto(f"{floor.address}/desk?c=private")
    alone = page.locator("#alone")
    await expect(alone.locator("b")).to_have_text(
        "这个会话没有转过人工" if language is Language.ZH else "This conversation was never handed over"
    )
    assert await overflow(page) == []
    await expect(page.locator("#nothing")).to_be_hidden()
    await expect(page.locator(".toast")).to_have_count(0)
    await page.locator(f'li[data-conversation="{handoff.conversation_id}"] button').click()
    await expect(alone).to_be_hidden()
    await expect(page.locator("#thread .entry")).to_have_count(1)


async def test_a_session_that_ended_comes_back_to_the_conversation_after_the_sign_in(
    windows: Windows, floor: Floor
) -> None:
    windows.tolerate("401|403|WebSocket")
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await page.goto(f"{floor.address}/desk?c={handoff.conversation_id}")
    await expect(page.locator("#thread .entry")).to_have_count(1)
    await page.context.clear_cookies()
    await page.keyboard.press("c")  # not a click: whichever call hears 401 first takes the page, button and all, away
    await expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    await sign_in(page, floor.address, "mei", at=page.url)
    await expect(page.locator("#thread .entry")).to_have_count(1)
    assert f"c={handoff.conversation_id}" in page.url


async def test_an_agent_whose_conversation_went_back_to_the_queue_is_told_and_keeps_what_was_typed(
    windows: Windows, floor: Floor
) -> None:
    handoff = await floor.customer("周先生")
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    await page.keyboard.type("正要发")
    clock = floor.console.desk.clock
    await floor.console.desk.desk.sweep_vanished(clock.forward(seconds=60))
    await expect(page.locator(".toast")).to_contain_text("已回到队列")
    await expect(page.locator("#head")).to_contain_text("排队中")
    await expect(page.locator("#composer textarea")).to_have_value("正要发")
    await expect(page.locator("#composer textarea")).to_be_disabled()
    assert await floor.texts(handoff, "agent") == []


async def test_typing_is_seen_on_both_sides(windows: Windows, floor: Floor) -> None:
    handoff = await floor.customer("周先生")
    topic = f"conversation:{handoff.conversation_id}"
    page = await floor.sit_down(windows)
    await floor.take_next(page)
    async with floor.console.desk.signals.subscribe(topic) as news:
        await page.keyboard.type("您")
        heard = await anext(news)
        assert heard is not None
        assert heard.body == {"typing": True, "who": "agent"}
    await floor.console.desk.signals.publish(topic, {"typing": True, "who": "customer", "text": "我想退<b>货</b>"})
    await expect(page.locator(".thread-typing .typing-preview")).to_have_text("我想退<b>货</b>")


async def test_a_phone_shows_one_pane_at_a_time_and_the_back_key_returns_to_the_list(
    windows: Windows, floor: Floor
) -> None:
    await floor.customer("周先生")
    page = await floor.sit_down(windows, width=PHONE)
    await page.locator("li[data-conversation] button").first.click()
    await expect(page.locator("#head h2")).to_be_visible()
    await expect(page.locator("#list")).to_be_hidden()
    await page.go_back()
    await expect(page.locator("#list")).to_be_visible()
    await expect(page.locator("#talk")).to_be_hidden()
    await page.locator("li[data-conversation] button").first.click()
    await page.locator('button[data-action="back"]').click()
    await expect(page.locator("#list")).to_be_visible()
    await until(lambda: page.url.endswith("/desk"))


async def test_the_shown_keys_are_the_keys_that_work(windows: Windows, floor: Floor) -> None:
    page = await floor.sit_down(windows)
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await windows.shot(page, "console-keys")
    shown = await page.locator("#keys kbd").all_inner_texts()
    module = await (await page.request.get(f"{floor.address}/static/handoff/console.js")).text()
    for key in shown:
        if len(key) == 1:
            assert f"\n  {key.lower()}: " in module or f'\n  "{key}": ' in module, key
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
