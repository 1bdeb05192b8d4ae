#!/usr/bin/env python3
"""deploy: what the tests need beside Python: Chromium, a Chinese font, PostgreSQL's programs, Node.

usage: python3 deploy/system_packages.py

Installs with apt-get what is missing when run as root on Debian or Ubuntu; otherwise prints the
command and goes on (tests that need a missing part say so), except under CI, where it fails.
Nothing here is needed to run the desk. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something of the operating system's, how it is recognised, and the Debian packages that bring it."""

    purpose: str
    is_here: Callable[[], bool]
    packages: tuple[str, ...]


def has_program(*names: str) -> bool:
    """Whether all these programs are on PATH."""
    return all(shutil.which(name) for name in names)


def has_file(*patterns: str) -> bool:
    """Whether a file with one of these paths (with wildcards, below /) exists."""
    return any(next(Path("/").glob(pattern), None) for pattern in patterns)


PARTS = (
    Part(
        purpose="browser tests",
        is_here=lambda: has_program("chromium"),
        packages=("chromium",),
    ),
    Part(
        purpose="Chinese text in browser tests",
        is_here=lambda: has_file("usr/share/fonts/**/NotoSansCJK*", "System/Library/Fonts/PingFang.ttc"),
        packages=("fonts-noto-cjk",),
    ),
    Part(
        purpose="tests over PostgreSQL",
        is_here=lambda: has_file("usr/lib/postgresql/*/bin/initdb") or has_program("initdb"),
        packages=("postgresql",),
    ),
    Part(
        purpose="type checks of the browser modules",
        is_here=lambda: has_program("node", "npm"),
        packages=("nodejs", "npm"),
    ),
)

APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")


def main() -> int:
    """Install or name what is missing; the exit status is 0 when the tests can go on."""
    missing = find_missing()
    if not missing:
        return 0
    packages = [name for part in missing for name in part.packages]
    if has_program("apt-get") and os.geteuid() == 0:
        print(f"installing {', '.join(packages)} …", flush=True)
        if install(packages):
            missing = find_missing()
    for part in missing:
        print(f"missing for {part.purpose}: {' '.join(part.packages)}")
    if missing:
        names = " ".join(name for part in missing for name in part.packages)
        print(f"Install with\n    sudo apt-get update && sudo apt-get install --no-install-recommends {names}")
    return 1 if missing and os.environ.get("CI") else 0


def find_missing() -> list[Part]:
    """The parts that are not on this machine."""
    return [part for part in PARTS if not part.is_here()]


def install(packages: list[str]) -> bool:
    """Install with apt-get, reading the package lists first; False when that failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        [*APT, "update", "-qq"],
        [*APT, "install", "-qq", "--yes", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            print(f"`{' '.join(command)}` failed (its message is above).", flush=True)
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
