"""nlu.rasa: where a message is called out of scope. Loaded by its path: the component's room is not a package here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FILE = Path(__file__).parents[2] / "nlu" / "rasa" / "components" / "scope.py"


@pytest.fixture(scope="module")
def room() -> Any:
    spec = importlib.util.spec_from_file_location("rasa_scope_under_test", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def refused(room: Any, understood: int, share: float) -> int:
    """How many of that many understood examples lie below the cut; their one sign is their number."""
    signs = np.arange(float(understood))[:, None]
    one, none = np.ones(1), np.zeros(1)
    scope = room.Scope(-1, 1.0, one, none, one, 0.0, 0.0)
    scope.place_cut(signs, share)
    return int((scope.odds(signs) < 0).sum())


def test_of_few_examples_six_decide_the_cut(room: Any) -> None:
    assert refused(room, 600, 0.002) == 6


def test_of_many_examples_the_wanted_share_decides(room: Any) -> None:
    assert refused(room, 10_000, 0.002) == 20


def test_a_larger_wanted_share_is_heeded(room: Any) -> None:
    assert refused(room, 600, 0.05) == 30


def test_of_a_handful_no_more_than_a_twentieth_is_refused(room: Any) -> None:
    assert refused(room, 40, 0.002) == 2


def test_without_examples_nothing_is_cut(room: Any) -> None:
    scope = room.Scope(-1, 1.0, np.ones(1), np.zeros(1), np.ones(1), 0.0, 0.0)
    scope.place_cut(np.zeros((0, 1)), 0.002)
    assert scope.cut == 0.0
