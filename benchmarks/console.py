"""`python -m benchmarks.console`: how the representatives' console bears very many open conversations, in Chromium.

A desk in this process, its conversations made the customers' own way, a real browser in front of it. What counts is
the processor time of the page's main thread: it is what an agent feels as lag, and it does not grow with whatever else
the machine does. Clock times are beside it. The same is done with few and with many conversations; their ratio says
whether a word in one conversation costs what one row costs, or what the whole list costs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from playwright.async_api import CDPSession, Page, async_playwright
from starlette.types import ASGIApp

from benchmarks.console_desk import NAME, PASSWORD, a_word, fill, lengthen
from benchmarks.figures import summarise
from bot.app.ground import open_ground
from bot.app.rooms import Rooms, build_rooms
from bot.app.secrets import Secrets
from bot.app.web import build_web
from bot.migrations.tables import load_tables
from bot.settings import DeskSettings
from handoff.contracts import Agent
from kit.contracts import Language
from kit.signals import MemorySignals
from kit.sql import Database
from nlu.encoder.hashing import HashingEncoder
from staff.contracts import Role

FEW, MANY, TRIES, MESSAGES = 50, 500, 40, 1000
AT_ONCE = 50
"""Messages that are there when a long conversation is shown (`earlier.js`: of 60 lines some are events)."""
APART_SECONDS = 0.6
"""Between two customers' words: longer than consoles wait for more news, so that each is drawn by itself."""
WORDS_SHOWN = """(words) => new Promise((resolve) => {
  const list = document.getElementById("list");
  const look = () => list.textContent.includes(words) && (observer.disconnect(), resolve(true));
  const observer = new MutationObserver(look);
  observer.observe(list, { childList: true, subtree: true, characterData: true });
  look();
})"""
NEXT_SHOWN = """(step) => new Promise((resolve) => {
  const head = document.getElementById("head");
  const before = head.querySelector("h2")?.textContent;
  const observer = new MutationObserver(() => {
    const now = head.querySelector("h2")?.textContent;
    if (!now || now === before) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(true));
  });
  observer.observe(head, { childList: true, subtree: true, characterData: true });
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: step, bubbles: true }));
})"""
SO_MANY_SHOWN = """(count) => new Promise((resolve) => {
  const log = document.querySelector("#thread .thread-log");
  const look = () => log.querySelectorAll(".entry").length >= count && (observer.disconnect(), resolve(true));
  const observer = new MutationObserver(look);
  observer.observe(log, { childList: true });
  look();
})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one step of an agent's day took."""

    page_ms: float
    """Mean processor time of the page's main thread."""
    p50_ms: float
    p95_ms: float


class Meter:
    """Processor time of a page's main thread and the clock, step by step."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._times: list[float] = []
        self._busy = 0.0

    @classmethod
    async def of(cls, page: Page) -> Meter:
        """A meter of `page`."""
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        return cls(cdp)

    @contextlib.asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """Count what happens meanwhile."""
        busy, began = await self._look(), time.perf_counter()
        yield
        self._times.append(time.perf_counter() - began)
        self._busy += await self._look() - busy

    def take(self) -> Spent:
        """What the steps since the last call took."""
        found = summarise(self._times)
        spent = Spent(page_ms=self._busy / found.count * 1000, p50_ms=found.p50, p95_ms=found.p95)
        self._times, self._busy = [], 0.0
        return spent

    async def _look(self) -> float:
        found = await self._cdp.send("Performance.getMetrics")
        return next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration")


async def measure(page: Page, address: str, rooms: Rooms, held: list[int], tries: int) -> dict[str, Spent]:
    """What a customer's word and a switch cost with these conversations in the list, and a very long conversation."""
    meter = await Meter.of(page)
    await page.goto(f"{address}/desk?view=mine")
    await page.locator("#connection.ok").wait_for(state="attached")
    await page.locator("#list li[data-conversation]").nth(len(held) - 1).wait_for(state="attached")
    for number in range(tries):
        await asyncio.sleep(APART_SECONDS)
        words = f"第 {number} 次问"
        async with meter.step():
            await rooms.inbox.receive(a_word(held[number * 7 % len(held)], words, key=f"again-{number}"))
            await page.evaluate(WORDS_SHOWN, words)
    found = {"a customer's word": meter.take()}
    for _ in range(tries):
        async with meter.step():
            await page.evaluate(NEXT_SHOWN, "j")
    return found | {"to the next conversation": meter.take()}


async def open_long(page: Page, address: str, conversation_id: str, shown: int) -> Spent:
    """What opening a conversation of very many messages costs until so many are shown, from a page without it."""
    meter = await Meter.of(page)
    for _ in range(5):
        await page.goto(f"{address}/desk?view=mine")
        await page.locator("#connection.ok").wait_for(state="attached")
        async with meter.step():
            await page.locator(f'#list li[data-conversation="{conversation_id}"] button').click()
            await page.evaluate(SO_MANY_SHOWN, shown)
    return meter.take()


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The desk on a port nobody else has."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # whoever connects before the server has started waits
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="websockets-sansio"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


async def run(count: int, *, tries: int, messages: int, chromium: str) -> dict[str, Spent]:
    """Fill a desk of its own with `count` conversations of one agent and measure."""
    with tempfile.TemporaryDirectory(prefix="console-") as name:
        folder = Path(name)
        load_tables()
        url = f"sqlite:///{folder / 'desk.db'}"
        secrets = Secrets(database_url=url, redis_url="", desk="x" * 48, telegram_token="", telegram_secret="")
        database = Database(url)
        await database.open()
        await database.create_schema()
        await database.close()
        async with open_ground(DeskSettings(), folder, secrets=secrets) as unwired:
            ground = replace(unwired, signals=MemorySignals())
            rooms = build_rooms(ground)
            made = await rooms.staff.create_account(
                name=NAME, display_name="Mei", roles=(Role.AGENT,), language=Language.ZH, password=PASSWORD
            )
            agent = Agent(id=made.account.id, name="Mei")
            handoffs = await fill(ground, rooms, agent, count)
            longest = handoffs[-1].conversation_id
            await lengthen(rooms, agent, longest, count - 1, messages=messages)
            print(f"{count} conversations are open", file=sys.stderr, flush=True)
            async with (
                build_web(ground, rooms=rooms, encoder=HashingEncoder()) as app,
                serving(app) as address,
                async_playwright() as playwright,
            ):
                browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                page = await browser.new_page(viewport={"width": 1280, "height": 844})
                page.set_default_timeout(120_000)
                await page.goto(f"{address}/sign-in")
                await page.locator("input[name=name]").fill(NAME)
                await page.locator("input[name=password]").fill(PASSWORD)
                await page.locator("input[name=password]").press("Enter")
                await page.locator("#connection").wait_for(state="attached")
                found = await measure(page, address, rooms, list(range(count)), tries)
                found[f"open one of {messages:,} messages"] = await open_long(page, address, longest, AT_ONCE)
                found["the same, until all are there"] = await open_long(page, address, longest, messages)
                await browser.close()
                return found


def table(few: dict[str, Spent], many: dict[str, Spent], counts: tuple[int, int]) -> str:
    """Both runs side by side, as Markdown."""
    lines = [
        f"| | page, ms with {counts[0]} | with {counts[1]} | ratio | clock p50, ms with {counts[1]} | p95 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, one in few.items():
        other = many[name]
        lines.append(
            f"| {name} | {one.page_ms:.1f} | {other.page_ms:.1f} | {other.page_ms / one.page_ms:.1f} "
            f"| {other.p50_ms:.0f} | {other.p95_ms:.0f} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY, help="at most 500: no list of the console is longer")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args()
    few, many = (
        asyncio.run(run(count, tries=asked.tries, messages=asked.messages, chromium=asked.chromium))
        for count in (asked.few, asked.many)
    )
    print(table(few, many, (asked.few, asked.many)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
