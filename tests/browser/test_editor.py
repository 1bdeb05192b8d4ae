"""tests: the editor's pages in a real browser: a newcomer's way through them, and what must never be lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, Route, expect

from kit.contracts import Language
from tests.support.browser import DESKTOP, PHONE, Windows, held_back, overflow, small_targets, unnamed
from tests.support.editing import Library
from tests.support.serving import serving
from tests.support.wait import until
from tests.support.web import PASSWORD

pytestmark = pytest.mark.browser

RETURN = "return-without-reason-seven-days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one language's newcomer reads and types."""

    person: str
    search: str
    found: str
    title: str
    answer: str
    wording: str
    question: str
    published: str
    retired: str
    retire: str
    hands_over: str


WORDS = {
    Language.ZH: Words(
        person="mei",
        search="七天无理由",
        found="七天无理由退货怎么办",
        title="买戒指能刻字吗",
        answer="可以，**免费刻字**：\n\n1. 下单时备注\n2. 三天内发货",
        wording="戒指上能不能刻名字",
        question="买戒指能刻字吗",
        published="已发布",
        retired="已下线",
        retire="下线",
        hands_over="转人工的按钮（售后）",
    ),
    Language.EN: Words(
        person="tom",
        search="within seven days",
        found="How do I return something within seven days?",
        title="Do you engrave wedding rings?",
        answer="Yes, **free of charge**:\n\n1. Tell us when you order\n2. We post it in three days",
        wording="names inside a ring",
        question="do you engrave wedding rings",
        published="Published",
        retired="Retired",
        retire="Retire",
        hands_over="A button that calls After-sales",
    ),
}


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base."""
    async with serving(library.house.app) as address:
        yield address


async def enter(page: Page, address: str, name: str, path: str = "/knowledge") -> None:
    """Sign in and go to `path`."""
    await page.goto(f"{address}/sign-in?next={path}")
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(address + path)


async def write(page: Page, language: Language) -> None:
    """Fill in a new article."""
    words, side = WORDS[language], str(language)
    await page.locator(f"[name='{side}.title']").fill(words.title)
    await page.locator(f"[name='{side}.answer']").fill(words.answer)
    await page.locator(f"#{side}-questions").fill(words.wording)
    await page.keyboard.press("Enter")
    await page.locator("#category").select_option("returns")


@pytest.mark.parametrize("language", list(Language))
async def test_a_newcomer_writes_tries_publishes_and_retires(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    words = WORDS[language]
    page = await windows.open(language=language)
    await enter(page, address, words.person)
    await page.keyboard.press("/")
    await page.keyboard.type(words.search)
    await expect(page.locator("#results .article-titles").first).to_contain_text(words.found)
    await expect(page.locator("#found")).not_to_be_empty()  # what a screen reader says
    await windows.shot(page, f"editor-search-{language}")
    await page.locator("main").click(position={"x": 5, "y": 5})
    await page.keyboard.press("n")
    await page.wait_for_url("**/knowledge/articles/new*")
    await write(page, language)
    await expect(page.locator("#preview .bubble strong")).to_be_visible()
    await expect(page.locator("#preview .telegram-bubble b").first).to_be_visible()
    await page.locator("#question").fill(words.question)
    await page.keyboard.press("Enter")
    await expect(page.locator(".trial")).to_have_attribute("data-first", "this")
    assert (await library.ask(words.question, language=language)).matches[0].title != words.title
    await windows.shot(page, f"editor-tried-{language}")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text(words.published)
    await expect(page.locator("#article-head .chips")).to_contain_text(words.published)
    await expect(page.locator("h1")).to_have_text(words.title)
    assert (await library.ask(words.question, language=language)).matches[0].title == words.title
    await windows.shot(page, f"editor-published-{language}")
    await page.locator("#article-head .menu summary").click()
    await page.locator("[data-do=retire]").click()
    await page.get_by_role("dialog").get_by_role("button", name=words.retire, exact=True).click()
    await expect(page.locator("#article-head .chips")).to_contain_text(words.retired)
    assert words.title not in [m.title for m in (await library.ask(words.question, language=language)).matches]
    await page.goto(f"{address}/knowledge?status=retired")
    await expect(page.locator("#results tbody tr")).to_have_count(1)


async def test_a_fault_stands_at_its_field_and_goes_when_it_is_mended(windows: Windows, address: str) -> None:
    windows.tolerate("422")
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/articles/new")
    await page.keyboard.press("Control+s")
    await expect(page.locator("[data-field='en.title'] .error")).to_be_visible()
    await expect(page.locator("[data-field=category] .error")).to_have_text("Please choose a category")
    await expect(page.locator("[name='en.title']")).to_be_focused()
    await page.keyboard.type("Do you engrave?")
    await expect(page.locator("[data-field='en.title'] .error")).to_have_count(0)
    await page.locator("#category").select_option("+")
    await page.keyboard.type("engraving")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".toast")).to_contain_text("version 1")
    await expect(page.locator("#key")).to_have_value("do-you-engrave")
    await page.keyboard.press("Control+Enter")  # no answer yet
    await expect(page.locator("[data-field='en.answer'] .error")).to_be_visible()
    await expect(page.locator("[name='en.answer']")).to_be_focused()


async def test_wordings_are_pasted_together_and_composing_chinese_adds_nothing(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.ZH)
    await enter(page, address, "mei", "/knowledge/articles/new")
    adder = page.locator("#zh-questions")
    await adder.focus()
    await page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData('text/plain', '能刻字吗\\n\\n 刻字要钱吗 \\r\\n能刻字吗');
          const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(paste);
        }"""
    )
    lines = page.locator("wording-list[name='zh.questions'] li textarea")
    await expect(lines).to_have_count(2)
    await adder.fill("kezi")
    await adder.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await expect(lines).to_have_count(2)
    await page.locator("wording-list[name='zh.questions'] li button").first.click()
    await expect(lines).to_have_count(1)
    await expect(lines.first).to_have_value("刻字要钱吗")


@pytest.mark.parametrize("language", list(Language))
async def test_typed_text_outlives_a_reload_a_lost_session_and_a_lost_network(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    windows.tolerate("401|ERR_INTERNET_DISCONNECTED")
    words, title = WORDS[language], f"[name='{language}.title']"
    page = await windows.open(language=language)
    await enter(page, address, words.person, "/knowledge/articles/new")
    await write(page, language)
    await page.reload()
    await expect(page.locator(title)).to_have_value(words.title)
    await expect(page.locator("[data-matter=put-back]")).to_be_visible()
    await page.context.set_offline(True)
    await page.keyboard.press("Control+s")
    await expect(page.locator("[data-matter=trouble]")).to_be_visible()
    await page.context.set_offline(False)
    for account in await library.house.staff.accounts():
        await library.house.staff.sign_out_everywhere(account.id)
    await page.keyboard.press("Control+s")
    await windows.shot(page, f"editor-signed-out-{language}")
    await page.locator("[data-matter=trouble] button").click()
    await page.wait_for_url("**/sign-in?next=*")
    await page.locator("input[name=name]").fill(words.person)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/knowledge/articles/new*")
    await expect(page.locator(title)).to_have_value(words.title)
    await expect(page.locator(f"wording-list[name='{language}.questions'] li textarea")).to_have_value(words.wording)
    await page.keyboard.press("Control+s")
    await expect(page.locator(".toast")).to_be_visible()
    await page.reload()
    await expect(page.locator(title)).to_have_value(words.title)
    await expect(page.locator("[data-matter]")).to_have_count(0)


async def test_what_a_quick_hand_types_before_the_page_has_run_is_kept_too(
    windows: Windows, library: Library, address: str
) -> None:
    article = f"/knowledge/articles/{await library.article_id(RETURN)}"
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom")
    held: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(route: Route) -> None:
        held.set_result(route)

    await page.route("**/unsaved-text.js*", hold)
    await page.goto(f"{address}{article}", wait_until="commit")
    await page.locator("[name='en.title']").fill("How do I send it back quickly?")
    await (await held).continue_()
    await expect(page.locator("#saved-state")).to_have_class(re.compile("dirty"))
    await page.unroute("**/unsaved-text.js*")
    await page.reload()
    await expect(page.locator("[name='en.title']")).to_have_value("How do I send it back quickly?")
    await expect(page.locator("[data-matter=put-back]")).to_be_visible()


async def test_a_new_article_begun_and_left_is_offered_again(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/articles/new")
    await page.locator("[name='en.title']").fill("Do you engrave?")
    await page.goto(f"{address}/knowledge")
    await page.locator("#new-article").click()
    await expect(page.locator("[name='en.title']")).to_have_value("")
    await page.locator("#notices button").click()
    await expect(page.locator("[name='en.title']")).to_have_value("Do you engrave?")


async def test_the_second_of_two_editors_joins_both_texts(windows: Windows, library: Library, address: str) -> None:
    windows.tolerate("409")
    article = f"/knowledge/articles/{await library.article_id(RETURN)}"
    first, second = await windows.open(language=Language.EN), await windows.open(language=Language.ZH)
    await enter(first, address, "tom", article)
    await enter(second, address, "mei", article)
    await first.locator("[name='en.title']").fill("How do I send it back?")
    await first.locator("[name='zh.short']").fill("对方的简短答案")
    await second.locator("[name='en.title']").fill("How does a return work?")
    await second.locator("[name='zh.title']").fill("怎么退货")
    await first.keyboard.press("Control+s")
    await expect(first.locator(".toast")).to_be_visible()
    await second.keyboard.press("Control+s")
    dialog = second.get_by_role("dialog")
    await expect(dialog).to_contain_text("Tom")
    await expect(dialog.locator("ins").first).to_be_visible()
    await windows.shot(second, "editor-merge-zh")
    await dialog.get_by_role("radio", name="用对方的").check()
    await dialog.get_by_role("button", name="合并到我的文稿").click()
    await expect(second.locator("[name='en.title']")).to_have_value("How do I send it back?")
    await expect(second.locator("[name='zh.title']")).to_have_value("怎么退货")
    await expect(second.locator("[name='zh.short']")).to_have_value("对方的简短答案")
    await second.keyboard.press("Control+s")
    await expect(second.locator(".toast")).to_be_visible()
    await second.goto(f"{address}{article}/history")
    await expect(second.locator("[aria-labelledby=versions] li")).to_have_count(3)


async def test_an_unanswered_question_becomes_an_article_or_a_wording(
    windows: Windows, library: Library, address: str
) -> None:
    best = await library.article_id(RETURN)
    await library.miss("能退掉这个破壶不", Language.ZH, why="unsure", best=best)
    await library.miss("do you engrave wedding rings?", Language.EN)
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/misses")
    rows = page.locator(".clusters .question")
    await expect(rows).to_have_count(2)
    await rows.filter(has_text="engrave").click()
    await expect(page.locator("[data-step=draft]")).to_be_visible()
    await page.wait_for_load_state()  # keys are heard once the page's module runs
    async with held_back(page, "**/misses/*/draft") as posted:
        await page.keyboard.press("m")
        await page.keyboard.press("m")
    await expect(page.locator("[name='en.title']")).to_have_value("do you engrave wedding rings?")
    assert len(posted) == 1, "pressed twice, it is one article"
    await page.locator("[name='en.answer']").fill("Yes.")
    await expect(page.locator("#saved-state")).to_have_class(re.compile("dirty"))  # keys are heard from now on
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_be_visible()
    await page.goto(f"{address}/knowledge/misses")
    await expect(rows).to_have_count(1)
    await rows.click()
    await expect(page.locator("[data-pick]")).to_be_visible()
    await page.wait_for_load_state()
    await page.keyboard.press("a")
    await page.locator(f"#pick-found [data-article='{best}']").click()
    last = page.locator("wording-list[name='zh.questions'] li textarea").last
    await expect(last).to_have_value("能退掉这个破壶不")
    await page.wait_for_load_state()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_be_visible()
    assert await until(lambda: library.answers("能退掉这个破壶不")) == RETURN
    await page.goto(f"{address}/knowledge/misses")
    await expect(page.locator(".empty")).to_be_visible()


async def test_an_agent_sees_and_tries_but_cannot_change(windows: Windows, library: Library, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "ann", f"/knowledge/articles/{await library.article_id(RETURN)}")
    await expect(page.locator("[name='en.title']")).not_to_be_editable()
    await expect(page.locator("[data-do]")).to_have_count(0)
    await page.locator("#question").fill("within seven days")
    await page.keyboard.press("Enter")
    await expect(page.locator(".trial .matches li").first).to_be_visible()


async def looked_at(windows: Windows, page: Page, name: str, *, phone: bool) -> None:
    """Everything has room and a name, and on a phone a finger's size."""
    await windows.shot(page, name)
    assert await overflow(page) == [], name
    assert await unnamed(page) == [], name
    if phone:
        assert await small_targets(page) == [], name


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (820, False), (PHONE, False), (PHONE, True)]
)
async def test_every_page_has_room_for_its_words(
    windows: Windows, library: Library, address: str, language: Language, width: int, *, dark: bool
) -> None:
    windows.tolerate("422")
    best = await library.article_id(RETURN)
    await library.miss("能退掉这个破壶不", Language.ZH, why="not_helpful", best=best)
    await library.miss(
        "https://example.com/a-very-long-address-without-any-place-to-break-it?q=" + "x" * 80, Language.EN
    )
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, WORDS[language].person)
    await looked_at(windows, page, f"editor-list-{look}", phone=phone)
    await page.goto(f"{address}/knowledge?words=zzzz")
    await looked_at(windows, page, f"editor-nothing-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/articles/{best}")
    await expect(page.locator("#preview .bubble")).to_have_count(1)
    await looked_at(windows, page, f"editor-article-{look}", phone=phone)
    if width < DESKTOP:
        await page.locator("#tab-tools").click()
    await page.locator("#question").fill("能退不")
    await page.keyboard.press("Enter")
    await expect(page.locator(".trial")).to_be_visible()
    await looked_at(windows, page, f"editor-trial-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/articles/{best}/history")
    await looked_at(windows, page, f"editor-history-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/misses")
    await looked_at(windows, page, f"editor-misses-{look}", phone=phone)
    await page.locator(".clusters .question").last.click()
    await page.wait_for_url("**/misses/*")  # loaded: a button that a script answers does nothing before
    await page.locator("[data-pick]").click()
    await expect(page.locator("#pick-found button").first).to_be_visible()
    await looked_at(windows, page, f"editor-pick-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/articles/new")
    await page.locator("[data-do=save]").click()
    await expect(page.locator(".field .error").first).to_be_visible()
    await looked_at(windows, page, f"editor-faults-{look}", phone=phone)
