"""tests: pauses between starts, log files, signs of life."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.backoff import LONGEST, STEADY, Backoff
from bot.run.log_file import KEPT, LogFile
from bot.run.signs import listening
from kit.notify import notify, watchdog_seconds
from tests.support.wait import until


def test_the_first_restart_comes_at_once_and_pauses_grow_to_a_limit() -> None:
    backoff, pauses = Backoff(), []
    for _ in range(10):
        backoff = backoff.died(after=1)
        pauses.append(backoff.seconds)
    assert pauses[0] == 0
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST


def test_a_part_that_worked_well_for_a_while_starts_with_a_clean_slate() -> None:
    tired = Backoff(deaths=9)
    assert tired.died(after=STEADY).seconds == 0


def test_a_log_is_turned_when_it_is_full_and_old_ones_go(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "web.log", limit=100)
    for number in range(200):
        log.write(f"line {number}".encode())
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["web.log", *(f"web.log.{number}" for number in range(1, KEPT + 1))]
    assert all(path.stat().st_size <= 120 for path in tmp_path.iterdir())
    assert log.tail[-1] == "line 199"


def test_only_this_user_may_read_a_log(tmp_path: Path) -> None:
    LogFile(tmp_path / "web.log").close()
    assert (tmp_path / "web.log").stat().st_mode & 0o077 == 0


async def test_a_process_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(tmp_path / "notify") as signs:
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify("READY=1", "STATUS=open")
        await until(signs.ready.is_set)
        assert not signs.watched
        notify("WATCHDOG=1")
        await until(lambda: signs.watched)


def test_a_process_nobody_started_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    notify("READY=1")
    assert watchdog_seconds() is None


def test_a_supervisor_that_is_gone_does_not_hurt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify("READY=1")


def test_signs_of_life_are_sent_twice_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert watchdog_seconds() == 15
