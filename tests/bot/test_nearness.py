"""tests: how near complaints are in meaning: each text is encoded once, and nobody is held up while the model loads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot import nearness
from bot.app.late import StillLoading
from bot.nearness import Nearness
from nlu.contracts import TextRole, Vectors


class Counting:
    """Encodes by length of the text, and remembers what it was asked for."""

    fingerprint, dimensions = "counting", 2

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.loads = False

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        assert role is TextRole.QUERY
        if self.loads:
            raise StillLoading
        self.asked += texts
        angles = np.array([len(text) / 10 for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


async def test_a_text_is_encoded_once_and_each_gets_its_own_figure() -> None:
    encoder = Counting()
    meaning = Nearness(encoder)
    first = await meaning.nearness("abc", ["abc", "abcdef", "abcdef"])
    assert first == pytest.approx([1, np.cos(0.3), np.cos(0.3)], abs=1e-5)
    assert await meaning.nearness("abcdef", ["abcd", "abc"]) == pytest.approx([np.cos(0.2), np.cos(0.3)], abs=1e-5)
    assert encoder.asked == ["abc", "abcdef", "abcd"]


async def test_what_was_used_longest_ago_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "KEPT", 2)
    encoder = Counting()
    meaning = Nearness(encoder)
    for text in ("ab", "abc", "ab", "abcd", "ab", "abc"):
        await meaning.nearness(text, [])
    assert encoder.asked == ["ab", "abc", "abcd", "abc"]


async def test_while_the_model_loads_nobody_can_tell() -> None:
    encoder = Counting()
    meaning = Nearness(encoder)
    encoder.loads = True
    assert await meaning.nearness("abc", ["abcd"]) == ()
    encoder.loads = False
    assert len(await meaning.nearness("abc", ["abcd"])) == 1
