"""tests: the commands of the house name what mends a failure, and what they name exists."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.locations import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
PROMISED = {"help", "setup", "run", "test", "check", "doctor", "bench", "evaluate", "lock", "clean", "types", "lint"}


def step(*command: str) -> subprocess.CompletedProcess[str]:
    wrapped = ["deploy/step", "weighing", "make lighter", "--", *command]
    return subprocess.run(wrapped, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_failed_step_passes_its_status_on_and_names_the_mending_command() -> None:
    done = step("sh", "-c", "echo too heavy; exit 3")
    assert done.returncode == 3
    assert "too heavy" in done.stdout
    assert "weighing failed. Mend it with:\n    make lighter" in done.stderr


def test_a_passed_step_says_no_more_than_its_name() -> None:
    done = step("true")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "-- weighing", "")


def test_make_alone_lists_every_command() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = {line.split()[0] for line in said.splitlines()[1:]}
    assert listed >= PROMISED


def test_every_make_command_that_a_message_names_exists() -> None:
    sources = [path for path in (ROOT / "deploy").iterdir() if path.is_file()]
    texts = [MAKEFILE, *(path.read_text(encoding="utf-8") for path in sources)]
    named = {name for text in texts for name in re.findall(r"[`\"& ]make ([a-z]+)[`\" (]", text)}
    assert {"setup", "format", "lock"} <= named <= TARGETS


@pytest.mark.parametrize(("variables", "status"), [({}, 0), ({"CI": "true"}, 1)])
def test_missing_system_packages_are_named_with_their_command(
    tmp_path: Path, variables: dict[str, str], status: int
) -> None:
    command = [sys.executable, str(ROOT / "deploy" / "system_packages.py")]
    environment = {"PATH": str(tmp_path), **variables}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "missing for browser tests: chromium" in done.stdout
    assert re.search(r"apt-get install --no-install-recommends .*chromium.*nodejs npm", done.stdout)


def test_no_test_can_reach_beyond_this_machine() -> None:
    with pytest.raises(UserWarning, match="tried to use socket"):  # a warning is an error here
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_tests_may_talk_to_servers_on_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
