"""bot.run: where a run keeps its things below the data directory."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel allows 104 to 108."""
LONGEST_SOCKET_NAME = 24


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one run."""

    data: Path

    @property
    def run(self) -> Path:
        """What only the present run needs: lock, state, sign-in not yet shown."""
        return self.data / "run"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def sockets(self) -> Path:
        """A folder for Unix sockets; beside the data when its path is short enough for the kernel."""
        near = self.run / "sockets"
        if len(str(near).encode()) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"desk-{name}"

    def notify_socket(self, part: str) -> Path:
        """Where the supervisor hears the process `part`."""
        return self.sockets / f"{part}.notify"

    def make(self) -> None:
        """Create the folders; only this user may look into them."""
        for folder in (self.data, self.run, self.log, self.valkey, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.sockets.stat().st_uid != os.getuid():
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(self.sockets))
        self.sockets.chmod(0o700)
