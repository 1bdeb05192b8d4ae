"""tests: a set-up ends in linked environments, or in one sentence and the command that mends it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.deploy.conftest import Checkout

NETWORK = "error: Failed to fetch\n  cause: error sending request for url\n  cause: dns error"
FULL = "I/O operation failed: No space left on device (os error 28)"
HASH = "error: Failed to download\n  cause: Hash mismatch for `numpy`"


def environments(checkout: Checkout, name: str) -> list[Path]:
    found = (checkout.cache / "helpdesk" / "environments").glob(f"{name}-*")
    return [path for path in found if path.is_dir()]


def test_a_fresh_checkout_gets_both_environments_linked(checkout: Checkout) -> None:
    status, said = checkout.set_up()
    assert status == 0, said
    (main,), (rasa,) = environments(checkout, "main"), environments(checkout, "rasa")
    assert (checkout.folder / ".venv").readlink() == main
    assert (checkout.folder / ".venv-rasa").readlink() == rasa


def test_a_second_set_up_installs_nothing(checkout: Checkout) -> None:
    checkout.set_up()
    before = checkout.calls("pip")
    status, said = checkout.set_up()
    assert status == 0, said
    assert checkout.calls("pip") == before > 0


def test_two_set_ups_at_once_build_each_environment_once(checkout: Checkout) -> None:
    both = [checkout.start(), checkout.start()]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert checkout.calls("venv") == 2
    assert any("another set-up is building" in each for each in said)


def test_an_interrupted_build_is_built_anew(checkout: Checkout) -> None:
    checkout.set_up()
    (main,) = environments(checkout, "main")
    (main / ".complete").unlink()
    assert checkout.set_up()[0] == 0
    assert (main / ".complete").exists()
    assert checkout.calls("venv") == 3


def test_a_changed_lock_leads_to_another_environment(checkout: Checkout) -> None:
    checkout.set_up()
    before = (checkout.folder / ".venv").readlink()
    with (checkout.folder / "requirements" / "main.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    checkout.set_up()
    after = (checkout.folder / ".venv").readlink()
    assert before != after
    assert before.exists(), "another checkout may still use it"


def test_an_environment_with_tools_serves_the_desk_too(checkout: Checkout) -> None:
    checkout.set_up("--dev")
    with_tools = (checkout.folder / ".venv").readlink()
    checkout.set_up()
    assert (checkout.folder / ".venv").readlink() == with_tools
    assert environments(checkout, "main") == []


@pytest.mark.parametrize(("age", "kept"), [(3600, True), (3 * 24 * 3600, False)])
def test_an_environment_no_checkout_uses_is_removed_after_a_day(checkout: Checkout, age: int, *, kept: bool) -> None:
    checkout.set_up()
    old = (checkout.folder / ".venv").readlink()
    (checkout.folder / ".venv").unlink()
    os.utime(old / ".checkouts", (time.time() - age, time.time() - age))
    with (checkout.folder / "requirements" / "main.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    checkout.set_up()
    assert old.exists() is kept


def test_an_environment_in_use_is_kept_however_old(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    old = (checkout.folder / ".venv").readlink()
    (tmp_path / "elsewhere").symlink_to(old)
    (old / ".checkouts").write_text(f"{tmp_path / 'elsewhere'}\n", encoding="utf-8")
    os.utime(old / ".checkouts", (0, 0))
    with (checkout.folder / "requirements" / "main.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    checkout.set_up()
    assert old.exists()


@pytest.mark.parametrize(
    ("said_by_installer", "cause", "mend"),
    [
        (NETWORK, "the package registry cannot be reached", "make setup"),
        (FULL, "the disk is full", "rm -rf ~/.cache/uv ~/.cache/pip"),
        (HASH, "not the one that was locked", "UV_NO_CACHE=1 make setup"),
        ("error: something new", "installing main.txt failed.", "UV_NO_CACHE=1 make setup"),
    ],
)
def test_a_failed_installation_names_cause_and_mending_command(
    checkout: Checkout, said_by_installer: str, cause: str, mend: str
) -> None:
    checkout.refuse("main.txt", said_by_installer)
    status, said = checkout.set_up()
    assert status == 1
    assert cause in said
    assert f"Mend it with\n    {mend}" in said
    assert said_by_installer.splitlines()[-1] in said
    assert not (checkout.folder / ".venv").is_symlink()
    assert environments(checkout, "main") == []


def test_without_python_310_the_desk_is_set_up_without_rasa_and_says_so(checkout: Checkout) -> None:
    del checkout.variables["PYTHON310"]
    checkout.variables["PYENV_ROOT"] = str(checkout.tools)
    checkout.refuse("--managed-python", NETWORK)
    status, said = checkout.set_up()
    assert status == 0
    assert "Going on without Rasa, whose work a stand-in does: there is no Python 3.10 on this machine" in said
    assert (checkout.folder / ".venv").is_symlink()
    assert not (checkout.folder / ".venv-rasa").is_symlink()


def test_a_missing_python_310_is_looked_for_once_a_day_and_seen_when_it_comes(checkout: Checkout) -> None:
    installed = checkout.variables.pop("PYTHON310")
    checkout.variables["PYENV_ROOT"] = str(checkout.tools)
    checkout.refuse("--managed-python", NETWORK)
    checkout.set_up()
    looked = checkout.calls("--managed-python")
    assert "Going on without Rasa" in checkout.set_up()[1]
    assert checkout.calls("--managed-python") == looked == 1
    checkout.variables["PYTHON310"] = installed
    checkout.set_up()
    assert (checkout.folder / ".venv-rasa").is_symlink()


def test_a_rasa_that_cannot_be_installed_does_not_stop_the_desk(checkout: Checkout) -> None:
    checkout.refuse("rasa.txt", NETWORK)
    status, said = checkout.set_up()
    assert status == 0
    assert "Going on without Rasa, whose work a stand-in does: installing rasa.txt failed" in said


def test_a_rasa_that_does_not_run_here_is_tried_once_a_day(checkout: Checkout) -> None:
    (checkout.tools / "proof").write_text("echo Illegal instruction >&2; exit 132", encoding="utf-8")
    for _ in range(2):
        status, said = checkout.set_up()
        assert status == 0
        assert "the rasa environment does not run on this machine (Illegal instruction)." in said
    assert checkout.calls("venv") == 2, "one for the desk, one for Rasa"
    assert environments(checkout, "rasa") == []
    (memo,) = (checkout.cache / "helpdesk" / "environments").glob("rasa-*.failed")
    os.utime(memo, (time.time() - 25 * 3600, time.time() - 25 * 3600))
    (checkout.tools / "proof").unlink()
    checkout.set_up()
    assert (checkout.folder / ".venv-rasa").is_symlink()


def test_a_strangers_folder_in_the_links_place_is_not_touched(checkout: Checkout) -> None:
    (checkout.folder / ".venv").mkdir()
    (checkout.folder / ".venv" / "mine").write_text("", encoding="utf-8")
    status, said = checkout.set_up()
    assert status == 1
    assert "was not made by this set-up" in said
    assert (checkout.folder / ".venv" / "mine").exists()


def test_a_cache_that_cannot_be_written_is_replaced_by_a_folder_in_the_checkout(checkout: Checkout) -> None:
    checkout.cache.write_text("not a folder", encoding="utf-8")
    status, said = checkout.set_up()
    assert status == 0, said
    assert (checkout.folder / ".venv").readlink().is_relative_to(checkout.folder / ".tools")


def test_an_encoder_that_cannot_be_prepared_stops_the_set_up(checkout: Checkout) -> None:
    (checkout.folder / "nlu").mkdir()
    (checkout.folder / "nlu" / "encoder.py").write_text("", encoding="utf-8")
    assert checkout.set_up()[0] == 0
    python = (checkout.folder / ".venv").readlink() / "bin" / "python"
    python.write_text('#!/bin/sh\ntest "$1" != -m\n', encoding="utf-8")
    status, said = checkout.set_up()
    assert status == 1
    assert "the sentence encoder could not be prepared" in said
