"""deploy: builds a Python environment from a hashed lock, once per machine, and links it into a checkout.

An environment lives in the cache under a name made from everything that shaped it, so checkouts
with the same locks share one and checkouts with different locks never meet. A finished one carries
a stamp; one without was interrupted and is built anew. A lock file keeps two set-ups from building
the same one, and a checkout's link is replaced in one step.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.faults import SetupFault, python_missing
from deploy.installer import pip_setting, run_installer
from deploy.interpreters import find_interpreter
from deploy.locations import REQUIREMENTS, ROOT, cache_home

TORCH = "torch==2.13.0"
"""Installed beside the lock, because its CPU build comes from another place on every platform."""

STAMP = ".complete"
USERS = ".checkouts"
"""File in an environment that names the links which were pointed at it, one a line."""

UNUSED_SECONDS = 24 * 3600
"""How long after its last use an environment that no checkout links may be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment: its Python, its lock, its link in the checkout, a program that proves it works."""

    name: str
    python: str
    lock: Path
    link: Path
    proof: str
    with_torch: bool

    def home(self) -> Path:
        """The folder in the cache for exactly this recipe, lock, Python and machine."""
        recipe = hashlib.sha256(Path(__file__).read_bytes())
        recipe.update(self.lock.read_bytes())
        recipe.update(f"{find_interpreter(self.python)} {platform.machine()}".encode())
        return cache_home() / "environments" / f"{self.name}-{recipe.hexdigest()[:16]}"


MAIN = Environment(
    name="main",
    python="3.11",
    lock=REQUIREMENTS / "main.txt",
    link=ROOT / ".venv",
    proof="import torch, faiss, onnxruntime; assert torch.__version__.startswith('2.13.0'), torch.__version__",
    with_torch=True,
)
MAIN_DEV = Environment(
    name="dev",
    python=MAIN.python,
    lock=REQUIREMENTS / "dev.txt",
    link=MAIN.link,
    proof=f"{MAIN.proof}; import pytest, mypy",
    with_torch=True,
)
RASA = Environment(
    name="rasa",
    python="3.10",
    lock=REQUIREMENTS / "rasa.txt",
    link=ROOT / ".venv-rasa",
    # TensorFlow is imported because it ends the process on a processor that it was not built for.
    proof="import rasa, tensorflow; assert rasa.__version__ == '3.6.21', rasa.__version__",
    with_torch=False,
)


def obtain(environment: Environment) -> Path:
    """Return the environment's folder, built now unless it is there and works."""
    home = environment.home()
    if not _works(home):
        home.parent.mkdir(parents=True, exist_ok=True)
        with _only_builder_of(home):
            if not _works(home):
                _remove_unused(home.parent, environment.name)
                try:
                    _build(environment, home)
                except BaseException:
                    shutil.rmtree(home, ignore_errors=True)
                    raise
    _note_user(environment, home)
    return home


def link_into_checkout(environment: Environment, home: Path) -> None:
    """Point the checkout's link at the environment, in one step that no reader sees half done."""
    link = environment.link
    if link.is_symlink() and link.readlink() == home:
        return
    if link.is_dir() and not link.is_symlink():
        message = f"the folder {link.name} here was not made by this set-up."
        raise SetupFault(message, mend=f"mv {link} {link}-mine && make setup")
    fresh = link.with_name(f"{link.name}.{os.getpid()}")
    fresh.symlink_to(home)
    fresh.replace(link)


def _works(home: Path) -> bool:
    if not (home / STAMP).exists():
        return False
    try:
        return subprocess.run([str(home / "bin" / "python"), "-I", "-c", "pass"], check=False).returncode == 0
    except OSError:
        return False


@contextlib.contextmanager
def _only_builder_of(home: Path) -> Iterator[None]:
    with home.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another set-up is building {home.name}; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(environment: Environment, home: Path) -> None:
    print(f"building the {environment.name} environment (Python {environment.python}) …", flush=True)
    _make_empty(environment, home)
    program = str(home / "bin" / "python")
    sync = ("pip", "sync", "--quiet", "--require-hashes", "--python", program)
    run_installer(f"installing {environment.lock.name}", *sync, str(environment.lock))
    if environment.with_torch:
        _install_torch(program)
    proof = subprocess.run([program, "-I", "-c", environment.proof], capture_output=True, text=True, check=False)
    if proof.returncode != 0:
        said = proof.stderr or f"exit status {proof.returncode}"
        message = f"the {environment.name} environment does not run on this machine ({said.strip().splitlines()[-1]})."
        raise SetupFault(message, mend="UV_NO_CACHE=1 make setup", said=said, lasting=True)
    stamp = home / (STAMP + ".new")
    stamp.write_text(environment.proof + "\n", encoding="utf-8")
    stamp.replace(home / STAMP)


def _make_empty(environment: Environment, home: Path) -> None:
    found = find_interpreter(environment.python)
    choice = ("--python", str(found)) if found else ("--managed-python", "--python", environment.python)
    try:
        run_installer("creating a virtual environment", "venv", "--quiet", "--clear", *choice, str(home))
    except SetupFault as fault:
        if found is None:
            raise python_missing(environment.python, fault.said) from fault
        raise


def _install_torch(program: str) -> None:
    """Install the CPU build: from a folder of wheels that pip knows, or else from where its makers keep it."""
    install = ("pip", "install", "--quiet", "--no-deps", "--python", program)
    known = f"{os.environ.get('UV_FIND_LINKS', '')},{pip_setting('find-links')}".replace(",", " ").split()
    for folder in known:
        if any(Path(folder).glob(TORCH.replace("==", "-") + "*.whl")):
            with contextlib.suppress(SetupFault):  # a wheel for another machine: go on to the next place
                run_installer("installing torch", *install, "--no-index", "--find-links", folder, TORCH)
                return
    cpu_only = ("--torch-backend", "cpu") if platform.system() == "Linux" else ()
    run_installer("installing torch", *install, *cpu_only, TORCH)


def _note_user(environment: Environment, home: Path) -> None:
    users = home / USERS
    known = users.read_text(encoding="utf-8").splitlines() if users.exists() else []
    if str(environment.link) in known:
        os.utime(users)
    else:
        with users.open("a", encoding="utf-8") as notes:
            notes.write(f"{environment.link}\n")


def _remove_unused(folder: Path, name: str) -> None:
    for users in folder.glob(f"{name}-*/{USERS}"):
        links = map(Path, users.read_text(encoding="utf-8").splitlines())
        if any(link.is_symlink() and link.readlink() == users.parent for link in links):
            continue
        if time.time() - users.stat().st_mtime > UNUSED_SECONDS:
            print(f"removing the environment {users.parent.name}, which no checkout uses", flush=True)
            shutil.rmtree(users.parent, ignore_errors=True)
