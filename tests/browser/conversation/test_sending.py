"""tests: what is typed is sent once, and kept until it is: cuts, reloads, gaps, refusals, drafts, input methods."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from tests.browser.conversation.probe import box, bubbles, ready, say
from tests.support.browser import PHONE, Windows
from tests.support.scripted_desk import ScriptedDesk
from tests.support.wait import until

pytestmark = pytest.mark.browser


async def test_a_message_appears_at_once_and_turns_from_pending_to_sent(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(probe)
    await ready(page)
    await page.context.set_offline(offline=True)
    await say(page, "洗衣机脱水响得厉害咋办")
    await expect(bubbles(page)).to_have_text(["洗衣机脱水响得厉害咋办"])
    await expect(page.locator(".entry-status")).to_have_text("网络恢复后自动发送")
    await page.context.set_offline(offline=False)
    await expect(page.locator(".entry-status")).to_have_text("已送达")
    assert desk.texts_of("customer") == ["洗衣机脱水响得厉害咋办"]


@pytest.mark.parametrize("fate", ["message", "ack"])
async def test_a_cut_in_the_middle_of_a_send_neither_loses_nor_doubles_it(
    windows: Windows, desk: ScriptedDesk, probe: str, fate: str
) -> None:
    page = await windows.open(probe)
    await ready(page)
    desk.lose = [fate, fate]
    for text in ("first", "second", "third"):
        await say(page, text)
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    await expect(page.locator(".thread-log .own")).to_have_count(3)
    assert desk.texts_of("customer") == ["first", "second", "third"]
    assert await page.evaluate("socket.waiting().length") == 0
    await page.reload()
    await ready(page)
    await expect(page.locator(".thread-log .own")).to_have_count(3)


async def test_what_waits_survives_a_reload_and_goes_out_once(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    page = await windows.open(probe)
    await ready(page)
    desk.accepting = False
    desk.cut()
    await expect(page.locator("#state")).not_to_have_text("online")
    await say(page, "写在断线的时候")
    await page.reload()
    await expect(bubbles(page)).to_have_text(["写在断线的时候"])
    desk.accepting = True
    await expect(page.locator(".thread-log .own")).to_have_count(1)
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    assert desk.texts_of("customer") == ["写在断线的时候"]


async def test_a_missed_entry_is_fetched_as_soon_as_the_next_one_shows_the_gap(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    desk.add("bot", "one")
    page = await windows.open(probe)
    await ready(page)
    await expect(bubbles(page)).to_have_count(1)
    desk.add("bot", "two", send=False)
    desk.add("bot", "three")
    await expect(page.locator(".thread-log .bubble")).to_contain_text(["one", "two", "three"])
    assert [frame["after"] for frame in desk.received if frame["t"] == "hello"] == [0, 1]


async def test_a_connection_that_died_in_silence_is_noticed_and_made_anew(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(f"{probe}?beat=200")
    await ready(page)
    await until(lambda: {"t": "ping"} in desk.received)
    [dead] = desk.sockets
    desk.answers_pings = False
    await until(lambda: len([frame for frame in desk.received if frame["t"] == "hello"]) >= 2)
    desk.answers_pings = True
    await until(lambda: desk.sockets and dead not in desk.sockets)
    desk.add("bot", "here again")
    await expect(bubbles(page)).to_contain_text(["here again"])


async def test_a_session_that_is_over_is_not_knocked_at_again(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    page = await windows.open(probe)
    await ready(page)
    for socket in list(desk.sockets):
        socket.close(4401)
    await expect(page.locator("#state")).to_have_text("refused")
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator("#state")).to_have_text("refused")
    await page.evaluate("socket.reconnect()")
    await ready(page)


async def test_numbers_a_customer_may_not_see_are_no_gap(windows: Windows, desk: ScriptedDesk, probe: str) -> None:
    """Internal notes take numbers too; the server leaves them out."""
    desk.add("bot", "one")
    page = await windows.open(probe)
    await ready(page)
    desk.add("note", "hidden", send=False)
    seq = desk.add("bot", "two", send=False)
    desk.tell({"t": "entries", "entries": [desk.entries[-1]], "after": 1, "upto": seq})
    await expect(page.locator(".thread-log .bubble")).to_contain_text(["one", "two"])
    # A server that names no range is asked once and then believed.
    desk.add("note", "hidden too", send=False)
    desk.add("bot", "three", send=False)
    desk.tell({"t": "entries", "entries": [desk.entries[-1]]})
    await until(lambda: len([frame for frame in desk.received if frame["t"] == "hello"]) == 2)
    assert await page.evaluate("log.last") in {3, 5}
    desk.add("bot", "four")
    await expect(page.locator(".thread-log .bubble").last).to_contain_text("four")


async def test_an_input_methods_enter_takes_the_suggestion_and_sends_nothing(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(probe)
    await ready(page)
    await box(page).focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": "nihao", "selectionStart": 5, "selectionEnd": 5})
    await expect(box(page)).to_have_value("nihao")
    # What Chromium reports while composing, and what Safari reports just after.
    for init in ("{key: 'Enter', isComposing: true}", "{key: 'Enter', keyCode: 229}"):
        await box(page).evaluate(
            f"(box) => box.dispatchEvent(new KeyboardEvent('keydown', {{...{init}, bubbles: true, cancelable: true}}))"
        )
    await keyboard.send("Input.insertText", {"text": "你好"})
    await expect(box(page)).to_have_value("你好")
    assert desk.texts_of("customer") == []
    await box(page).press("Shift+Enter")
    await expect(box(page)).to_have_value("你好\n")
    await box(page).press("Enter")
    await expect(page.locator(".thread-log .own .bubble")).to_contain_text(["你好"])


async def test_a_draft_is_kept_for_each_conversation_through_reloads(windows: Windows, probe: str) -> None:
    page = await windows.open(probe)
    await ready(page)
    await box(page).fill("还没写完")
    await page.evaluate("composer.conversation = 'other'")
    await expect(box(page)).to_have_value("")
    await box(page).fill("half a thought")
    await page.evaluate("composer.conversation = 'probe'")
    await expect(box(page)).to_have_value("还没写完")
    await page.reload()
    await expect(box(page)).to_have_value("还没写完")
    await box(page).press("Enter")
    await page.reload()
    await expect(box(page)).to_have_value("")


async def test_too_many_words_are_kept_and_told_and_an_emoji_counts_as_one(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(probe, width=PHONE)
    await ready(page)
    about, button = page.locator(".composer-about"), page.get_by_role("button", name="发送")
    await box(page).fill("😀" * 2000)
    await expect(about).to_have_text("还可输入 0 字")
    await expect(button).to_be_enabled()
    await box(page).fill("字" * 5000)
    await expect(about).to_contain_text("最多 2000 个字，您已输入 5000 个")
    await expect(box(page)).to_have_attribute("aria-invalid", "true")
    await expect(button).to_be_disabled()
    await box(page).press("Enter")
    assert len(await box(page).input_value()) == 5000
    assert desk.texts_of("customer") == []
    await windows.shot(page, "composer-too-long")
    for blank in ("", "   \n  "):
        await box(page).fill(blank)
        await expect(button).to_be_disabled()


async def test_a_refused_message_says_why_and_can_be_sent_again_or_given_up(
    windows: Windows, desk: ScriptedDesk, probe: str
) -> None:
    page = await windows.open(probe, language=Language.EN)
    await ready(page)
    desk.lose = ["refuse", "refuse"]
    await say(page, "please")
    await say(page, "never mind")
    failed = page.locator(".entry.failed")
    await expect(failed).to_have_count(2)
    await expect(failed.first).to_contain_text("Somebody has just changed this")
    await windows.shot(page, "refused")
    await page.reload()
    await expect(failed).to_have_count(2)
    await failed.last.get_by_role("button", name="Got it").click()
    await failed.first.get_by_role("button", name="Send again").click()
    await expect(page.locator(".thread-log .own .bubble")).to_contain_text(["please"])
    await expect(failed).to_have_count(0)
    assert desk.texts_of("customer") == ["please"]
