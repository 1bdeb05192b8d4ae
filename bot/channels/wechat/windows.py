"""bot: calls of WeChat that wait for a reply. Held in memory: what is lost with the process is still pending in SQL.

The receiver opens a window before the message is stored and waits; the sender fills the oldest open window of the
customer and waits until the answer has left.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque


class ReplyWindow:
    """One waiting call."""

    def __init__(self, key: str) -> None:
        self.key = key
        """The message that WeChat called with."""
        loop = asyncio.get_running_loop()
        self._text: asyncio.Future[str] = loop.create_future()
        self._left: asyncio.Future[bool] = loop.create_future()

    async def reply(self, seconds: float) -> str | None:
        """What is to be answered; None when nothing came in time."""
        await asyncio.wait([self._text], timeout=seconds)
        return self._text.result() if self._text.done() else None

    async def deliver(self, text: str) -> bool:
        """Answer with `text`; whether it left."""
        self._text.set_result(text)
        return await self._left

    def end(self, *, left: bool) -> None:
        """The call is over; `left` says whether its answer is on its way."""
        if not self._left.done():
            self._left.set_result(left)


class ReplyWindows:
    """The open windows, by customer."""

    def __init__(self) -> None:
        self._open: defaultdict[str, deque[ReplyWindow]] = defaultdict(deque)

    def open(self, customer: str, key: str) -> ReplyWindow:
        """A window for the message `key`; close it."""
        window = ReplyWindow(key)
        self._open[customer].append(window)
        return window

    def close(self, customer: str, window: ReplyWindow) -> None:
        """Nothing more can be answered there. Closing twice does no harm."""
        waiting = self._open.get(customer)
        if waiting is not None and window in waiting:
            waiting.remove(window)
        if not waiting:
            self._open.pop(customer, None)

    def take(self, customer: str) -> ReplyWindow | None:
        """The window that waits longest, for one reply; nobody else gets it."""
        waiting = self._open.get(customer)
        if not waiting:
            return None
        window = waiting[0]
        self.close(customer, window)
        return window
