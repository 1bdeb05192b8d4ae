from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator

import pytest

from bot.app.mind import look_briefly, set_aside

WINDOWS, PARTS = 5_000, 20
"""Open windows, and the objects that wait in each from one sign of life to the next."""


@pytest.fixture
def looks() -> Iterator[list[int]]:
    """How many objects each look of the collector but a whole one had before it."""
    sizes: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] < 2:
            sizes.append(sum(len(gc.get_objects(generation=each)) for each in range(info["generation"] + 1)))

    before = gc.get_threshold()
    set_aside()
    gc.callbacks.append(note)
    yield sizes
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


def test_no_look_at_what_is_new_stops_for_what_waits_in_all_windows(looks: list[int]) -> None:
    look_briefly()
    waiting: deque[list[list[object]]] = deque([[] for _ in range(PARTS)] for _ in range(WINDOWS))
    looks.clear()
    for _ in range(3 * WINDOWS):
        # A sign of life: what waited goes, as much comes in its place. And a query leaves a loop of objects behind.
        waiting.popleft()
        waiting.append([[] for _ in range(PARTS)])
        loop: list[object] = []
        loop.append(loop)
    assert looks
    assert max(looks) < WINDOWS * PARTS / 2
