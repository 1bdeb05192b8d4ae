"""tests: the life of an article in a real browser: company, other computers, moments, reviews, pictures, deletion."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from kit.contracts import Language
from tests.browser.test_editor import RETURN, WORDS, enter
from tests.knowledge_base.test_images import picture
from tests.support.browser import DESKTOP, PHONE, Windows, held_back, overflow, small_targets, unnamed
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base."""
    async with serving(library.house.app) as address:
        yield address


@pytest.mark.parametrize("language", list(Language))
async def test_two_editors_see_each_other_before_they_lose_anything(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    article = f"/knowledge/articles/{await library.article_id(RETURN)}"
    first, second = await windows.open(language=Language.EN), await windows.open(language=language)
    await enter(first, address, "tom", article)
    await first.locator("[name='en.title']").fill("How do I send it back?")
    async with first.expect_response("**/api/v1/knowledge/unsaved/*"):
        await first.locator("[name='en.short']").fill("Send it back.")
    await enter(second, address, "mei", article)
    await expect(second.locator("[data-matter=company]")).to_contain_text("Tom")
    await first.keyboard.press("Control+s")
    await expect(first.locator(".toast")).to_be_visible()
    await second.locator("[name='zh.title']").fill("怎么退货")
    newer = second.locator("[data-matter=newer]")
    await expect(newer).to_contain_text("Tom")
    await windows.shot(second, f"editor-company-{language}")
    async with held_back(second, "**/merge") as asked:
        await newer.get_by_role("button").press("Enter")
        await newer.get_by_role("button").press("Enter")
    await second.get_by_role("dialog").locator("button[value=join]").click()
    assert len(asked) == 1, "pressed twice in a hurry, it is shown once"
    await expect(second.locator("[name='en.title']")).to_have_value("How do I send it back?")
    await expect(second.locator("[name='zh.title']")).to_have_value("怎么退货")


async def test_a_text_begun_on_one_computer_is_finished_on_another(windows: Windows, address: str) -> None:
    office, home = await windows.open(language=Language.EN), await windows.open(language=Language.EN)
    await enter(office, address, "tom", "/knowledge/articles/new")
    async with office.expect_response("**/api/v1/knowledge/unsaved/new-*"):
        await office.locator("[name='en.title']").fill("Do you engrave?")
    await office.context.close()
    await enter(home, address, "tom", "/knowledge/articles/new")
    await home.locator("#notices button").click()
    await expect(home.locator("[name='en.title']")).to_have_value("Do you engrave?")
    await home.locator("#category").select_option("returns")
    # Saved, the desk's copy goes too.
    async with home.expect_response(
        lambda answer: answer.request.method == "DELETE" and "/api/v1/knowledge/unsaved/new-" in answer.url
    ):
        await home.keyboard.press("Control+s")
    await expect(home.locator(".toast")).to_be_visible()
    await home.goto(f"{address}/knowledge/articles/new")
    await expect(home.locator("#notices button")).to_have_count(0)


@pytest.mark.parametrize("language", list(Language))
async def test_moments_follow_ups_pictures_and_notes(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    words = WORDS[language]
    # Moments are of the desk's clock wherever the editor sits, as everything else on the page.
    page = await windows.open(language=language, zone="America/New_York")
    await enter(page, address, words.person, "/knowledge/articles/new")
    await page.locator(f"[name='{language}.title']").fill(words.title)
    await page.locator("#category").select_option("+")
    await page.keyboard.type("returns/engraving")
    await page.locator("#valid_from").fill("2099-01-02T08:30")
    await page.locator("#audience").select_option("agents")
    await page.locator("#action").select_option(label=words.hands_over)
    await page.locator("follow-up-list button").click()
    await page.locator("#pick-found [data-key]").first.click()
    await expect(page.locator(".follow-ups li")).to_have_count(1)
    await page.locator(f"[data-picture-for={language}-answer]").set_input_files(
        {"name": "ring.png", "mimeType": "image/png", "buffer": picture("PNG")}
    )
    await expect(page.locator(f"[name='{language}.answer']")).to_have_value(
        f"![ring]({await page.locator('#preview img').get_attribute('src')})\n"
    )
    await page.keyboard.press("Control+s")
    await expect(page.locator(".toast")).to_be_visible()
    await page.locator("#article-head .menu summary").click()
    await page.locator(".menu-list [data-do=submit]").click()
    await page.locator("#note-text").fill("2 > 1")
    await page.locator("#note-yes").click()
    await expect(page.locator(".review-note")).to_contain_text("2 > 1")
    await page.reload()
    await expect(page.locator("#valid_from")).to_have_value("2099-01-02T08:30")
    await expect(page.locator("#category")).to_have_value("returns/engraving")
    await expect(page.locator("#action")).to_have_value("hand_over:after_sales")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#article-head [data-do=call_off]")).to_have_count(1)
    await expect(page.locator("#article-head .chips")).to_contain_text("08:30")
    await windows.shot(page, f"editor-scheduled-{language}")
    await page.goto(f"{address}/knowledge?matter=scheduled")
    await expect(page.locator("#results tbody tr")).to_have_count(1)


@pytest.mark.parametrize("language", list(Language))
async def test_a_file_is_attached_kept_and_taken_off_again(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    windows.tolerate(r"status of 422")  # a program is no attachment
    page = await windows.open(language=language, height=2600)
    await enter(page, address, WORDS[language].person, f"/knowledge/articles/{await library.article_id(RETURN)}")
    side = page.locator(f"[data-field='{language}.attachments']")
    attached, chooser = side.locator(".attachments a"), side.locator("input[type=file]")
    await chooser.set_input_files({"name": "run.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    await expect(side.locator(".error")).to_contain_text("run.exe")
    await chooser.set_input_files({"name": "保修卡.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 warranty"})
    await expect(attached).to_have_text(["保修卡.pdf"])
    await expect(side.locator(".error")).to_have_count(0)
    await page.locator(f"[name='{language}.title']").focus()
    await expect(page.locator("#preview .entry-attached a")).to_have_text("保修卡.pdf")
    await expect(page.locator("#preview .telegram-bubble.file")).to_contain_text("保修卡.pdf")
    await windows.shot(page, f"editor-attachment-{language}")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".toast")).to_be_visible()
    await page.reload()
    await expect(attached).to_have_text(["保修卡.pdf"])
    await side.locator(".attachments button").click()
    await expect(attached).to_have_count(0)
    await expect(chooser).to_be_focused()
    await page.keyboard.press("Control+s")
    await expect(page.locator("#article")).to_have_attribute("data-version", "3")
    await page.goto(f"{page.url.partition('#')[0]}/history?from=2&to=3")
    await expect(page.locator(".diff")).to_contain_text("保修卡.pdf")
    await windows.shot(page, f"editor-attachment-history-{language}")


async def test_a_deleted_article_comes_back(windows: Windows, address: str) -> None:
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/articles/new")
    await page.locator("[name='en.title']").fill("Do you engrave?")
    await page.locator("#category").select_option("returns")
    await page.keyboard.press("Control+s")
    await expect(page.locator(".toast")).to_be_visible()
    await page.locator("#article-head .menu summary").click()
    await page.locator("[data-do=delete]").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.locator("#new-article")).to_be_visible()
    await page.locator("[name=deleted]").check()
    rows = page.locator("#results tbody tr")
    await expect(rows).to_have_count(1)
    await windows.shot(page, "editor-deleted-en")
    await rows.get_by_role("button", name="Bring back").click()
    await page.wait_for_url("**/knowledge/articles/*")
    await expect(page.locator("[name='en.title']")).to_have_value("Do you engrave?")


async def test_one_side_that_moved_alone_is_marked_until_somebody_looked(
    windows: Windows, library: Library, address: str
) -> None:
    page = await windows.open(language=Language.ZH)
    await enter(page, address, "mei", f"/knowledge/articles/{await library.article_id(RETURN)}")
    await page.locator("[name='zh.title']").fill("怎么退货")
    await page.keyboard.press("Control+s")
    chips = page.locator("#article-head .chips")
    await expect(chips).to_contain_text("英文未跟上")
    await page.locator("#article-head .menu summary").click()
    await page.locator("[data-do=confirm]").click()
    await expect(chips).not_to_contain_text("英文未跟上")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)])
async def test_the_whole_form_has_room(
    windows: Windows, library: Library, address: str, language: Language, width: int, *, dark: bool
) -> None:
    page = await windows.open(language=language, width=width, height=2600, dark=dark)
    await enter(page, address, WORDS[language].person, f"/knowledge/articles/{await library.article_id(RETURN)}")
    await page.locator("follow-up-list button").click()
    await page.locator("#pick-found [data-key]").first.click()
    look = f"editor-whole-{language}-{width}-{'dark' if dark else 'light'}"
    await windows.shot(page, look)
    assert await overflow(page) == [], look
    assert await unnamed(page) == [], look
    if width == PHONE:
        assert await small_targets(page) == [], look
