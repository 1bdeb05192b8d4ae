"""Find a Python of a wanted version that really runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def find_interpreter(version: str) -> Path | None:
    """The real path of a Python `version` ("3.11") on this machine, or None.

    Asked in order: the variable PYTHON311 (or PYTHON310), the Python that runs this, PATH, pyenv.
    A candidate is only believed after it was run: pyenv's shims exist for versions that are off.
    """
    candidates = [os.environ.get("PYTHON" + version.replace(".", ""))]
    if f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        candidates.append(sys.executable)
    candidates.append(shutil.which(f"python{version}"))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    candidates += sorted(map(str, pyenv.glob(f"{version}.*/bin/python{version}")), reverse=True)
    for candidate in candidates:
        base = candidate and _base_interpreter(candidate, version)
        if base:
            return base
    return None


def _base_interpreter(candidate: str, version: str) -> Path | None:
    program = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys._base_executable)"
    try:
        answer = subprocess.run(
            [candidate, "-I", "-c", program],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = answer.stdout.split("\n")
    if answer.returncode != 0 or lines[0] != version:
        return None
    return Path(lines[1]).resolve()
