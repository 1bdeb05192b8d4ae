"""tests: a checkout with a scripted installer, so that set-up can be tried without a registry."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.locations import ROOT

UV = """#!{python}
import pathlib, sys, time
here = pathlib.Path({here!r})
words = sys.argv[1:]
if words == ["--version"]:
    print("uv {version} (scripted)")
    sys.exit(0)
with open(here / "calls", "a") as calls:
    calls.write(" ".join(words) + "\\n")
for rule in sorted((here / "refuse").glob("*")):
    if rule.name in " ".join(words):
        sys.exit(rule.read_text())
if words[0] == "venv":
    time.sleep(0.2)
    home = pathlib.Path(words[-1])
    (home / "bin").mkdir(parents=True, exist_ok=True)
    proof = (here / "proof").read_text() if "rasa" in home.name and (here / "proof").exists() else "exit 0"
    (home / "bin" / "python").write_text("#!/bin/sh\\n" + proof + "\\n")
    (home / "bin" / "python").chmod(0o755)
"""
PYTHON310 = "#!/bin/sh\necho 3.10\necho /made/up/python3.10\n"


@dataclass(kw_only=True)
class Checkout:
    """A checkout that holds only what set-up reads, with its own cache and a scripted uv on PATH."""

    folder: Path
    cache: Path
    tools: Path
    variables: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "deploy/bootstrap.py", *arguments],
            cwd=self.folder,
            env={"HOME": str(self.tools), "PATH": str(self.tools), "XDG_CACHE_HOME": str(self.cache), **self.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def set_up(self, *arguments: str) -> tuple[int, str]:
        """Run a set-up; its exit status and what it said."""
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def refuse(self, word: str, said: str) -> None:
        """Let the installer fail with these words whenever `word` is in its arguments."""
        (self.tools / "refuse" / word).write_text(said, encoding="utf-8")

    def calls(self, word: str) -> int:
        """How often the installer was called with this word."""
        log = self.tools / "calls"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return sum(word in line.split() for line in lines)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(folder=tmp_path / "checkout", cache=tmp_path / "cache", tools=tmp_path / "tools")
    shutil.copytree(ROOT / "deploy", made.folder / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", made.folder / "requirements")
    (made.tools / "refuse").mkdir(parents=True)
    version = pinned_uv(made.folder)
    script = UV.format(python=sys.executable, here=str(made.tools), version=version)
    for name, text in (("uv", script), ("python310", PYTHON310)):
        (made.tools / name).write_text(text, encoding="utf-8")
        (made.tools / name).chmod(0o755)
    made.variables["PYTHON310"] = str(made.tools / "python310")
    return made


def pinned_uv(folder: Path) -> str:
    lock = (folder / "requirements" / "uv.txt").read_text(encoding="utf-8")
    return lock.partition("uv==")[2].split()[0]
