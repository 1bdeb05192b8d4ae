"""tests: a newcomer brings a shop's spreadsheet into the base in a real browser, and its answers reach customers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from kit.contracts import Language
from knowledge_base.contracts import Level, PastQuestion
from tests.browser.test_editor import WORDS, enter, looked_at
from tests.support.browser import DESKTOP, PHONE, Windows
from tests.support.editing import Library
from tests.support.serving import serving

pytestmark = pytest.mark.browser

ROWS = 200
ASKED = "买戒指能不能免费刻字"
ENGRAVING = f"ring-engraving,{ASKED},可以，下单时备注即可。,戒指刻字,门店/服务,2027-02-01"
MENDED = {17: "2027-03-01", 58: "shelf-58", 120: "门店"}
"""What stands in the refused cells after they were mended, by line of the file."""
BROKEN = {17: "下个星期", 58: "shelf-57", 120: "门店?!"}
PERSON = {Language.ZH: "mei", Language.EN: "tom"}


def spreadsheet(cells: dict[int, str]) -> bytes:
    """200 articles as Chinese Excel saves them; `cells` are the review day, key and category of three lines."""
    lines = ["编号,问题,答案,相似问,分类,复核日期", ENGRAVING]
    for line in range(3, ROWS + 2):
        day = cells[line] if line == 17 else ""
        key = cells[line] if line == 58 else f"shelf-{line}"
        category = cells[line] if line == 120 else "门店"
        lines.append(f"{key},第{line}号货架上放的是什么,第{line}号货架上放的是茶具。,货架{line},{category},{day}")
    return "\r\n".join(lines).encode("gbk")


@pytest.fixture
async def address(library: Library) -> AsyncIterator[str]:
    """Address of the running knowledge base."""
    async with serving(library.house.app) as address:
        yield address


async def choose(page: Page, cells: dict[int, str]) -> None:
    """Choose the spreadsheet and try it."""
    file = {"name": "门店问答.csv", "mimeType": "text/csv", "buffer": spreadsheet(cells)}
    await page.locator("#import-file").set_input_files(file)  # type: ignore[arg-type]
    await page.locator("#import-language").select_option("zh")
    await page.locator("#import .btn.primary").click()


@pytest.mark.parametrize("language", list(Language))
async def test_a_shops_spreadsheet_becomes_answers(
    windows: Windows, library: Library, address: str, language: Language
) -> None:
    assert (await library.ask(ASKED, language=Language.ZH)).level is not Level.SURE
    library.past.questions = [PastQuestion(question=ASKED, language=Language.ZH)]
    page = await windows.open(language=language)
    await enter(page, address, PERSON[language])
    await page.locator("a[href='/knowledge/exchange']").click()
    await choose(page, BROKEN)
    refused = page.locator("#import-plan .chip.danger")
    await expect(refused).to_have_count(4)  # the sum, and three rows
    rows = page.locator("#import-plan tbody tr")
    assert [await rows.nth(at).locator("td").first.inner_text() for at in range(3)] == ["17", "58", "120"]
    await expect(page.locator("[data-import-run]")).to_have_count(0)
    await windows.shot(page, f"import-refused-{language}")
    await choose(page, MENDED)
    await expect(refused).to_have_count(0)
    await expect(page.locator("#import-file-name")).to_have_text("门店问答.csv")
    await page.locator("[data-import-run]").click()
    await expect(page.locator("#import-plan .banner.ok")).to_contain_text(str(ROWS))
    await expect(page.locator("#import-plan .banner.ok a")).to_have_attribute("href", "/knowledge?status=draft")
    assert (await library.ask(ASKED, language=Language.ZH)).level is not Level.SURE, "what was imported is a draft"

    await page.goto(f"{address}/knowledge/articles/{await library.article_id('ring-engraving')}")
    await page.locator("#article-head .menu summary").click()
    await page.locator(".menu-list [data-do=submit]").click()
    await page.locator("#note-text").fill("200 / 200")
    await page.locator("#note-yes").click()
    await expect(page.locator(".review-note")).to_contain_text("200 / 200")
    await page.keyboard.press("Control+Enter")
    gate = page.locator("dialog.merge-dialog")
    await expect(gate).to_contain_text(ASKED)
    await expect(gate.locator("button.primary")).to_be_focused()
    await windows.shot(page, f"import-gate-{language}")
    await gate.locator("button.primary").click()
    await expect(page.locator(".toast").last).to_contain_text(WORDS[language].published)
    await expect(gate).to_have_count(0)
    answered = await library.ask(ASKED, language=Language.ZH)
    assert (answered.level, answered.matches[0].answer) == (Level.SURE, "可以，下单时备注即可。")


async def test_columns_that_nobody_recognised_are_chosen_and_remembered(windows: Windows, address: str) -> None:
    file = {"name": "faq.csv", "mimeType": "text/csv", "buffer": b"Spalte 1,Spalte 2\nDo you engrave?,shops\n"}
    page = await windows.open(language=Language.EN)
    await enter(page, address, "tom", "/knowledge/exchange")
    await page.locator("#import-file").set_input_files(file)  # type: ignore[arg-type]
    await page.locator("#import .btn.primary").click()
    await expect(page.locator("#import-plan .banner.danger")).to_be_visible()
    await page.locator("#column-0").select_option("en.title")
    await expect(page.locator("#import-plan tbody tr")).to_have_count(1)
    await page.locator("#column-1").select_option("category")
    await page.locator("[data-import-run]").click()
    await expect(page.locator("#import-plan .banner.ok")).to_be_visible()
    await page.reload()
    await page.locator("#import-file").set_input_files(file)  # type: ignore[arg-type]
    await page.locator("#import .btn.primary").click()
    await expect(page.locator("#column-1")).to_have_value("category")
    async with page.expect_download() as exported:
        await page.get_by_role("link", name="XLSX").click()
    assert (await exported.value).suggested_filename == "articles.xlsx"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, True), (PHONE, False)])
async def test_a_dry_run_has_room(
    windows: Windows, address: str, language: Language, width: int, *, dark: bool
) -> None:
    page = await windows.open(language=language, width=width, dark=dark)
    await enter(page, address, PERSON[language], "/knowledge/exchange")
    await choose(page, BROKEN)
    await expect(page.locator("#import-plan .chip.danger")).to_have_count(4)
    look = f"import-plan-{language}-{width}-{'dark' if dark else 'light'}"
    await looked_at(windows, page, look, phone=width == PHONE)
