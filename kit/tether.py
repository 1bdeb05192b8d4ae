"""kit: starts a program that cannot outlive its parent. A script of its own, run by path; imports nothing of the house.

    python -I -S kit/tether.py PARENT_PID PROGRAM [ARGUMENT …]

A launcher and not `preexec_fn`: that one runs Python between fork and exec, where other threads' locks stand still.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

PARENT_DIED = 1
"""PR_SET_PDEATHSIG of <sys/prctl.h>."""
LOST = 113
"""Exit status when the parent was gone before the program could start."""


def tethered(*command: str) -> tuple[str, ...]:
    """`command` as it must be started by this process, so that it ends when this process ends, even by kill -9.

    On systems other than Linux the program merely starts; `bot.run.lock` ends what a killed run left behind there.
    """
    return (sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(os.getpid()), *command)


def main(arguments: list[str]) -> int:
    """Tie this process to its parent, then become the program."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        # The signal comes at the end of the thread that started us: a supervisor starts programs in its main thread.
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGKILL)
    if os.getppid() != parent:
        return LOST
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming the program is the point
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
