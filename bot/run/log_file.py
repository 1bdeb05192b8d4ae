"""bot.run: what a part prints, in a file that does not grow for ever."""

from __future__ import annotations

from collections import deque
from pathlib import Path

LIMIT = 10_000_000
"""Bytes of one file; with `KEPT` older ones a part's log takes at most 60 MB."""
KEPT = 5
TAIL = 30


class LogFile:
    """One part's output. Remembers the last lines, for whoever asks why the part died."""

    def __init__(self, path: Path, *, limit: int = LIMIT) -> None:
        self.path = path
        self._limit = limit
        self._tail: deque[str] = deque(maxlen=TAIL)
        self._file = path.open("ab")
        path.chmod(0o600)

    @property
    def tail(self) -> list[str]:
        """The last lines, oldest first."""
        return list(self._tail)

    def write(self, line: bytes) -> None:
        """Add one line; the file is turned when it is full."""
        self._tail.append(line.decode(errors="replace").rstrip())
        self._file.write(line if line.endswith(b"\n") else line + b"\n")
        self._file.flush()
        if self._file.tell() >= self._limit:
            self._turn()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _turn(self) -> None:
        self._file.close()
        for number in range(KEPT - 1, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            if older.exists():
                older.replace(self.path.with_name(f"{self.path.name}.{number + 1}"))
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        self._file = self.path.open("ab")
        self.path.chmod(0o600)
