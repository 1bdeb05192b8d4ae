"""tests: one running desk for all faults. Starting it takes far longer than breaking it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.ports import free_port
from kit.rooms import HOUSE
from tests.support.fake_wechat import APP_ID, SECRETS
from tests.support.prepared import CONFIG
from tests.support.running import RunningDesk
from tests.support.wait import wait_until

RASA_SECONDS = 400.0


@pytest.fixture(scope="session")
def wechat_port() -> int:
    """Where a test may put a WeChat; for the desk it is away as long as none does."""
    return free_port()


@pytest.fixture(scope="session")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory, wechat_port: int) -> Iterator[RunningDesk]:
    """A running desk, whose replies to WeChat are always late."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(prepared, folder / "var")
    address = f"http://127.0.0.1:{wechat_port}"
    wechat = f"wechat: {{enabled: true, app_id: {APP_ID}, reply_seconds: 0, api_url: '{address}'}}\n"
    secrets = {"WECHAT_SECRET": SECRETS.secret, "WECHAT_TOKEN": SECRETS.token, "WECHAT_AES_KEY": SECRETS.aes_key}
    desk = RunningDesk(folder, config=CONFIG + wechat, environment=secrets)
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
