"""tests: the chat window loses and doubles nothing, over reloads, cuts, refusals and without a socket."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from bot.contracts import EntryKind, Owner
from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from tests.bot.channels.web.desk import AGENT, WebDesk, stored
from tests.bot.support.desk import Parts
from tests.support.browser import Windows
from tests.support.chat_window import (
    WORDS,
    bubbles,
    greeted,
    say,
    visitor_of,
)
from tests.support.wait import until

pytestmark = pytest.mark.browser


async def test_after_a_reload_everything_stands_as_before_and_nothing_twice(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await say(page, "洗衣机脱水响得厉害咋办")
    choices: list[Any] = [{"id": "article:1", "label": "换一台新的"}, {"id": "human", "label": "找人工"}]
    await desk.write(token, "您要办的是：", payload={"choices": choices})
    await page.get_by_role("button", name="换一台新的").click()
    await expect(bubbles(page)).to_have_count(4)
    await page.locator("textarea").fill("还没写完的话")
    before = await bubbles(page).all_inner_texts()
    await page.reload()
    await expect(bubbles(page)).to_have_count(4)
    assert await bubbles(page).all_inner_texts() == before
    pressed = page.get_by_role("button", name="换一台新的")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await expect(pressed).to_have_attribute("aria-disabled", "true")
    await expect(page.locator("textarea")).to_have_value("还没写完的话")
    await expect(page.locator("#hint")).to_be_hidden()
    assert await stored(desk, token) == [
        WORDS[Language.ZH]["hello"],
        "洗衣机脱水响得厉害咋办",
        "您要办的是：",
        "换一台新的",
    ]


async def test_what_is_written_offline_goes_out_once_even_over_a_reload(desk: WebDesk, windows: Windows) -> None:
    windows.tolerate("WebSocket connection to|ERR_INTERNET_DISCONNECTED")
    page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
    token = await greeted(desk, page, Language.EN)
    await page.context.set_offline(offline=True)
    await expect(page.locator("#offline")).to_be_visible()
    for text in ("one", "two"):
        await say(page, text)
    await expect(page.locator(".thread-pending .entry")).to_have_count(2)
    await desk.write(token, "while you were away")
    await page.context.set_offline(offline=False)
    await page.reload()
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    await expect(bubbles(page)).to_have_count(4)
    assert await stored(desk, token) == [WORDS[Language.EN]["hello"], "while you were away", "one", "two"]
    assert await page.evaluate("localStorage.getItem('desk:widget:waiting')") is None


async def test_a_cut_in_the_middle_of_sending_neither_loses_nor_doubles(desk: WebDesk, windows: Windows) -> None:
    windows.tolerate("WebSocket connection to|ERR_INTERNET_DISCONNECTED")
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    texts = [f"第 {number} 条" for number in range(12)]
    for number, text in enumerate(texts):
        await say(page, text)
        if number % 3 == 1:
            await page.context.set_offline(offline=True)
            await page.context.set_offline(offline=False)
    await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    await expect(page.locator(".thread-log .own")).to_have_count(12)
    assert sorted((await stored(desk, token))[1:]) == sorted(texts)
    shown = await page.locator(".thread-log .own .bubble").all_inner_texts()
    assert [text.splitlines()[-1] for text in shown] == (await stored(desk, token))[1:]


async def test_two_windows_of_one_visitor_show_the_same(desk: WebDesk, windows: Windows) -> None:
    here = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, here, Language.ZH)
    there = await here.context.new_page()
    await there.goto(f"{desk.url}/widget?lang=zh")
    await say(here, "这边说的")
    await say(there, "那边说的")
    for page in (here, there):
        await expect(page.locator(".thread-log .own")).to_have_count(2)
        await expect(page.locator(".thread-pending .entry")).to_have_count(0)
    assert len(await stored(desk, token)) == 3


async def test_a_token_the_desk_does_not_know_begins_a_new_conversation_and_keeps_what_was_not_sent(
    desk: WebDesk, windows: Windows
) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    await page.evaluate("localStorage.setItem('desk:visitor', 'not.a.token')")
    await page.evaluate(
        "localStorage.setItem('desk:widget:waiting', JSON.stringify("
        "[{frame: {t: 'send', key: 'left-over', text: '没发出去的话'}, at: new Date().toISOString()}]))"
    )
    await page.reload()
    await expect(page.locator(".thread-log .own")).to_have_count(1)
    fresh = await visitor_of(page)
    assert fresh not in {token, "not.a.token"}
    assert await stored(desk, fresh) == ["没发出去的话"]


async def test_too_many_messages_are_kept_and_can_be_sent_again(
    sqlite_database: Database, texts: Texts, windows: Windows
) -> None:
    parts = Parts(database=sqlite_database, texts=texts)
    async with WebDesk(parts=parts, messages_per_minute=2).running() as desk:
        page = await windows.open(f"{desk.url}/widget?lang=zh")
        token = await greeted(desk, page, Language.ZH)
        for text in ("一", "二", "三"):
            await say(page, text)
        failed = page.locator(".entry.failed")
        await expect(failed).to_contain_text("30 秒后再点重发")
        await windows.shot(page, "widget-too-many")
        desk.visits.rate._buckets.clear()  # noqa: SLF001 - the half minute is over
        await failed.get_by_role("button", name="重发").click()
        await expect(page.locator(".thread-log .own")).to_have_count(3)
        await expect(failed).to_have_count(0)
        assert (await stored(desk, token))[1:] == ["一", "二", "三"]
        await page.close()


async def test_where_no_socket_gets_through_the_window_talks_over_http(
    sqlite_database: Database, texts: Texts, windows: Windows
) -> None:
    windows.tolerate("WebSocket connection to")
    async with WebDesk(parts=Parts(database=sqlite_database, texts=texts), sockets=False).running() as desk:
        page = await windows.open(f"{desk.url}/widget?lang=en", language=Language.EN)
        token = await greeted(desk, page, Language.EN)
        await expect(page.locator("#offline")).to_be_hidden()
        for text in ("one", "two"):
            await say(page, text)
        await expect(page.locator(".thread-pending .entry")).to_have_count(0)
        await desk.write(token, "an answer")
        await expect(bubbles(page)).to_have_count(4)
        await desk.own(token, Owner.AGENT, agent_id=AGENT)
        await expect(page.locator("#presence")).to_have_attribute("data-look", "agent")
        await page.reload()
        await expect(bubbles(page)).to_have_count(4)
        assert await stored(desk, token) == [WORDS[Language.EN]["hello"], "one", "two", "an answer"]


async def test_the_window_reports_what_a_person_wrote_and_that_it_was_read(desk: WebDesk, windows: Windows) -> None:
    page = await windows.open(f"{desk.url}/widget?lang=zh")
    token = await greeted(desk, page, Language.ZH)
    home = await desk.conversation_of(token)
    assert (await desk.receipts.of(home)).read == 0  # nobody wonders whether the bot's words arrived
    seq = (await desk.write(token, "您好，我来看看", kind=EntryKind.AGENT, author="林静")).seq
    await expect(bubbles(page).last).to_contain_text("我来看看")
    await until(lambda: read_up_to(desk, home, seq))


async def read_up_to(desk: WebDesk, home: str, seq: int) -> bool:
    return (await desk.receipts.of(home)).read == seq
