"""tests: a data directory after its first start, made once a session: it takes longer than everything done with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.running import RunningDesk

CONFIG = "widget:\n  messages_per_minute: 600\n"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Database, articles, account, fitted models. Copy it before use.

    The environment variable PREPARED_DESK may name one made before, for whoever runs a few tests again and again.
    """
    kept = os.environ.get("PREPARED_DESK")
    if kept:
        return Path(kept)
    desk = RunningDesk(tmp_path_factory.mktemp("prepared"), config=CONFIG)
    done = desk.command("prepare")
    assert done.returncode == 0, done.stdout + done.stderr
    return desk.place.data


@pytest.fixture
def fresh_desk(prepared: Path, tmp_path: Path) -> Path:
    """A data directory of this test's own, as after a first start."""
    folder = tmp_path / "var"
    shutil.copytree(prepared, folder)
    return folder
