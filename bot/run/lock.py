"""bot.run: one run per data directory. Who holds it, what its parts are, and what a killed run left behind."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bot.run.place import Place
from bot.run.program import PartState, PartStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """What the present run tells everybody who may read its folder."""

    pid: int
    since: str
    address: str
    parts: tuple[PartStatus, ...]


class Held(Exception):
    """Another run holds the data directory; `state` is what it says of itself, where it said anything."""

    def __init__(self, state: RunState | None) -> None:
        super().__init__("held")
        self.state = state


class DeskLock:
    """Held from `take` to the end of this process, whatever ends it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._since = datetime.now(UTC).isoformat(timespec="seconds")
        self._file = (place.run / "lock").open("a")

    def take(self) -> None:
        """Take the lock and end what a killed run left. Raises `Held`."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Held(read_state(self._place)) from None
        left = read_state(self._place)
        if left is not None:
            for part in left.parts:
                _end_leftover(part, self._place)
        self.tell(address="", parts=())

    def tell(self, *, address: str, parts: Sequence[PartStatus]) -> None:
        """Write down the present state, in one step that no reader can see half done."""
        state = RunState(pid=os.getpid(), since=self._since, address=address, parts=tuple(parts))
        path = _state_path(self._place)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
        fresh.replace(path)

    def release(self) -> None:
        """Forget the state and let go."""
        _state_path(self._place).unlink(missing_ok=True)
        self._file.close()


def read_state(place: Place) -> RunState | None:
    """What the present or the last run wrote down; None when there is nothing readable."""
    try:
        raw = json.loads(_state_path(place).read_text(encoding="utf-8"))
        parts = [PartStatus(**{**part, "state": PartState(part["state"])}) for part in raw.pop("parts")]
        return RunState(**raw, parts=tuple(parts))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_held(place: Place) -> bool:
    """Whether a run holds the data directory now."""
    path = place.run / "lock"
    if not path.exists():
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _state_path(place: Place) -> Path:
    return place.run / "state.json"


def _end_leftover(part: PartStatus, place: Place) -> None:
    """End a process of a run that was killed on a system that does not end it by itself."""
    if part.pid is None:
        return
    with contextlib.suppress(psutil.Error, OSError):
        # A process id may be somebody else's by now; only ours was given this address.
        if psutil.Process(part.pid).environ().get("NOTIFY_SOCKET") == str(place.notify_socket(part.name)):
            os.killpg(part.pid, signal.SIGKILL)
