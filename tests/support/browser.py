"""tests: a real browser. Debian's Chromium, started once and driven by playwright; every test gets fresh windows.

Screenshots go into the folder that the environment variable SCREENSHOTS names; without it none are kept.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright, expect

from kit.contracts import Language
from tests.support.wait import wait_until

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--disable-background-networking",
    "--disable-quic",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-sandbox",  # it cannot run as root, and the pages are our own
    "--font-render-hinting=none",
)
LOCALES = {Language.ZH: "zh-CN", Language.EN: "en-US"}
PHONE = 390
DESKTOP = 1280
HEIGHT = 844
LOOKS = [
    (Language.ZH, DESKTOP, False),
    (Language.EN, DESKTOP, True),
    (Language.EN, PHONE, False),
    (Language.ZH, PHONE, True),
]
"""Language, width, dark: every page is seen in both languages, light and dark, on desktop and phone."""
PATIENCE_MS = 60_000
"""How long a page may take for what a test waits for, on a machine that has other things to do."""
expect.set_options(timeout=PATIENCE_MS)


class Windows:
    """Opens browser windows for one test, each with a storage of its own, and hears every complaint they make."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        # Windows outlive the server by a moment when a test ends.
        self._tolerated: list[str] = [r"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)"]
        self.complaints: list[str] = []
        """Errors of scripts, of the content policy and of loading, in all windows."""

    async def open(
        self,
        url: str = "",
        *,
        language: Language = Language.ZH,
        width: int = DESKTOP,
        height: int = HEIGHT,
        dark: bool = False,
        zone: str = "Asia/Shanghai",
    ) -> Page:
        """A new window (a new person: cookies and storage are its own) at `url`; `zone` is where that person lives."""
        context = await self._browser.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=width <= PHONE,
            timezone_id=zone,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = await context.new_page()
        self.listen(page)
        if url:
            await page.goto(url)
        return page

    def listen(self, page: Page) -> None:
        """Note the complaints of a window that was opened some other way."""

        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.complaints.append(message.text)

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def tolerate(self, pattern: str) -> None:
        """Complaints that match `pattern` are part of this test, such as `WebSocket connection .* failed`."""
        self._tolerated.append(pattern)

    def unexpected(self) -> list[str]:
        """Complaints nobody said were part of the test."""
        return [told for told in self.complaints if not any(re.search(pattern, told) for pattern in self._tolerated)]

    async def shot(self, page: Page, name: str) -> None:
        """Keep a picture of the window as `name`.png, where somebody asked for pictures."""
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            await page.screenshot(path=f"{folder}/{name}.png")  # playwright makes the folder

    async def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            await context.close()


async def overflow(page: Page) -> list[str]:
    """What sticks out of the window to the side, and words cut off without an ellipsis; both should be nothing."""
    found: list[str] = await page.evaluate(
        """() => {
          const out = [];
          const wide = document.documentElement.clientWidth;
          for (const element of document.body.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            if (!box.width || !box.height || element.closest('.visually-hidden, .skip, svg')) continue;
            const words = (element.textContent || '').trim().slice(0, 40);
            const name = `${element.tagName}.${element.className} ${words}`;
            let scrolls = false;
            for (let up = element.parentElement; up; up = up.parentElement) {
              if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) scrolls = true;
            }
            if (box.right > wide + 1 && !scrolls) out.push('sticks out: ' + name);
            const style = getComputedStyle(element);
            if (style.clipPath.startsWith('inset(50%')) continue;  // there for screen readers alone
            const cuts = style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis';
            const leaf = element.children.length === 0;
            if (cuts && leaf && element.scrollWidth > element.clientWidth + 1) out.push('cut: ' + name);
          }
          return out;
        }"""
    )
    return found


async def broken_words(page: Page, where: str) -> list[str]:
    """Words in the elements `where` that a line ends in the middle of."""
    found: list[str] = await page.evaluate(
        """(where) => [...document.querySelectorAll(where)].flatMap((element) => {
          const out = [];
          const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            for (const word of text.data.matchAll(/[A-Za-z]+/g)) {
              const range = document.createRange();
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              if (range.getClientRects().length > 1) out.push(word[0]);
            }
          }
          return out;
        })""",
        where,
    )
    return found


async def small_targets(page: Page) -> list[str]:
    """Things to press that are smaller than 44 px on a phone (links inside running text may be)."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll(
              'button, select, textarea, summary, nav a, a.btn, input:not([type=hidden])')]
          .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, .skip'))
          .map((element) => [element.closest('label.check') ?? element, element])
          .map(([target, element]) => [target.getBoundingClientRect(), element])
          .filter(([box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
          .map(([box, element]) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)} `
            + `${Math.round(box.width)}x${Math.round(box.height)}`)"""
    )
    return found


async def unnamed(page: Page) -> list[str]:
    """Things to press or fill in that a screen reader could not name."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, textarea')]
          .filter((element) => element.checkVisibility())
          .filter((element) => {
            const labels = [...(element.labels ?? [])].map((label) => label.textContent).join('');
            const by = (element.getAttribute('aria-labelledby') ?? '').split(' ')
              .map((id) => document.getElementById(id)?.textContent ?? '').join('');
            return !(element.getAttribute('aria-label') || by || labels || element.textContent || element.title).trim();
          })
          .map((element) => element.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """A running Chromium; its address for playwright. Skips where it is not installed."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here; `python3 deploy/system_packages.py` or `apt-get install chromium` brings it")
    folder = Path(tempfile.mkdtemp(prefix="desk-chromium-"))
    log = folder / "log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=told,
            start_new_session=True,
        )
    try:
        found = wait_until(lambda: re.search(r"ws://(127\.0\.0\.1:\d+)/", log.read_text("utf-8", "replace")), within=60)
        assert found
        yield f"http://{found[1]}"
    finally:
        # /usr/bin/chromium is a script; the session it leads holds the browser and all its helpers.
        os.killpg(process.pid, 9)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def windows(chromium: str) -> AsyncIterator[Windows]:
    """Browser windows; the test fails when one of them complained of something nobody tolerated."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        windows = Windows(browser)
        try:
            yield windows
        finally:
            await windows.close()
            await browser.close()
    assert not windows.unexpected()


@asynccontextmanager
async def held_back(page: Page, address: str, *, method: str = "POST") -> AsyncIterator[list[str]]:
    """What is asked of `address` (a pattern) goes on only at the end: time to press again. Yields what was asked."""
    asked: list[str] = []
    end = asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == method:
            asked.append(route.request.url)
        await end.wait()
        await route.continue_()

    await page.route(address, hold)
    await _interception(page)
    try:
        yield asked
    finally:
        end.set()


async def _interception(page: Page) -> None:
    """Wait until requests of the page's scripts go by its routes: Chromium says so before the page has heard of it."""

    async def answer(route: Route) -> None:
        await route.fulfill(status=204)

    probe = "/static/kit/icon.svg?probe"
    pattern = re.compile(re.escape(probe) + "$")
    await page.route(pattern, answer)
    while await page.evaluate("async (path) => (await fetch(path, { cache: 'no-store' })).status", probe) != 204:
        pass
    await page.unroute(pattern)
