"""tests: the lock between processes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.file_lock import FileLock
from tests.support.wait import until

HOLDER = """
import asyncio, sys
from pathlib import Path
from kit.file_lock import FileLock

async def main():
    async with FileLock(Path(sys.argv[1]), seconds=10).held():
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.fixture
async def holder(path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another process that holds the lock and never lets go."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, str(path), stdout=-1)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_only_one_holds_it_at_a_time_and_everybody_gets_a_turn(path: Path) -> None:
    inside, most, turns = 0, 0, 0

    async def work() -> None:
        nonlocal inside, most, turns
        lock = FileLock(path, seconds=10)
        for _ in range(10):
            async with lock.held():
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1
                turns += 1
        lock.close()

    await asyncio.gather(*(work() for _ in range(5)))
    assert (most, turns) == (1, 50)


async def test_a_killed_holder_frees_it(path: Path, holder: asyncio.subprocess.Process) -> None:
    lock = FileLock(path, seconds=10)
    waiting = asyncio.create_task(lock.held().__aenter__())
    await asyncio.sleep(0)
    assert not waiting.done()
    holder.send_signal(signal.SIGKILL)
    await waiting
    lock.close()


async def test_waiting_has_an_end_and_who_gave_up_does_not_get_it_later(
    path: Path, holder: asyncio.subprocess.Process
) -> None:
    impatient, next_one = FileLock(path, seconds=0.05), FileLock(path, seconds=10)
    with pytest.raises(TimeoutError):
        await impatient.held().__aenter__()
    given_up = asyncio.create_task(next_one.held().__aenter__())
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    holder.send_signal(signal.SIGKILL)
    last = FileLock(path, seconds=10)

    async def free() -> bool:
        async with last.held():
            return True

    assert await until(free)
    for lock in (impatient, next_one, last):
        lock.close()
