"""tests: one run per data directory, and nothing left behind by a killed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.run.lock import DeskLock, Held, is_held, read_state
from bot.run.place import LONGEST_SOCKET_PATH, Place
from bot.run.program import PartState, PartStatus
from tests.support.wait import wait_until


def test_a_second_run_is_refused_and_told_who_holds_the_directory(place: Place) -> None:
    first = DeskLock(place)
    first.take()
    first.tell(address="http://127.0.0.1:8080", parts=[PartStatus(name="web", state=PartState.READY, pid=4711)])
    with pytest.raises(Held) as refused:
        DeskLock(place).take()
    assert refused.value.state is not None
    assert refused.value.state.pid == os.getpid()
    assert refused.value.state.address == "http://127.0.0.1:8080"
    assert is_held(place)
    first.release()


def test_the_directory_is_free_after_a_release(place: Place) -> None:
    first = DeskLock(place)
    first.take()
    first.release()
    assert not is_held(place)
    assert read_state(place) is None
    second = DeskLock(place)
    second.take()
    second.release()


def test_a_broken_state_file_is_no_state(place: Place) -> None:
    (place.run / "state.json").write_text('{"pid": 1, "parts": [{}]')
    assert read_state(place) is None
    (place.run / "state.json").write_text('{"pid": 1, "since": "", "address": "", "parts": [{"name": "web"}]}')
    assert read_state(place) is None


def test_what_a_killed_run_left_is_ended_and_nobody_else(place: Place) -> None:
    ours = {**os.environ, "NOTIFY_SOCKET": str(place.notify_socket("web"))}
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    left = subprocess.Popen(sleeper, env=ours, start_new_session=True)
    stranger = subprocess.Popen(sleeper, start_new_session=True)
    killed = DeskLock(place)
    killed.take()
    killed.tell(
        address="",
        parts=[
            PartStatus(name="web", state=PartState.READY, pid=left.pid),
            PartStatus(name="worker", state=PartState.READY, pid=stranger.pid),
        ],
    )
    killed._file.close()  # noqa: SLF001 - as the end of the process does
    try:
        wait_until(lambda: "sleep" in " ".join(Path(f"/proc/{left.pid}/cmdline").read_text().split("\0")))
        again = DeskLock(place)
        again.take()
        assert left.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
        again.release()
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


def test_sockets_live_in_a_short_folder_of_their_own_when_the_data_directory_lies_deep(tmp_path: Path) -> None:
    deep = Place(tmp_path / ("d" * 60) / ("e" * 60))
    assert len(str(deep.notify_socket("worker")).encode()) <= LONGEST_SOCKET_PATH
    deep.make()
    assert deep.sockets.stat().st_mode & 0o077 == 0
    deep.sockets.rmdir()
