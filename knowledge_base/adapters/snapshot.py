"""knowledge_base: the index on disk. Fits `knowledge_base.ports.Snapshots`.

A snapshot is one folder, written aside and renamed in one step. Every file's SHA-256 stands in its manifest: a flipped
bit would load silently and change results (FACTS). A damaged or foreign snapshot is left alone and built anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from knowledge_base.adapters.neighbours import FaissBuilder, FaissNeighbours
from knowledge_base.corpus import ArticleRef, Corpus, Floats
from knowledge_base.head import Head
from knowledge_base.lexicon import Lexicon
from knowledge_base.segment import Segment, Snapshot
from knowledge_base.space import Space

FORMAT = 2
"""Grows when what is stored, or how texts are cut into words, changes."""
ARRAYS, POINTS, WORDS, INDEX, MANIFEST = "arrays.npz", "points.npy", "words.json", "neighbours.faiss", "manifest.json"
BLOCK = 1 << 20

log = structlog.get_logger(__name__)


class FileSnapshots:
    """Snapshots in one folder of the data directory; the newest whole one counts."""

    def __init__(self, folder: Path, builder: FaissBuilder) -> None:
        self._folder, self._builder = folder, builder

    def load(self, *, encoder: str) -> Snapshot | None:
        for path in self._newest_first():
            try:
                manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
                if manifest["format"] != FORMAT or manifest["encoder"] != encoder:
                    continue
                damaged = [name for name, mark in manifest["files"].items() if _mark(path / name) != mark]
                if damaged:
                    log.warning("knowledge_base.snapshot_damaged", snapshot=path.name, files=damaged)
                    continue
                return self._read(path, manifest)
            except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
                log.warning("knowledge_base.snapshot_damaged", snapshot=path.name, kind=type(error).__name__)
        return None

    def save(self, snapshot: Snapshot) -> None:
        try:
            self._save(snapshot)
        except OSError as error:
            # The desk answers from memory all the same; the next start takes longer.
            log.warning("knowledge_base.snapshot_not_saved", kind=type(error).__name__)

    def _save(self, snapshot: Snapshot) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=self._folder))
        try:
            self._write(making, snapshot)
            final = self._folder / f"{time.time_ns():020d}-{making.name.removeprefix('.making-')}"
            making.rename(final)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        for old in self._newest_first()[1:]:
            shutil.rmtree(old, ignore_errors=True)

    def _newest_first(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted((p for p in self._folder.iterdir() if p.is_dir() and p.name[0] != "."), reverse=True)

    def _write(self, folder: Path, snapshot: Snapshot) -> None:
        segment, lexicon = snapshot.segment, snapshot.segment.lexicon
        corpus = segment.corpus
        arrays = {
            "starts": corpus.starts,
            "languages": corpus.languages,
            "roles": corpus.roles,
            "owner": corpus.owner,
            "vectors": corpus.vectors.astype(np.float16),
            "metric_length": segment.metric_length,
            "denies": segment.denies,
            "asks": segment.asks,
            "background": segment.background,
            "weight": lexicon.weight,
            "row_starts": lexicon.row_starts,
            "row_words": lexicon.row_words,
            "word_starts": lexicon.word_starts,
            "word_rows": lexicon.word_rows,
            "row_total": lexicon.row_total,
            "means": snapshot.space.means,
            "metric": snapshot.space.metric,
            **_head_arrays(segment.head),
        }
        with (folder / ARRAYS).open("wb") as file:
            np.savez(file, **arrays)
        np.save(folder / POINTS, segment.points)
        words = {
            "articles": [[ref.id, ref.version] for ref in corpus.articles],
            "wordings": corpus.wordings,
            "lexicon": list(lexicon.numbers),
            "unseen": lexicon.unseen,
        }
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        if not isinstance(segment.neighbours, FaissNeighbours):
            raise TypeError("only an index built by FaissBuilder can be saved")
        self._builder.write(segment.neighbours, folder / INDEX)
        manifest = {
            "format": FORMAT,
            "encoder": snapshot.encoder,
            "kind": segment.neighbours.kind,
            "files": {name: _mark(folder / name) for name in (ARRAYS, POINTS, WORDS, INDEX)},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        for path in folder.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())

    def _read(self, folder: Path, manifest: dict[str, Any]) -> Snapshot:
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            a = {name: arrays[name] for name in arrays.files}
        points = np.load(folder / POINTS, allow_pickle=False)
        corpus = Corpus(
            articles=tuple(ArticleRef(id=article_id, version=version) for article_id, version in words["articles"]),
            starts=a["starts"],
            vectors=a["vectors"].astype(np.float32),
            languages=a["languages"],
            roles=a["roles"],
            wordings=tuple(words["wordings"]),
            owner=a["owner"],
        )
        lexicon = Lexicon(
            numbers={word: number for number, word in enumerate(words["lexicon"])},
            weight=a["weight"],
            row_starts=a["row_starts"],
            row_words=a["row_words"],
            word_starts=a["word_starts"],
            word_rows=a["word_rows"],
            row_total=a["row_total"],
            unseen=float(words["unseen"]),
        )
        segment = Segment(
            corpus=corpus,
            points=points,
            metric_length=a["metric_length"],
            denies=a["denies"],
            asks=a["asks"],
            lexicon=lexicon,
            neighbours=self._builder.read(folder / INDEX, points, manifest["kind"]),
            background=a["background"],
            head=_read_head(a, points, lexicon),
        )
        return Snapshot(segment=segment, space=Space(means=a["means"], metric=a["metric"]), encoder=manifest["encoder"])


def _head_arrays(head: Head | None) -> dict[str, Any]:
    if head is None:
        return {}
    return {
        "head_rows": head.rows,
        "head_word_lengths": head.word_lengths,
        "head_weights": head.weights,
        "head_left_out": head.left_out,
    }


def _read_head(a: dict[str, Any], points: Floats, lexicon: Lexicon) -> Head | None:
    if "head_rows" not in a:
        return None
    rows = a["head_rows"]
    return Head(
        rows=rows,
        points=points if len(rows) == len(points) else points[rows],
        word_lengths=a["head_word_lengths"],
        lexicon=lexicon,
        weights=a["head_weights"],
        left_out=a["head_left_out"],
    )


def _mark(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
