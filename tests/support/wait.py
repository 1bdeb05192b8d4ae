"""tests: waiting for a condition instead of sleeping for a while."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")

WITHIN = 60.0
"""Seconds after which a condition that does not come true fails its test; a machine that is only busy must not."""
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1
"""Seconds between two looks; longer and longer, because a look costs the desk under test, often in the same process,
time to answer in."""


@overload
async def until(condition: Callable[[], Awaitable[T]], *, within: float = WITHIN) -> T: ...


@overload
async def until(condition: Callable[[], T], *, within: float = WITHIN) -> T: ...


async def until(condition: Callable[[], T | Awaitable[T]], *, within: float = WITHIN) -> T:
    """Wait until `condition()` (plain or async) is true; returns what it returned.

    Raises AssertionError after `within` seconds, with the condition's last value.
    """
    give_up, pause = time.monotonic() + within, FIRST_PAUSE
    while True:
        found = condition()
        value: T = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > give_up:
            message = f"still not true after {within} s; the last value was {value!r}"
            raise AssertionError(message)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def wait_until(condition: Callable[[], T], *, within: float = WITHIN) -> T:
    """The same for fixtures and tests that have no event loop."""
    give_up, pause = time.monotonic() + within, FIRST_PAUSE
    while not (value := condition()):
        if time.monotonic() > give_up:
            message = f"still not true after {within} s; the last value was {value!r}"
            raise AssertionError(message)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return value
