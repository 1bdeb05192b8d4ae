"""bot: keeps calls to a chat app below its limits, so that it does not have to refuse them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

CHATS_KEPT = 10_000


class Pace:
    """Hands out moments: at most `per_second` altogether, and one message per `seconds_apart` in a chat."""

    def __init__(
        self,
        *,
        per_second: float,
        seconds_apart: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap, self._apart = 1 / per_second, seconds_apart
        self._monotonic, self._sleep = monotonic, sleep
        self._next = 0.0
        self._chats: dict[str, float] = {}

    async def message(self, chat: str) -> None:
        """Wait until a message to `chat` may be sent."""
        now = self._monotonic()
        at = max(now, self._chats.get(chat, 0.0))
        self._chats[chat] = at + self._apart
        self._forget(now)
        if at > now:
            await self._sleep(at - now)
        await self.call()

    async def call(self) -> None:
        """Wait until a call that is no message may be made."""
        now = self._monotonic()
        at = max(now, self._next)
        self._next = at + self._gap
        if at > now:
            await self._sleep(at - now)

    def hold(self, chat: str, seconds: float) -> None:
        """The app asked to leave `chat` alone for a while."""
        self._chats[chat] = max(self._chats.get(chat, 0.0), self._monotonic() + seconds)

    def _forget(self, now: float) -> None:
        if len(self._chats) > CHATS_KEPT:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
