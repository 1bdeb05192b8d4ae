"""bot.run.doctor: the machine: data directory, disk, memory, port, open files, clock."""

from __future__ import annotations

import os
import resource
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psutil

from bot.run.doctor.findings import Finding, Look, fault, good, note
from bot.run.listen import is_free
from bot.run.lock import is_held, read_state
from bot.run.place import Place

GIB = 2**30
DISK_FAULT, DISK_NOTE = 0.2, 2.0
"""Free GiB below which writing is about to fail, and below which it is time to look after it."""
MEMORY_NOTE = 1.5
"""Free GiB that web, worker and Rasa want together when the desk is not running yet."""
OPEN_FILES_NOTE = 4096
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right can be before the time this was written."""
ZONES = ("Asia/Shanghai", "Europe/London")


async def check_data_directory(look: Look) -> list[Finding]:
    """Whether the data directory can be written, and whether others can read it."""
    folder = look.data
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return [fault("data", "read_only", folder=str(folder), mend=f"chown -R $(id -un) {folder}")]
    if not look.data.exists():
        return [good("data", "new", folder=str(look.data))]
    if look.data.stat().st_mode & 0o077:
        return [note("data", "readable", folder=str(look.data), mend=f"chmod 700 {look.data}")]
    return [good("data", folder=str(look.data))]


async def check_disk(look: Look) -> list[Finding]:
    """Room for the database and the models."""
    folder = look.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / GIB
    if free < DISK_FAULT:
        return [
            fault("disk", "full", free=round(free, 2), folder=str(folder), mend=f"du -xh {folder} | sort -h | tail")
        ]
    if free < DISK_NOTE:
        return [note("disk", "low", free=round(free, 2), folder=str(folder), mend=f"du -xh {folder} | sort -h | tail")]
    return [good("disk", free=round(free, 1))]


async def check_memory(look: Look) -> list[Finding]:
    """Room for the processes."""
    free = psutil.virtual_memory().available / GIB
    if free < MEMORY_NOTE and not is_held(Place(look.data)):
        return [note("memory", "low", free=round(free, 2), wanted=MEMORY_NOTE, mend="ps aux --sort=-rss | head")]
    return [good("memory", free=round(free, 1))]


async def check_run(look: Look) -> list[Finding]:
    """Whether the desk runs, how its parts are, and whether its port is to be had."""
    place = Place(look.data)
    if is_held(place):
        state = read_state(place)
        if state is None:
            return [note("run", "starting")]
        parts = ", ".join(f"{part.name}: {part.state}" for part in state.parts)
        return [good("run", "running", pid=state.pid, address=state.address or "-", parts=parts or "-")]
    if not is_free(look.host, look.port):
        mend = ".venv/bin/python -m bot run --port 0"
        return [note("run", "port_taken", host=look.host, port=look.port, mend=mend)]
    return [good("run", "stopped", host=look.host, port=look.port)]


async def check_open_files(_look: Look) -> list[Finding]:
    """Each customer's window is an open file."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 < limit < OPEN_FILES_NOTE:
        return [note("open_files", "low", limit=limit, mend=f"ulimit -n {OPEN_FILES_NOTE * 16}")]
    return [good("open_files", limit=max(0, limit))]


async def check_clock(look: Look) -> list[Finding]:
    """Deadlines, opening hours and tokens all hang on it."""
    now = datetime.now(UTC)
    if now < WRITTEN:
        return [fault("clock", "past", now=now.isoformat(timespec="seconds"), mend="timedatectl set-ntp true")]
    newest = _newest_write(look.data)
    if newest is not None and newest > now.timestamp() + 300:
        return [fault("clock", "jumped_back", now=now.isoformat(timespec="seconds"), mend="timedatectl set-ntp true")]
    for zone in ZONES:
        try:
            ZoneInfo(zone)
        except ZoneInfoNotFoundError:
            return [fault("clock", "no_zones", zone=zone, mend="make setup")]
    return [good("clock", now=now.isoformat(timespec="seconds"))]


def _newest_write(folder: Path) -> float | None:
    """The latest change of a database file, by the clock of its time."""
    times = [path.stat().st_mtime for path in folder.glob("desk.db*")] if folder.exists() else []
    return max(times, default=None)
