"""deploy: finds a Python of a wanted version that really runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ANSWER_SECONDS = 20


@cache
def find_interpreter(version: str) -> Path | None:
    """Return the real path of a Python `version` ("3.11") on this machine, or None.

    Asked in order: the variable PYTHON311 (PYTHON310), the Python that runs this, PATH, pyenv. A
    candidate is only believed after it was run: pyenv's shims exist for versions that are off.
    """
    candidates = [os.environ.get("PYTHON" + version.replace(".", ""))]
    if f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        candidates.append(sys.executable)
    candidates.append(shutil.which(f"python{version}"))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += sorted(map(str, pyenv.glob(f"{version}.*/bin/python{version}")), reverse=True)
    for candidate in candidates:
        found = _real_path(candidate, version) if candidate else None
        if found:
            return found
    return None


def _real_path(candidate: str, version: str) -> Path | None:
    program = "import os, sys; print('%d.%d' % sys.version_info[:2]); print(os.path.realpath(sys.executable))"
    command = [candidate, "-I", "-c", program]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    said_version, path = answer.stdout.splitlines()
    return Path(path) if said_version == version else None
