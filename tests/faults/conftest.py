"""tests: one running desk for all faults. Starting it takes far longer than breaking it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.rooms import HOUSE
from tests.support.prepared import CONFIG
from tests.support.running import RunningDesk
from tests.support.wait import wait_until

RASA_SECONDS = 400.0


@pytest.fixture(scope="session")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A running desk."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(prepared, folder / "var")
    desk = RunningDesk(folder, config=CONFIG)
    desk.start()
    yield desk
    assert desk.stop() == 0


@pytest.fixture
def desk_with_rasa(desk: RunningDesk) -> RunningDesk:
    """The running desk when its Rasa has learned and answers."""
    if not (HOUSE / ".venv-rasa").exists():
        pytest.skip("no .venv-rasa here; `make setup` with a Python 3.10 builds it")
    wait_until(lambda: desk.is_ready("rasa"), within=RASA_SECONDS)
    return desk
