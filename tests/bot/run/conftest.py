"""tests: parts of a made-up house: small Python programs that are ready, die, hang or dawdle when told to."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.run.backoff import Backoff
from bot.run.part import Build, Happening, Part, PartNews
from bot.run.place import Place
from bot.run.program import Program

HOUSE = Path(__file__).parents[3]
TELL = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); from kit.notify import notify; notify('READY=1')\n"
"""What a program starts with that says it is ready."""


def program(
    source: str, *, ready_within: float = 20.0, silent_at_most: float = 20.0, stop_within: float = 5.0
) -> Program:
    """A Python program of a few lines."""
    return Program(
        command=(sys.executable, "-I", "-S", "-c", source),
        ready_within=ready_within,
        silent_at_most=silent_at_most,
        stop_within=stop_within,
    )


@dataclass
class Seen:
    """What parts told, in order."""

    news: list[PartNews] = field(default_factory=list)

    def __call__(self, news: PartNews) -> None:
        self.news.append(news)

    def happenings(self) -> list[Happening]:
        return [each.happening for each in self.news]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "var")
    place.make()
    return place


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def keep(place: Place, seen: Seen) -> AsyncIterator[Callable[[str | Build], Part]]:
    """Starts parts and ends them with the test."""
    parts: list[Part] = []
    tasks: list[asyncio.Task[None]] = []

    def start(what: str | Program | Build, name: str = "thing") -> Part:
        async def build(_backoff: Backoff) -> Program:
            assert not callable(what)
            return program(what) if isinstance(what, str) else what

        part = Part(name, what if callable(what) else build, place=place, tell=seen)
        parts.append(part)
        tasks.append(asyncio.create_task(part.keep()))
        return part

    yield start
    for part in parts:
        part.kill()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
