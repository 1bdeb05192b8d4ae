#!/usr/bin/env python3
"""deploy: resolves requirements/*.in into hashed locks. Standard library only.

usage: python3 deploy/lock.py [PACKAGE...]    (`make lock`, `make lock UPGRADE="fastapi uvicorn"`)

Versions that are locked stay where they are unless a package is named; `all` moves everything but
Rasa's environment, whose versions were measured together. Nothing that names an index, a host or
a path of this machine may get into a lock; that is checked here and by tests/deploy/test_locks.py.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from deploy.faults import SetupFault
from deploy.installer import run_installer
from deploy.locations import REQUIREMENTS, ROOT

LOCAL = re.compile(r"https?:|file:|--(extra-)?index-url|--find-links|^\s*(/|\.\.?/)", re.MULTILINE)
"""What a lock must not contain: it would tie the lock to the machine that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One lock to make: its name, its Python, options of the resolver, whether `all` moves it."""

    name: str
    python: str
    options: tuple[str, ...] = ()
    moves: bool = True


LOCKS = (
    Lock(name="uv", python="3.8", options=("--no-config",), moves=False),  # for any Python that starts a set-up
    Lock(name="main", python="3.11", options=("--overrides", "requirements/main-overrides.txt")),
    Lock(
        name="dev",
        python="3.11",
        options=("--overrides", "requirements/main-overrides.txt", "--constraints", "requirements/main.txt"),
    ),
    Lock(
        name="rasa",
        python="3.10",
        options=(
            *("--project", "requirements/rasa-platforms"),  # its pyproject.toml lists the machines
            *("--overrides", "requirements/rasa-overrides.txt"),
        ),
        moves=False,
    ),
)


def main(upgrades: list[str]) -> int:
    """Make every lock, in an order in which later ones may lean on earlier ones."""
    os.chdir(ROOT)
    try:
        for lock in LOCKS:
            print(f"resolving requirements/{lock.name}.in …", flush=True)
            make_lock(lock, upgrades)
    except SetupFault as fault:
        print(f"the locks were not made: {fault}", flush=True)
        return 1
    print("Now: make check, and look at what changed with git diff --stat requirements/")
    return 0


def make_lock(lock: Lock, upgrades: list[str]) -> None:
    """Resolve one lock beside the old one and put it in its place if it is fit for other machines."""
    target = REQUIREMENTS / f"{lock.name}.txt"
    fresh = target.with_suffix(".new")
    if target.exists():
        fresh.write_text(target.read_text(encoding="utf-8"), encoding="utf-8")
    if upgrades == ["all"]:
        upgrade = ["--upgrade"] if lock.moves else []
    else:
        upgrade = [f"--upgrade-package={name}" for name in upgrades]
    try:
        run_installer(
            f"resolving {lock.name}.in",
            *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", lock.python),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--custom-compile-command", "make lock"),
            *lock.options,
            *upgrade,
            *(f"requirements/{lock.name}.in", "--output-file", str(fresh)),
        )
        foreign = LOCAL.search(fresh.read_text(encoding="utf-8"))
        if foreign:
            message = f"the new {lock.name}.txt names a place ({foreign[0].strip()}) that other machines do not have."
            raise SetupFault(message, mend="unset UV_FIND_LINKS UV_INDEX UV_EXTRA_INDEX_URL && make lock")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
