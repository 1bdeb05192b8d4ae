"""bot.run.doctor: Python versions, both environments against their locks, the encoder's files, the Valkey binary."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.run.doctor.findings import Finding, Look, fault, good, note
from bot.run.program import PartAbsent
from bot.run.valkey import valkey_binary

PYTHON = (3, 11)
RASA_PYTHON = "3.10"
RASA = "3.6.21"
"""pip on a newer Python silently takes a Rasa of 2020: the version is asserted."""
SETUP = "make setup"
AFRESH = "make clean setup"
LOCKED = re.compile(r"^([A-Za-z0-9][^\\\n]*?)\s*\\$", re.MULTILINE)
"""One package of a lock: the line before its hashes."""
SHOWN = 5
ASK = (
    "import importlib.metadata as m, json, sys; "
    "print(json.dumps(['%d.%d.%d' % sys.version_info[:3], {d.metadata['Name']: d.version for d in m.distributions()}]))"
)
ASK_SECONDS = 60


async def check_python(_look: Look) -> list[Finding]:
    """The Python this runs on, and the one of Rasa."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != PYTHON:
        return [fault("python", "wrong", found=found, mend=AFRESH)]
    return [good("python", found=found)]


async def check_main_environment(look: Look) -> list[Finding]:
    """What is installed beside what the lock says."""
    installed = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    return _compare("packages", look.root / "requirements" / "main.txt", installed)


async def check_rasa_environment(look: Look) -> list[Finding]:
    """Rasa's Python, its version and its lock. The desk works without Rasa: its absence is a note."""
    if not look.rasa_enabled:
        return [note("rasa", "off")]
    python = look.root / ".venv-rasa" / "bin" / "python"
    if not python.exists():
        return [note("rasa", "missing", mend=SETUP)]
    process = await asyncio.create_subprocess_exec(
        str(python), "-I", "-c", ASK, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(ASK_SECONDS):
        told, _ = await process.communicate()
    if process.returncode != 0:
        return [fault("rasa", "broken", mend=AFRESH)]
    version, installed = json.loads(told)
    if not version.startswith(f"{RASA_PYTHON}."):
        return [fault("rasa", "wrong_python", found=version, mend=AFRESH)]
    if installed.get("rasa") != RASA:
        return [fault("rasa", "wrong_version", found=installed.get("rasa", "-"), wanted=RASA, mend=AFRESH)]
    environment = {"python_version": RASA_PYTHON, "python_full_version": version}
    return _compare("rasa", look.root / "requirements" / "rasa.txt", installed, environment)


async def check_encoder(look: Look) -> list[Finding]:
    """The files that `nlu.encoder prepare` makes."""
    if not look.encoder:
        return [good("encoder", "own")]
    folder = str(look.encoder[0].parent)
    missing = [path.name for path in look.encoder if not _has_content(path)]
    if missing:
        return [fault("encoder", "missing", files=", ".join(missing), folder=folder, mend=SETUP)]
    return [good("encoder", folder=folder)]


async def check_valkey_binary(look: Look) -> list[Finding]:
    """Whether the embedded Valkey can run here at all."""
    if look.redis_url is not None:
        return []
    try:
        binary = valkey_binary()
    except PartAbsent as absent:
        return [note("valkey", "no_binary", fault=str(absent.slots.get("fault", "")))]
    process = await asyncio.create_subprocess_exec(
        binary, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(ASK_SECONDS):
        told, _ = await process.communicate()
    if process.returncode != 0:
        return [fault("valkey", "broken", words=told.decode(errors="replace")[:200].strip(), mend=AFRESH)]
    version = re.search(r"v=(\S+)", told.decode(errors="replace"))
    return [good("valkey", version=version[1] if version else "?")]


def _compare(
    check: str, lock: Path, installed: Mapping[str, str], environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Each package of the lock that is meant for this machine, against what is there."""
    have = {canonicalize_name(name): version for name, version in installed.items()}
    wanted = [Requirement(line.group(1)) for line in LOCKED.finditer(lock.read_text(encoding="utf-8"))]
    wanted = [each for each in wanted if each.marker is None or each.marker.evaluate(dict(environment or {}))]
    wrong = [
        f"{each.name}{each.specifier}"
        for each in wanted
        if not each.specifier.contains(have.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]
    if wrong:
        more = len(wrong) - SHOWN
        named = ", ".join(wrong[:SHOWN]) + (f" (+{more})" if more > 0 else "")
        return [fault(check, "not_as_locked", count=len(wrong), packages=named, mend=SETUP)]
    return [good(check, count=len(wanted))]


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
