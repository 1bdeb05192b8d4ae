"""The one pinned installer (uv) and how it is called."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from faults import SetupFault, explain
from locations import REQUIREMENTS, cache_home

LEFT_OUT = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT")


def run_installer(doing: str, *arguments: str) -> None:
    """Run uv; a failure becomes a SetupFault that says what to do."""
    answer = subprocess.run(
        [str(uv_program()), *arguments],
        env=installer_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SetupFault(explain(doing, answer.stdout + answer.stderr))


def uv_program() -> Path:
    """The pinned uv: from PATH if it is that version, else installed once into the cache."""
    pin = re.search(r"^uv==(\S+)", (REQUIREMENTS / "uv.txt").read_text(encoding="utf-8"), re.M)
    if pin is None:
        raise SetupFault("requirements/uv.txt names no version of uv. Restore it:\n    git checkout requirements/uv.txt")
    version = pin.group(1)
    on_path = shutil.which("uv")
    for program in (cache_home() / f"uv-{version}" / "bin" / "uv", on_path and Path(on_path)):
        if program and _is_version(program, version):
            return program
    return _install_uv(cache_home() / f"uv-{version}")


def _is_version(program: Path, version: str) -> bool:
    try:
        answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.split()[1:2] == [version]


def _install_uv(home: Path) -> Path:
    print("installing uv …", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(home)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        said = made.stdout + made.stderr
        if "ensurepip" in said or "No module named venv" in said:
            name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
            raise SetupFault(
                f"this Python comes without its venv module. Install it with\n    apt-get install {name}"
            )
        raise SetupFault(explain("creating a virtual environment", said))
    answer = subprocess.run(
        [
            *(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")),
        ],
        env=installer_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise SetupFault(explain("installing uv", answer.stdout + answer.stderr))
    return home / "bin" / "uv"


def installer_environment() -> dict[str, str]:
    """The environment for uv; it reads none of pip's settings, so a mirror and a certificate
    bundle that pip was told about are passed on. Hashes are checked whatever the source."""
    environment = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & environment.keys():
        mirror = pip_setting("index-url")
        if mirror:
            environment["UV_DEFAULT_INDEX"] = mirror
    if "SSL_CERT_FILE" not in environment and environment.get("PIP_CERT"):
        environment["SSL_CERT_FILE"] = environment["PIP_CERT"]
    return environment


def pip_setting(name: str) -> str:
    """What pip was told on this machine, by its variable or its configuration file."""
    told = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if told:
        return told
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", f"global.{name}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""
