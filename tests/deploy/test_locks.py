"""tests: the locks hold what is asked for, everywhere the same, and name no place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.environments import TORCH
from deploy.locations import REQUIREMENTS, ROOT
from deploy.lock import LOCAL, LOCKS

NAMES = [lock.name for lock in LOCKS]
MEND = "run `make lock` and commit what it writes"


def asked_for(path: Path) -> list[Requirement]:
    lines = (line.partition(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def locked(path: Path) -> list[Requirement]:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.partition("--hash")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def versions(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in locked(path):
        found.setdefault(canonicalize_name(each.name), set()).add(str(each.specifier))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_locked_at_a_version_that_satisfies_it(name: str) -> None:
    pins = versions(REQUIREMENTS / f"{name}.txt")
    for wanted in asked_for(REQUIREMENTS / f"{name}.in"):
        found = pins.get(canonicalize_name(wanted.name), set())
        assert found, f"{wanted} is not in {name}.txt; {MEND}"
        assert all(wanted.specifier.contains(pin.removeprefix("==")) for pin in found), f"{wanted}: {found}; {MEND}"


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_file_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))
    bare = [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_place(name: str) -> None:
    assert LOCAL.search((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("line", ["--index-url x", "--find-links /opt/w", "a @ file:///x", "a @ https://h/x", "./a"])
def test_a_place_in_a_lock_is_found(line: str) -> None:
    assert LOCAL.search(f"a==1 \\\n    --hash=sha256:0\n{line}\n")


def test_the_tools_environment_runs_the_same_versions_as_the_desk() -> None:
    main, dev = versions(REQUIREMENTS / "main.txt"), versions(REQUIREMENTS / "dev.txt")
    assert {name: dev.get(name) for name in main} == main, MEND


def test_torch_is_installed_beside_the_lock_and_its_needs_are_in_it() -> None:
    pins = versions(REQUIREMENTS / "main.txt")
    assert "torch" not in pins
    assert TORCH == "torch==2.13.0"
    assert {"filelock", "fsspec", "jinja2", "networkx", "sympy", "typing-extensions"} <= pins.keys()


def test_the_rasa_environment_holds_the_last_open_source_rasa() -> None:
    assert versions(REQUIREMENTS / "rasa.txt")["rasa"] == {"==3.6.21"}


def test_the_lock_of_the_type_checker_records_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert all(entry.get("integrity") and "resolved" not in entry for entry in installed.values())
