"""benchmarks.delivery: a representative at the console, over the console's own addresses and socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.delivery.widget import PATIENCE_SECONDS, ping
from bot.app.ground import open_ground, read_settings
from bot.app.rooms import build_rooms
from kit.contracts import Language
from staff.contracts import Role

CSRF = re.compile(r'<meta name="csrf" content="([^"]*)">')
HANDOVER = re.compile(r'data-conversation="([^"]+)" data-handoff="([^"]+)"')


async def hire(config: Path, data: Path) -> tuple[str, str]:
    """A new account for an agent of the desk over `data`: name and password."""
    settings, folder = read_settings(config, data)
    name, password = f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(24)
    async with open_ground(settings, folder) as ground:
        await build_rooms(ground).staff.create_account(
            name=name, display_name=name, roles={Role.AGENT}, language=Language.EN, password=password
        )
    return name, password


class Seat:
    """Signed in, with the console's socket open."""

    def __init__(self, http: httpx.AsyncClient, wire: ClientConnection) -> None:
        self._http, self._wire = http, wire
        self.epochs: dict[str, int] = {}
        """The conversations of this agent, and under which epoch one writes."""

    async def claim_all(self, conversations: set[str]) -> None:
        """Take these conversations out of the queue and watch them."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while conversations - self.epochs.keys():
                lists = await self._http.get("/desk/lists", params={"view": "waiting"})
                lists.raise_for_status()
                waiting = dict(HANDOVER.findall(lists.text))
                for conversation in conversations & waiting.keys():
                    await self._claim(conversation, waiting[conversation])
                await asyncio.sleep(0.2)

    async def _claim(self, conversation: str, handover: str) -> None:
        claimed = await self._http.post("/desk/claim", json={"handoff": handover})
        claimed.raise_for_status()
        outcome = claimed.json()
        if outcome["result"] == "claimed":
            self.epochs[conversation] = int(outcome["state"]["epoch"])
            await self.say("watch", conversation=conversation, after=0)

    async def say(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        await self._wire.send(json.dumps({"t": kind, **fields}))

    async def frames(self) -> AsyncIterator[dict[str, Any]]:
        """Everything the desk sends."""
        async for raw in self._wire:
            yield json.loads(raw)


@contextlib.asynccontextmanager
async def seated(address: str, name: str, password: str) -> AsyncIterator[Seat]:
    """The agent `name` at work; leaves at the end."""
    own = {"Origin": address}
    async with httpx.AsyncClient(base_url=address, headers=own, timeout=PATIENCE_SECONDS, trust_env=False) as http:
        await http.post("/sign-in", data={"name": name, "password": password})
        page = await http.get("/desk")
        page.raise_for_status()
        found = CSRF.search(page.text)
        if found is None:
            raise RuntimeError("the console let nobody in")
        http.headers["X-CSRF-Token"] = found[1]
        cookie = "; ".join(f"{each}={value}" for each, value in http.cookies.items())
        url = address.replace("http", "ws", 1) + "/ws/desk"
        async with connect(url, origin=address, additional_headers={"Cookie": cookie}, compression=None) as wire:  # type: ignore[arg-type]
            seat = Seat(http, wire)
            await seat.say("hello")
            pinging = asyncio.create_task(ping(wire))
            try:
                yield seat
            finally:
                pinging.cancel()
