"""Build a Python environment from a hashed lock, once per machine, and link it into a checkout.

An environment lives in the cache under a name made from everything that shaped it, so two
checkouts with the same locks share one and two with different locks never meet. A finished one
carries a stamp; one without a stamp was interrupted and is built anew. A lock file keeps two
set-ups from building the same one.
"""

import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faults import SetupFault
from installer import pip_setting, run_installer
from interpreters import find_interpreter
from locations import REQUIREMENTS, ROOT, cache_home

TORCH = "torch==2.13.0"
STAMP = ".complete"
CHECKOUTS = ".checkouts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment: its lock, its Python, the link in the checkout, a program that proves it."""

    name: str
    python: str
    lock: Path
    link: Path
    proof: str
    needs_torch: bool

    def location(self) -> Path:
        """The folder in the cache for exactly this lock, Python, machine and recipe."""
        recipe = hashlib.sha256(self.lock.read_bytes())
        recipe.update(Path(__file__).read_bytes())
        for part in (self.proof, str(_interpreter(self.python)), platform.machine()):
            recipe.update(part.encode())
        return cache_home() / "environments" / f"{self.name}-{recipe.hexdigest()[:16]}"


MAIN = Environment(
    name="main",
    python="3.11",
    lock=REQUIREMENTS / "main.txt",
    link=ROOT / ".venv",
    proof="import torch, faiss, onnxruntime, numpy; assert torch.__version__.startswith('2.13.0')",
    needs_torch=True,
)
MAIN_DEV = Environment(
    name="dev",
    python="3.11",
    lock=REQUIREMENTS / "dev.txt",
    link=ROOT / ".venv",
    proof=MAIN.proof + "; import pytest, mypy",
    needs_torch=True,
)
RASA = Environment(
    name="rasa",
    python="3.10",
    lock=REQUIREMENTS / "rasa.txt",
    link=ROOT / ".venv-rasa",
    # tensorflow is imported because it ends the process on a processor without AVX
    proof="import rasa, tensorflow; assert rasa.__version__ == '3.6.21', rasa.__version__",
    needs_torch=False,
)


@cache
def _interpreter(version: str) -> Path | None:
    return find_interpreter(version)


def obtain(environment: Environment) -> tuple[Environment, Path]:
    """Return the environment's folder, built now unless it is there and works."""
    home = environment.location()
    if _works(home):
        return environment, home
    home.parent.mkdir(parents=True, exist_ok=True)
    with _only_one_builder(home):
        if not _works(home):
            _prune(home.parent, environment.name)
            _build(environment, home)
    return environment, home


def _works(home: Path) -> bool:
    if not (home / STAMP).exists():
        return False
    try:
        answer = subprocess.run([str(home / "bin" / "python"), "-I", "-c", "pass"], check=False)
    except OSError:
        return False
    return answer.returncode == 0


@contextlib.contextmanager
def _only_one_builder(home: Path) -> Iterator[None]:
    with home.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another set-up is building {home.name}; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(environment: Environment, home: Path) -> None:
    print(f"building the {environment.name} environment (Python {environment.python}) …", flush=True)
    (home / STAMP).unlink(missing_ok=True)
    found = _interpreter(environment.python)
    python = ("--python", str(found)) if found else ("--managed-python", "--python", environment.python)
    run_installer(f"finding Python {environment.python}", "venv", "--quiet", "--clear", *python, str(home))
    program = str(home / "bin" / "python")
    run_installer(
        f"installing {environment.lock.name}",
        *("pip", "sync", "--quiet", "--require-hashes", "--python", program, str(environment.lock)),
    )
    if environment.needs_torch:
        _install_torch(program)
    proof = subprocess.run(
        [program, "-I", "-c", environment.proof], capture_output=True, text=True, check=False
    )
    if proof.returncode != 0:
        said = (proof.stderr.strip().splitlines() or [f"exit status {proof.returncode}"])[-1]
        raise SetupFault(f"the {environment.name} environment does not run here: {said}")
    stamp = home / (STAMP + ".new")
    stamp.write_text(environment.proof + "\n", encoding="utf-8")
    stamp.replace(home / STAMP)


def _install_torch(program: str) -> None:
    """Install the exact CPU build, from a folder that pip knows or else from its own index."""
    install = ("pip", "install", "--quiet", "--no-deps", "--python", program)
    folders = (os.environ.get("UV_FIND_LINKS", "").replace(",", " ") + " " + pip_setting("find-links")).split()
    for folder in folders:
        if any(Path(folder).glob(TORCH.replace("==", "-") + "*.whl")):
            with contextlib.suppress(SetupFault):
                run_installer("installing torch", *install, "--no-index", "--find-links", folder, TORCH)
                return
    backend = ("--torch-backend", "cpu") if platform.system() == "Linux" else ()
    run_installer("installing torch", *install, *backend, TORCH)


def link(obtained: tuple[Environment, Path]) -> None:
    """Point the checkout's link at the environment, in one step that no reader can see half done."""
    environment, home = obtained
    if environment.link.is_symlink() and environment.link.readlink() == home:
        return
    if environment.link.is_dir() and not environment.link.is_symlink():
        raise SetupFault(
            f"{environment.link.name} here is a folder that this set-up did not make. Move it away:\n"
            f"    mv {environment.link.name} {environment.link.name}-mine"
        )
    with (home / CHECKOUTS).open("a", encoding="utf-8") as users:
        users.write(f"{environment.link}\n")
    fresh = environment.link.with_name(f"{environment.link.name}.{os.getpid()}")
    fresh.symlink_to(home)
    fresh.replace(environment.link)


def _prune(folder: Path, name: str) -> None:
    """Remove environments of this kind that were linked once and to which no checkout points now."""
    for old in folder.glob(f"{name}-*/{CHECKOUTS}"):
        links = map(Path, old.read_text(encoding="utf-8").splitlines())
        if not any(each.is_symlink() and each.readlink() == old.parent for each in links):
            print(f"removing the unused environment {old.parent.name}", flush=True)
            shutil.rmtree(old.parent, ignore_errors=True)
