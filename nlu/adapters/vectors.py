"""nlu: vectors of fixed texts, made once and kept in the data directory by content."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlu.contracts import TextRole, Vectors
from nlu.ports import Encoder

CHUNK = 256


def content_hash(*parts: object) -> str:
    """A short name for `parts` (JSON-able): the same content gives the same name."""
    told = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def write_whole(path: Path, made: Path) -> None:
    """Put `made` in the place of `path` in one step; readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made.replace(path)


def encode_sorted(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Question vectors of many texts, in their order; similar lengths are encoded together, which saves padding."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    made = np.zeros((len(texts), encoder.dimensions), np.float32)
    for start in range(0, len(order), CHUNK):
        part = order[start : start + CHUNK]
        made[part] = encoder.encode([texts[i] for i in part], TextRole.QUERY)
    return made


def kept_vectors(encoder: Encoder, texts: Sequence[str], folder: Path) -> Vectors:
    """Question vectors of `texts`, from `folder` when they were made before by this encoder. Blocking."""
    path = folder / f"vectors-{content_hash(encoder.fingerprint, list(texts))}.npz"
    try:
        with path.open("rb") as stored, np.load(stored, allow_pickle=False) as kept:
            vectors: Vectors = kept["vectors"]
            if vectors.shape == (len(texts), encoder.dimensions):
                return vectors
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        pass  # not made yet, or damaged: it is made anew
    vectors = encode_sorted(encoder, texts)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".npz", delete=False) as file:
        np.savez(file, vectors=vectors)
    write_whole(path, Path(file.name))
    return vectors
