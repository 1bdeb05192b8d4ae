"""kit: the few value types and Protocols that cross every door. Imports no room and no library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol, TypeVar

T = TypeVar("T")

Tx = NewType("Tx", object)
"""An open write transaction. Services hand it on unopened; only SQL adapters look inside (`kit.sql.connection_of`)."""

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime. Tests pass a clock they move by hand."""

NewId = Callable[[], str]
"""Returns a new unique id: 26 characters, sortable by time (ULID). An id is a name, never a secret."""


class Language(StrEnum):
    """The languages of the desk's texts and content."""

    ZH = "zh"
    EN = "en"


class Transactions(Protocol):
    """Runs work in one write transaction."""

    async def write(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `work`, commit, return its result; on any exception nothing of it is stored.

        `work` must await SQL only (never the network): on SQLite it holds the single writer.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One message of the signal wire: a topic and a small JSON object. Never the truth, only news of it."""

    topic: str
    body: dict[str, JsonValue]


class Signals(Protocol):
    """News between processes (Redis pub/sub, or memory in tests). May lose anything: receivers re-read SQL."""

    async def publish(self, topic: str, body: dict[str, JsonValue]) -> None:
        """Send `body` to every subscriber of `topic`; does nothing (and does not raise) when the wire is down."""
        ...

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[Signal | None]]:
        """Listen to exact topics or patterns ending in `*`.

        The iterator yields None when the wire was interrupted and is back: the receiver must then re-read SQL.
        """
        ...

    def up(self) -> bool:
        """Whether the wire worked the last time it was used; receivers poll SQL while it is False."""
        ...
