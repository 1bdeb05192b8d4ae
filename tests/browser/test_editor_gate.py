"""tests: the gate in a real browser: what would change, the reason it wants, golden questions, taking back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from kit.contracts import Language
from knowledge_base.contracts import PastQuestion
from knowledge_base.starter import starter_drafts
from tests.browser.test_editor import RETURN, WORDS, enter, looked_at
from tests.support.browser import DESKTOP, PHONE, Windows
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser

FAULTY = "return-faulty-item"


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base."""
    async with serving(library.house.app) as address:
        yield address


async def break_article(page: Page, wording: str, *, parts: tuple[str, ...] = ("title", "answer", "short")) -> None:
    """Let these parts of the open article speak of tea, and have `wording` as its only wording."""
    for side in ("zh", "en"):
        await page.evaluate(
            """([side, wording, parts]) => {
              const tea = { title: "Tea 茶", answer: "Green 绿茶", short: "" };
              for (const [part, text] of Object.entries(tea).filter(([part]) => parts.includes(part))) {
                const box = document.querySelector(`[name='${side}.${part}']`);
                box.value = text;
                box.dispatchEvent(new Event("input", { bubbles: true }));
              }
              const list = document.querySelector(`wording-list[name='${side}.questions']`);
              list.value = [wording];
              list.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            [side, wording, parts],
        )


async def test_the_gate_shows_what_would_change_and_a_publication_is_taken_back(
    windows: Windows, library: Library, address: str
) -> None:
    asked = "can I send something back within seven days without a reason"
    article_id = await library.article_id(RETURN)
    library.past.questions = [PastQuestion(question="怎么退货", language=Language.ZH)]
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", f"/knowledge/articles/{article_id}")
    await page.locator("#question").fill(asked)
    await page.locator("[data-golden-keep]").click()
    await expect(page.locator("#golden li")).to_have_count(1)
    before = await library.answers(asked)
    await break_article(page, "what tea 什么茶")
    await page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog.merge-dialog")
    await expect(dialog.locator(".gate-line.harmed")).to_have_count(1)
    await windows.shot(page, "editor-gate-en")
    await dialog.get_by_role("button", name="Publish").click()
    await expect(dialog).to_be_visible()  # a reason is wanted first
    said = await dialog.locator("#gate-reason").evaluate("(box) => box.validationMessage")
    assert said == "Please say why; colleagues read it in the history"
    await dialog.locator("#gate-reason").fill("We sell tea now")
    await dialog.get_by_role("button", name="Publish").click()
    await expect(page.locator(".toast").last).to_contain_text("Published")
    assert await library.answers(asked) != RETURN
    await page.goto(f"{address}/knowledge/golden")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await windows.shot(page, "editor-golden-en")
    await page.goto(f"{address}/knowledge/articles/{article_id}/history")
    await expect(page.locator(".history")).to_contain_text("We sell tea now")
    await windows.shot(page, "editor-publications-en")
    await page.get_by_role("button", name="Take this publication back").click()
    async with page.expect_navigation():
        await page.get_by_role("dialog").locator("button[value=yes]").click()
    await expect(page.locator("form[action$=roll-back]")).to_have_count(1)
    assert await library.answers(asked) == before
    await page.goto(f"{address}/knowledge/articles/{article_id}")
    await expect(page.locator("[name='en.title']")).not_to_have_value("Tea 茶")  # the working copy went back too


async def test_a_short_answer_that_stayed_is_found_right_or_mended(
    windows: Windows, library: Library, address: str
) -> None:
    article_id = await library.article_id(RETURN)
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", f"/knowledge/articles/{article_id}")
    await page.locator("[name='en.answer']").fill("Within nine days.")
    notice = page.locator("[data-stale-short=en]")
    await expect(notice).to_be_visible()
    await expect(page.locator("[data-stale-short=zh]")).to_be_hidden()
    await page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog.merge-dialog")
    await dialog.get_by_role("button", name="Edit").press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.locator("[name='en.short']")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await dialog.locator("[data-short-right=en]").press("Enter")
    await expect(dialog.locator("[data-short-actions]")).to_have_text("Marked as still right")
    await dialog.get_by_role("button", name="Publish").press("Enter")
    await expect(page.locator(".toast").last).to_contain_text("Published")
    await expect(notice).to_be_hidden()
    await page.reload()
    await expect(page.locator("[name='en.answer']")).to_have_value("Within nine days.")
    await expect(notice).to_be_hidden()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, True), (PHONE, False)])
async def test_gate_and_golden_questions_have_room(
    windows: Windows, library: Library, address: str, language: Language, width: int, *, dark: bool
) -> None:
    article_id, words = await library.article_id(RETURN), WORDS[language]
    library.past.questions = [PastQuestion(question=words.found, language=language)]
    await library.golden(words.found, language, RETURN)
    await library.golden("七天无理由退货怎么办" * 12, Language.ZH, RETURN)
    await library.golden("x" * 200, Language.EN, None)
    page = await windows.open(language=language, width=width, dark=dark)
    look, phone = f"{language}-{width}-{'dark' if dark else 'light'}", width == PHONE
    await enter(page, address, words.person, "/knowledge/golden")
    await looked_at(windows, page, f"editor-golden-{look}", phone=phone)
    await page.goto(f"{address}/knowledge/articles/{article_id}")
    await break_article(page, await library.title(FAULTY, language), parts=("title", "answer"))
    await page.locator(f"[data-stale-short={language}]").scroll_into_view_if_needed()
    await looked_at(windows, page, f"editor-stale-short-{look}", phone=phone)
    await page.locator("#article-head .btn.primary").click()
    await expect(page.locator("[data-short-right]")).to_have_count(2)
    await expect(page.locator(".gate-line a")).not_to_have_count(0)
    await looked_at(windows, page, f"editor-gate-{look}", phone=phone)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (PHONE, True)])
async def test_what_another_article_contradicts_stands_beside_it(
    windows: Windows, library: Library, address: str, language: Language, width: int, *, dark: bool
) -> None:
    sides = next(draft.texts for draft in starter_drafts() if draft.key == RETURN)
    other = next(side for side in sides if side.language is language)
    page = await windows.open(language=language, width=width, dark=dark)
    await enter(page, address, WORDS[language].person, f"/knowledge/articles/{await library.article_id(FAULTY)}")
    answer = page.locator(f"[name='{language}.answer']")
    await answer.fill(re.sub(r"\b7\b|(?<=\s)7(?=\s)", "20", other.answer))
    await expect(page.locator("#article-head .btn.primary")).to_be_enabled()
    await page.locator("#article-head .btn.primary").click()
    line = page.locator(".gate-line", has=page.locator(".diff-sides", has_text="20"))
    await expect(line.first).to_contain_text(other.title)
    await expect(line.first).to_contain_text("7")
    await line.first.scroll_into_view_if_needed()
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    await looked_at(windows, page, f"editor-contradiction-{look}", phone=width == PHONE)
