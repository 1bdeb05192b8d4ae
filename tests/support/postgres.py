"""tests: a real PostgreSQL of their own, from Debian's binaries, on a free port, ended by its process id."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from kit.ports import free_port
from tests.support.wait import wait_until

STARTS = 5
WHERE = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`; the newest one where there are several."""
    for name in ("initdb", "postgres"):
        found = shutil.which(name)
        if found and (Path(found).resolve().parent / "initdb").exists():
            return Path(found).resolve().parent
    folders = [path.parent for root in WHERE for path in Path(root).glob("*/bin/initdb")]
    return max(folders, key=lambda folder: folder.parent.name, default=None)


class PostgresServer:
    """One PostgreSQL process with an empty cluster. Data is not synced to disk: tests kill it only at the end."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # Not below pytest's folder: that is closed to the user the server has to run as.
        self._folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        self._log = (self._folder / "log").open("wb")
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            self._as |= {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self._folder, "postgres", "postgres")
        self.port = 0

    def url(self, name: str = "postgres") -> str:
        """Address of the database `name`."""
        return f"postgresql://desk@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Make the cluster and start it; returns when it takes connections."""
        data = self._folder / "data"
        subprocess.run(
            [
                *(self._binaries / "initdb", "--pgdata", data, "--username", "desk", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            stderr=self._log,
            **self._as,
        )
        for _ in range(STARTS):
            self.port = free_port()
            self._process = subprocess.Popen(
                [
                    *(self._binaries / "postgres", "-D", data, "-p", str(self.port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self._folder}"),
                    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
                    *("-c", "shared_buffers=32MB", "-c", "max_connections=60"),
                ],
                stderr=self._log,
                **self._as,
            )
            if wait_until(self._ready_or_dead) == "ready":
                return
        message = f"PostgreSQL does not start; see {self._folder / 'log'}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """End the server at once and remove what it wrote."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ready_or_dead(self) -> str:
        if self._process is None or self._process.poll() is not None:
            return "dead"
        lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines() if self._started() else []
        return "ready" if len(lines) >= 8 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready" else ""

    def _started(self) -> bool:
        return (self._folder / "data" / "postmaster.pid").exists()
