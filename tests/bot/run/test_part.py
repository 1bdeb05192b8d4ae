"""tests: a part is kept alive, watched, and stopped with everything it started."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bot.run.backoff import Backoff
from bot.run.part import FIRST_TRIES, Happening, Part
from bot.run.place import Place
from bot.run.program import PartAbsent, PartState, Program
from kit.tether import LOST, tethered
from tests.bot.run.conftest import HOUSE, TELL, Seen, program
from tests.support.wait import until, wait_until

Keep = Callable[..., Part]
STAYS = TELL + "import time\nwhile True: time.sleep(60)"


def gone(pid: int) -> bool:
    """Whether no such process works any more."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_part_is_ready_when_it_says_so(keep: Keep, seen: Seen) -> None:
    part = keep(STAYS)
    await until(part.ready.is_set)
    assert part.status.state is PartState.READY
    assert part.status.pid is not None
    assert seen.happenings() == [Happening.READY]


async def test_a_part_killed_with_signal_9_is_started_again_at_once(keep: Keep, seen: Seen) -> None:
    part = keep(STAYS)
    await until(part.ready.is_set)
    first = part.status.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: part.status.state is PartState.READY and part.status.pid != first)
    assert seen.happenings() == [Happening.READY, Happening.KILLED, Happening.BACK]
    assert seen.news[1].slots["signal"] == 9


async def test_a_part_that_ends_by_itself_is_started_again_and_its_exit_status_told(keep: Keep, seen: Seen) -> None:
    part = keep(TELL + "raise SystemExit(3)")
    await until(lambda: part.status.starts >= 2)
    died = next(news for news in seen.news if news.happening is Happening.DIED)
    assert died.slots["status"] == 3


async def test_last_words_of_a_part_stand_in_its_log(keep: Keep, seen: Seen, place: Place) -> None:
    keep("print('one'); import sys; sys.stderr.write('no table articles'); raise SystemExit(1)")
    await until(lambda: Happening.DIED in seen.happenings())
    assert (place.log / "thing.log").read_text().splitlines()[:2] == ["one", "no table articles"]


async def test_whoever_waits_for_a_part_that_never_gets_ready_learns_it(keep: Keep, seen: Seen) -> None:
    part = keep("raise SystemExit(1)")
    await until(part.gave_up.is_set)
    assert seen.happenings() == [Happening.DIED] * FIRST_TRIES
    assert not part.ready.is_set()


async def test_a_part_that_does_not_get_ready_in_time_is_killed_and_started_again(keep: Keep, seen: Seen) -> None:
    part = keep(program("import time; time.sleep(60)", ready_within=0.2))
    await until(lambda: part.status.starts >= 2)
    assert seen.happenings()[0] is Happening.NOT_READY


async def test_a_part_that_falls_silent_is_killed_and_started_again(keep: Keep, seen: Seen) -> None:
    part = keep(program(TELL + "notify('WATCHDOG=1')\nimport time; time.sleep(60)", silent_at_most=0.4))
    await until(lambda: part.status.starts >= 2)
    assert seen.happenings()[:2] == [Happening.READY, Happening.HUNG]


async def test_a_stopped_process_is_noticed_by_its_probe(keep: Keep, seen: Seen, place: Place) -> None:
    answers = True

    async def probe() -> bool:
        return answers

    async def build(_: Backoff) -> Program:
        return Program(command=(sys.executable, "-c", "import time; time.sleep(60)"), probe=probe, silent_at_most=0.4)

    part = keep(build)
    await until(part.ready.is_set)
    answers = False
    await until(lambda: Happening.HUNG in seen.happenings())


async def test_a_part_that_cannot_be_had_here_is_absent_and_the_reason_told(keep: Keep, seen: Seen) -> None:
    async def build(_: Backoff) -> Program:
        raise PartAbsent("no_rasa", version="3.10")

    part = keep(build)
    await until(part.gave_up.is_set)
    assert part.status.state is PartState.ABSENT
    assert seen.news[0].slots == {"reason": "no_rasa", "version": "3.10"}


async def test_a_failed_preparation_is_told_and_tried_again(keep: Keep, seen: Seen) -> None:
    tries = 0

    async def build(_: Backoff) -> Program:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("training ended with status 1")
        return program(STAYS)

    part = keep(build)
    await until(part.ready.is_set)
    assert seen.happenings() == [Happening.CANNOT_START, Happening.READY]
    assert seen.news[0].slots["fault"] == "training ended with status 1"


async def test_a_missing_program_is_a_death_like_any_other(keep: Keep, seen: Seen) -> None:
    part = keep(Program(command=("/no/such/program",)))
    await until(part.gave_up.is_set)
    assert seen.news[0].slots["status"] == 127


async def test_stop_lets_a_part_finish_what_it_does(keep: Keep, place: Place) -> None:
    done = place.data / "done"
    source = (
        f"import signal, sys\ndef end(*_): open({str(done)!r}, 'w').close(); sys.exit(0)\n"
        f"signal.signal(signal.SIGTERM, end)\n{STAYS}"
    )
    part = keep(source)
    await until(part.ready.is_set)
    await part.stop()
    await until(lambda: part.status.state is PartState.STOPPED)
    assert done.exists()


async def test_stop_kills_a_part_that_does_not_listen_with_everything_it_started(keep: Keep, place: Place) -> None:
    note = place.data / "grandchild"
    source = (
        "import signal, subprocess, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'w').write(str(grandchild.pid))\n{STAYS}"
    )
    part = keep(program(source, stop_within=0.1))
    await until(part.ready.is_set)
    pid, grandchild = part.status.pid, int(note.read_text())
    assert pid is not None
    await part.stop()
    await until(lambda: part.status.state is PartState.STOPPED)
    assert gone(pid)
    await until(lambda: gone(grandchild))


async def test_stop_ends_a_preparation_too(keep: Keep) -> None:
    cancelled = asyncio.Event()

    async def build(_: Backoff) -> Program:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError

    part = keep(build)
    await until(lambda: part.status.state is PartState.PREPARING)
    await part.stop()
    await until(lambda: part.status.state is PartState.STOPPED)
    assert cancelled.is_set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_tethered_program_dies_with_its_parent_even_by_kill_9(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    source = (
        f"import subprocess, sys, time; sys.path.insert(0, {str(HOUSE)!r})\nfrom kit.tether import tethered\n"
        f"subprocess.Popen(tethered(sys.executable, '-c', {child!r}))\ntime.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-I", "-S", "-c", source])
    wait_until(lambda: note.exists() and note.read_text())
    parent.kill()
    parent.wait()
    wait_until(lambda: gone(int(note.read_text())))


def test_a_tethered_program_does_not_start_for_a_parent_that_is_gone() -> None:
    command = list(tethered(sys.executable, "-c", "print('started')"))
    command[4] = "1"
    ended = subprocess.run(command, capture_output=True, check=False)
    assert ended.returncode == LOST
    assert ended.stdout == b""
