"""benchmarks: a desk of its own, started as an operator starts one, with its own data directory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.measure import Bot
from bot.run.child import Child
from bot.run.lock import RunState, read_state
from bot.run.log_file import LogFile
from bot.run.place import Place
from bot.run.program import PartState, PartStatus, Program
from kit.rooms import HOUSE

READY_SECONDS = 900.0
"""The first start of a data directory fits models and trains Rasa."""
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "DESK_SECRET", "RASA_URL", "TELEGRAM_TOKEN", "TELEGRAM_SECRET")
CONFIG = """\
# Written by `make bench`: the defaults, but for the limit on how much one visitor may write.
widget:
  messages_per_minute: 600
nlu:
  rasa:
    enabled: {rasa}
"""


class NoDesk(Exception):
    """The desk did not start; the words say where to look."""


def config_file(folder: Path, *, rasa: bool) -> Path:
    """The settings of the desk in `folder`."""
    return folder / f"config-{'with' if rasa else 'without'}-rasa.yml"


@contextlib.asynccontextmanager
async def running(folder: Path, name: str, *, rasa: bool) -> AsyncIterator[Bot]:
    """A desk whose parts are all ready. Raises NoDesk."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    config = config_file(folder, rasa=rasa)
    config.write_text(CONFIG.format(rasa=str(rasa).lower()), encoding="utf-8")
    place = Place(folder / "var")
    log = LogFile(folder / "desk.log")
    environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    command = (
        *(sys.executable, "-m", "bot", "run", "--port", "0"),
        *("--config", str(config), "--data-dir", str(place.data)),
    )
    child = await Child.start(Program(command=command, environment=environment, only=True, folder=HOUSE), log)
    try:
        state = await _ready(place, child, {"web", "worker", "rasa"} if rasa else {"web", "worker"}, log)
        processes = {part.name: part.pid for part in state.parts if part.pid is not None}
        yield Bot(name=name, kind="desk", address=state.address, processes=processes)
    finally:
        await child.stop(within=15)
        log.close()


async def _ready(place: Place, child: Child, wanted: set[str], log: LogFile) -> RunState:
    ended = asyncio.create_task(child.ended())
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not ended.done():
                state = read_state(place)
                if state is not None and state.pid == child.pid and wanted <= _ready_parts(state.parts):
                    return state
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise NoDesk(f"the desk was not ready within {READY_SECONDS:.0f} s; see {log.path}") from error
    finally:
        ended.cancel()
    raise NoDesk(f"the desk ended while it started: {' '.join(log.tail[-3:])}; see {log.path}")


def _ready_parts(parts: tuple[PartStatus, ...]) -> set[str]:
    return {part.name for part in parts if part.state is PartState.READY}
