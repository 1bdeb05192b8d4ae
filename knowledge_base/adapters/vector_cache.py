"""knowledge_base: vectors of texts already encoded on this machine. Fits `knowledge_base.ports.VectorCache`.

One SQLite file beside the encoder's own files, shared by all checkouts and databases: a second fresh desk starts
without encoding anything. It may be deleted at any time. Texts are kept as hashes only.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from nlu.contracts import TextRole, Vector

CHUNK = 400
LIMIT = 200_000
"""Vectors kept (768 bytes each at 384 dimensions); past it the oldest go."""
PATIENCE_SECONDS = 5.0

_Key = tuple[TextRole, str]


class FileVectorCache:
    """A cache that never fails: what cannot be read is encoded again, what cannot be written is not kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, encoder: str, texts: Sequence[_Key]) -> dict[_Key, Vector]:
        names = {_name(encoder, key): key for key in texts}
        found: dict[_Key, Vector] = {}
        try:
            with closing(self._connect()) as connection:
                wanted = list(names)
                for start in range(0, len(wanted), CHUNK):
                    part = wanted[start : start + CHUNK]
                    marks = ",".join("?" * len(part))
                    # The marks are question marks only.
                    query = f"SELECT name, vector FROM vectors WHERE name IN ({marks})"  # noqa: S608
                    for name, vector in connection.execute(query, part):
                        found[names[name]] = np.frombuffer(vector, "<f2").astype(np.float32)
        except (sqlite3.Error, OSError, ValueError):
            return {}
        return found

    def put(self, encoder: str, vectors: Mapping[_Key, Vector]) -> None:
        rows = [(_name(encoder, key), vector.astype("<f2").tobytes()) for key, vector in vectors.items()]
        try:
            with closing(self._connect()) as connection, connection:
                connection.executemany("INSERT OR IGNORE INTO vectors (name, vector) VALUES (?, ?)", rows)
                connection.execute(
                    "DELETE FROM vectors WHERE id <= (SELECT max(id) FROM vectors) - ?",
                    (LIMIT,),
                )
        except (sqlite3.Error, OSError):
            return

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=PATIENCE_SECONDS)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, vector BLOB NOT NULL)"
        )
        return connection


def _name(encoder: str, key: _Key) -> bytes:
    role, text = key
    return hashlib.sha256(f"{encoder}\0{role}\0{text}".encode("utf-8", "replace")).digest()
