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
PAUSE = 0.005


@overload
async def until(condition: Callable[[], Awaitable[T]], *, within: float = WITHIN) -> T: ...


@overload
async def until(condition: Callable[[], T], *, within: float = WITHIN) -> T: ...


async def until(condition: Callable[[], T | Awaitable[T]], *, within: float = WITHIN) -> T:
    """Wait until `condition()` (plain or async) is true; returns what it returned.

    Raises AssertionError after `within` seconds, with the condition's last value.
    """
    give_up = time.monotonic() + within
    while True:
        found = condition()
        value: T = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > give_up:
            message = f"still not true after {within} s; the last value was {value!r}"
            raise AssertionError(message)
        await asyncio.sleep(PAUSE)


def wait_until(condition: Callable[[], T], *, within: float = WITHIN) -> T:
    """The same for fixtures and tests that have no event loop."""
    give_up = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > give_up:
            message = f"still not true after {within} s; the last value was {value!r}"
            raise AssertionError(message)
        time.sleep(PAUSE)
    return value
