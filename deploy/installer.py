"""deploy: the one pinned installer (uv) and how it is called."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from deploy.faults import SetupFault, explain
from deploy.locations import REQUIREMENTS, cache_home

LEFT_OUT = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PYTHON")
"""Variables of a calling environment that would lead the installer astray."""


def run_installer(doing: str, *arguments: str) -> None:
    """Run uv; raise a SetupFault that says what to do when it fails."""
    answer = _run([str(uv_program()), *arguments])
    if answer.returncode != 0:
        raise explain(doing, answer.stdout + answer.stderr)


def uv_program() -> Path:
    """The pinned uv: from PATH if it is that version, else installed once into the cache."""
    lock = REQUIREMENTS / "uv.txt"
    pin = re.search(r"^uv==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if pin is None:
        raise SetupFault("requirements/uv.txt names no version of uv.", mend="git checkout requirements/uv.txt")
    home = cache_home() / f"uv-{pin[1]}"
    for program in (home / "bin" / "uv", shutil.which("uv")):
        if program and _says_version(Path(program), pin[1]):
            return Path(program)
    return _install_uv(home, lock)


def _says_version(program: Path, version: str) -> bool:
    try:
        answer = _run([str(program), "--version"])
    except OSError:
        return False
    return answer.stdout.split()[1:2] == [version]


def _install_uv(home: Path, lock: Path) -> Path:
    print("installing uv …", flush=True)
    made = _run([sys.executable, "-m", "venv", "--clear", str(home)])
    if made.returncode != 0:
        said = made.stdout + made.stderr
        if "ensurepip" in said or "No module named venv" in said:
            name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise SetupFault("this Python comes without its venv module.", mend=f"apt-get install {name}")
        raise explain("creating a virtual environment", said)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    answer = _run([*pip, "--require-hashes", "-r", str(lock)])
    if answer.returncode != 0:
        raise explain("installing uv", answer.stdout + answer.stderr)
    return home / "bin" / "uv"


@cache
def pip_setting(name: str) -> str:
    """What pip was told on this machine, by its variable or its configuration file; "" if nothing."""
    told = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if told:
        return told
    answer = _run([sys.executable, "-m", "pip", "config", "get", f"global.{name}"], environment=dict(os.environ))
    return answer.stdout.strip() if answer.returncode == 0 else ""


def installer_environment() -> dict[str, str]:
    """The environment variables for uv.

    uv reads none of pip's settings, so the index and the certificates that pip was told about are
    passed on; hashes are checked whatever the source.
    """
    environment = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & environment.keys():
        index = pip_setting("index-url")
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    certificates = environment.get("PIP_CERT")
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    return environment


def _run(command: list[str], *, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    if environment is None:
        environment = installer_environment()
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
