"""tests: what the thread shows: where one reads, buttons that were pressed or are over, typing, every voice."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from tests.browser.conversation.probe import box, bubbles, ready
from tests.support.browser import PHONE, Windows, overflow, small_targets, unnamed
from tests.support.scripted_desk import ScriptedDesk
from tests.support.wait import until

pytestmark = pytest.mark.browser


async def test_the_scroll_position_is_never_stolen(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    for number in range(60):
        desk.add("bot", f"line {number}")
    page = await windows.open(probe)
    await ready(page)
    scroller = page.locator(".thread-scroller")
    await expect(bubbles(page).last).to_be_in_viewport()
    await scroller.evaluate("(box) => { box.scrollTop = 200 }")
    await until(lambda: scroller.evaluate("(box) => box.scrollTop === 200"))
    desk.add("bot", "new one")
    desk.add("agent", "new two", author="Mei")
    pill = page.get_by_role("button", name="有 2 条新消息")
    await expect(pill).to_be_visible()
    assert await scroller.evaluate("(box) => box.scrollTop") == 200
    await windows.shot(page, "pill")
    await pill.click()
    await expect(bubbles(page).last).to_be_in_viewport()
    await expect(pill).to_be_hidden()
    desk.add("bot", "seen at once")
    await expect(bubbles(page).last).to_be_in_viewport()
    await expect(page.locator(".thread-pill")).to_be_hidden()


async def test_a_message_that_comes_with_the_first_turn_of_the_wheel_moves_nobody(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    for number in range(60):
        desk.add("bot", f"line {number}")
    page = await windows.open(probe)
    await ready(page)
    await expect(bubbles(page).last).to_be_in_viewport()
    # Both in one task: the browser tells of the scrolling only before the next picture.
    await page.locator("chat-thread").evaluate("""(thread) => {
        thread.querySelector(".thread-scroller").scrollTop = 200;
        thread.take([{ seq: 999, kind: "bot", text: "new", html: "<p>new</p>", at: new Date().toISOString() }]);
    }""")
    await expect(page.get_by_role("button", name="有 1 条新消息")).to_be_visible()
    assert await page.locator(".thread-scroller").evaluate("(box) => box.scrollTop") == 200


async def test_a_pressed_choice_stays_marked_after_a_reload(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    choices = [{"id": "article:1", "label": "7 天内换一台新的"}, {"id": "human", "label": "都不是，找人工"}]
    desk.add("bot", "您要办的是：", choices=choices)
    helped = [{"id": "helped:yes", "label": "有用"}, {"id": "helped:no", "label": "没解决"}]
    desk.add("bot", "先关电源。", choices=helped, source={"title": "洗衣机脱水异响"})
    page = await windows.open(probe)
    await ready(page)
    await expect(page.locator(".entry-source")).to_have_text("来自《洗衣机脱水异响》")
    await page.get_by_role("button", name="都不是，找人工").click()
    await page.get_by_role("button", name="没解决").click()
    await expect(page.locator(".thread-log .own .bubble")).to_contain_text(["都不是，找人工", "没解决"])
    presses = [(frame["seq"], frame["choice"]) for frame in desk.received if frame["t"] == "press"]
    assert presses == [(1, "human"), (2, "helped:no")]
    for _ in range(2):
        for name, pressed in (
            ("都不是，找人工", "true"),
            ("7 天内换一台新的", "false"),
            ("没解决", "true"),
            ("有用", "false"),
        ):
            button = page.get_by_role("button", name=name)
            await expect(button).to_have_attribute("aria-pressed", pressed)
            await expect(button).to_have_attribute("aria-disabled", "true")
        await expect(page.locator(".helped")).to_contain_text("感谢您的反馈")
        await page.reload()
        await ready(page)
    await page.get_by_role("button", name="有用").click(force=True)
    assert len([frame for frame in desk.received if frame["t"] == "press"]) == 2


async def test_ways_out_of_the_queue_go_when_somebody_is_there(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    waiting = [{"id": "callback", "label": "约回电"}, {"id": "leave_queue", "label": "不等了"}]
    desk.add("bot", "您是下一位。", choices=waiting)
    page = await windows.open(probe)
    await ready(page)
    await expect(page.get_by_role("button", name="约回电")).to_be_visible()
    desk.add("agent", "您好，我来处理。")
    await expect(page.locator(".thread-log")).to_contain_text("我来处理")
    await expect(page.get_by_role("button", name="约回电")).to_have_count(0)
    desk.add("bot", "您前面还有 2 位。", choices=waiting)
    await expect(page.get_by_role("button", name="不等了")).to_have_count(1)


async def test_a_button_of_the_form_is_over_where_a_later_question_offers_it_again(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    skip, human = {"id": "form:skip", "label": "跳过"}, {"id": "human", "label": "转人工"}
    desk.add("bot", "请告诉我订单号，例如 CJ2611-088213。", choices=[skip, human])
    desk.add("customer", "CJ2611-000001")
    page = await windows.open(probe)
    await ready(page)
    await expect(page.locator(".bubble .number")).to_have_text(["CJ2611-088213", "CJ2611-000001"])
    skips = page.get_by_role("button", name="跳过")
    await expect(skips).not_to_have_attribute("aria-disabled", "true")
    desk.add("bot", "您希望我们怎么处理？", choices=[skip])
    await expect(skips).to_have_count(2)
    await expect(skips.first).to_have_attribute("aria-disabled", "true")
    await expect(skips.last).not_to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_role("button", name="转人工")).not_to_have_attribute("aria-disabled", "true")


async def test_words_of_others_are_shown_and_never_run(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    evil = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    desk.add("customer", evil)
    desk.add("agent", evil, author=evil)
    desk.add("bot", evil, choices=[{"id": "x", "label": evil}], source={"title": evil})
    desk.add("event", evil)
    desk.add("bot", "rich", html='<p>Read <a href="https://shop.example/a">this</a></p>')
    page = await windows.open(probe)
    await ready(page)
    await expect(page.locator(".bubble")).to_have_count(4)
    assert await page.title() == "probe"
    assert await page.locator("chat-thread img, chat-thread script").count() == 0
    await expect(page.get_by_role("link", name="this")).to_have_attribute("rel", "noopener noreferrer")


async def test_typing_is_shown_both_ways_and_ends_with_the_message(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(probe)
    await ready(page)
    desk.tell({"t": "typing", "who": "agent", "on": True})
    await expect(page.locator(".thread-typing")).to_have_text("客服正在输入…")
    desk.add("agent", "您好", author="林静")
    await expect(page.locator(".thread-typing")).to_be_hidden()
    await box(page).press_sequentially("你好")
    await until(lambda: {"t": "typing", "on": True} in desk.received)
    await box(page).press("Enter")
    await until(lambda: {"t": "typing", "on": False} in desk.received)
    assert desk.received.count({"t": "typing", "on": True}) == 1


@pytest.mark.parametrize(
    ("language", "width", "dark", "perspective"),
    [
        (Language.ZH, PHONE, False, "customer"),
        (Language.EN, PHONE, True, "customer"),
        (Language.ZH, 1000, True, "agent"),
        (Language.EN, 1000, False, "agent"),
    ],
)
async def test_every_voice_has_its_look_and_room_for_its_words(
    windows: Windows, desk: ScriptedDesk, probe: str, language: Language, width: int, *, dark: bool, perspective: str
) -> None:
    desk.add("customer", "洗衣机脱水响得厉害咋办", author="周先生", at="2026-11-20T01:00:00Z")
    helped = [{"id": "helped:yes", "label": "有用"}, {"id": "helped:no", "label": "没解决"}]
    steps = "<p>先别急，多数是没放平：</p><ol><li>关电源</li><li>调节底脚</li></ol>"
    desk.add("bot", "", html=steps, confidence=0.93, source={"title": "洗衣机脱水异响"}, choices=helped)
    long = "Exchange it within seven days, whatever the fault may be"
    choices = [{"id": "a", "label": long}, {"id": "human", "label": "Talk to a person"}]
    desk.add("bot", "Which is it?", choices=choices)
    desk.add("event", "14:03 转人工")
    if perspective == "agent":
        desk.add("note", "这批次昨天也有两单异响，先按换新走。", author="小王")
    desk.add("agent", "周先生您好，我是林静。" * 12, author="林静")
    desk.add("customer", "https://example.com/" + "averylongaddresswithoutanybreak" * 8, author="周先生")
    page = await windows.open(f"{probe}?perspective={perspective}", language=language, width=width, dark=dark)
    await ready(page)
    await expect(page.locator(".bubble").last).to_be_in_viewport()
    await windows.shot(page, f"thread-{language}-{width}-{'dark' if dark else 'light'}-{perspective}")
    assert await overflow(page) == []
    assert await unnamed(page) == []
    if width == PHONE:
        assert await small_targets(page) == []
    log = page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    assert await page.locator(".bubble").first.get_attribute("lang") == "zh-CN"
    await expect(page.locator(".entry-day")).to_have_count(2)
