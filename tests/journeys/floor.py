"""tests: representatives and supervisors of a whole desk, each in a browser window of their own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import CDPSession, Page, expect

from handoff.contracts import Agent, AgentProfile
from kit.contracts import Language
from staff.contracts import Role
from tests.browser.test_staff_pages import sign_in
from tests.support.browser import DESKTOP, Windows
from tests.support.desk import RunningDesk
from tests.support.web import PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the house and their window. Between two of these acts nobody is typing, so keys are keys."""

    agent: Agent
    page: Page

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def accept(self) -> str:
        """Take what is offered with one key; returns the conversation."""
        card = self.page.locator("#offer .offer-card")
        await expect(card).to_be_visible()
        conversation = await card.get_attribute("data-conversation")
        assert conversation is not None
        await self.press("a")
        await expect(self.page.locator("#composer textarea")).to_be_focused()
        await self.press("Escape")
        await self._holds(conversation)
        return conversation

    async def open(self, conversation: str) -> None:
        """Open one of one's own conversations."""
        await self.press("1")
        await self.page.locator(f'li[data-conversation="{conversation}"] button').press("Enter")
        await self._holds(conversation)

    async def resolve(self) -> None:
        """End the open conversation as it is proposed."""
        await self.press("e")
        await expect(self.page.locator("#resolve")).to_be_visible()
        await self.press("Enter")
        await expect(self.page.locator('button[data-action="resolve"]')).to_have_count(0)

    async def _holds(self, conversation: str) -> None:
        await expect(self.page).to_have_url(re.compile(re.escape(conversation)))
        await expect(self.page.locator('button[data-action="resolve"]')).to_be_visible()


async def sit_down(
    windows: Windows,
    desk: RunningDesk,
    name: str,
    *,
    role: Role = Role.AGENT,
    language: Language,
    departments: Sequence[str] = (),
    path: str = "/desk",
    width: int = DESKTOP,
    dark: bool = False,
) -> Colleague:
    """A new colleague who is signed in and stands at `path`. Supervisors watch and are offered nothing."""
    made = await desk.rooms.staff.create_account(
        name=name, display_name=name.title(), roles=[role], language=language, password=PASSWORD
    )
    agent = Agent(id=made.account.id, name=made.account.display_name)
    capacity = 0 if role is Role.SUPERVISOR else None
    profile = AgentProfile(account_id=agent.id, departments=frozenset(departments), capacity=capacity)
    await desk.rooms.team.save_profile(profile, by=agent.id)
    page = await windows.open(language=language, width=width, dark=dark)
    await sign_in(page, desk.url, name)
    await page.goto(f"{desk.url}{path}")
    if path.startswith("/desk"):
        await expect(page.locator("#connection.ok")).to_be_attached()
    return Colleague(agent=agent, page=page)


async def close_the_lid(page: Page) -> CDPSession:
    """A laptop goes to sleep: the page stands still, its connection stays open, and nothing is sent any more."""
    lid = await page.context.new_cdp_session(page)
    asleep = asyncio.get_running_loop().create_future()
    lid.once("Debugger.paused", lambda _: asleep.set_result(None))
    await lid.send("Debugger.enable")
    await lid.send("Debugger.pause")
    await asleep
    return lid


async def open_the_lid(lid: CDPSession) -> None:
    """It wakes up where it was."""
    await lid.send("Debugger.disable")
    await lid.detach()
