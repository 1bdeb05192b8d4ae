"""tests: the whole desk as an operator runs it: `python -m bot run` in a process of its own, on a free port."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.run.lock import read_state
from bot.run.place import Place
from bot.run.program import PartState, PartStatus
from kit.rooms import HOUSE
from kit.tether import tethered
from tests.support.wait import wait_until

READY_SECONDS = 600.0
"""A first start computes vectors and fits classifiers; on a busy machine that takes minutes."""
STOP_SECONDS = 30.0
"""What the supervisor promises, plus what a busy machine takes to end a process."""
OUTSIDE = (
    *(
        "DATABASE_URL",
        "REDIS_URL",
        "DESK_SECRET",
        "DESK_IDENTITY_SECRET",
        "DESK_TRANSLATOR_KEY",
        "RASA_URL",
        "TELEGRAM_TOKEN",
        "TELEGRAM_SECRET",
    ),
    *("TELEGRAM_TOKEN", "TELEGRAM_SECRET", "WECHAT_SECRET", "WECHAT_TOKEN", "WECHAT_AES_KEY"),
)


class RunningDesk:
    """A desk over `folder`."""

    def __init__(self, folder: Path, *, config: str = "", environment: Mapping[str, str] | None = None) -> None:
        self.place = Place(folder / "var")
        self.config = folder / "config.yml"
        self.config.write_text(config, encoding="utf-8")
        self._out = folder / "out.txt"
        kept = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        self._environment = {**kept, "LANG": "C.UTF-8", **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        """Everything the supervisor printed."""
        return self._out.read_text(encoding="utf-8") if self._out.exists() else ""

    @property
    def address(self) -> str:
        """Where the desk is."""
        state = read_state(self.place)
        assert state is not None
        return state.address

    @property
    def database(self) -> Path:
        return self.place.data / "desk.db"

    def command(self, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the desk on the same settings and data."""
        return subprocess.run(
            [sys.executable, "-m", "bot", name, *more, *self._own()],
            cwd=HOUSE,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *more: str) -> None:
        """Start; returns when a customer can be answered."""
        before = len(self.said)
        with self._out.open("ab") as out:
            command = (sys.executable, "-m", "bot", "run", "--port", "0", *more, *self._own())
            self._process = subprocess.Popen(
                tethered(*command), cwd=HOUSE, env=self._environment, stdout=out, stderr=out, start_new_session=True
            )
        wait_until(lambda: "Ready at" in self.said[before:] or self._ended(), within=READY_SECONDS)
        assert not self._ended(), self.said

    def stop(self) -> int:
        """Ask it to stop; its exit status."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise

    def kill_supervisor(self) -> None:
        """kill -9 of the supervisor itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def part(self, name: str) -> PartStatus:
        """How a part is."""
        state = read_state(self.place)
        assert state is not None
        return next(part for part in state.parts if part.name == name)

    def is_ready(self, name: str) -> bool:
        return self.part(name).state is PartState.READY

    def signal(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a part; returns the process id it had."""
        pid = self.part(name).pid
        assert pid is not None
        os.kill(pid, number)
        return pid

    def rows(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        """What the store holds."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return list(connection.execute(statement, values))

    def _own(self) -> tuple[str, ...]:
        return ("--config", str(self.config), "--data-dir", str(self.place.data))

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None
