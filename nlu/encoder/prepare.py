"""nlu.encoder: makes the encoder's files once on this machine, in a cache that all checkouts share."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from nlu.encoder.weights import SHA256, find_weights

FORMAT = 1
"""Grows when the graph or the tokenizer is written differently: old files are then left alone and new ones made."""
GRAPH = "model_int8.onnx"
TOKENIZER = "tokenizer.json"


def cache_folder() -> Path:
    """Where the prepared files live: `$XDG_CACHE_HOME/helpdesk/encoder/<name>` (default `~/.cache`)."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "helpdesk" / "encoder" / f"e5-small-int8-{SHA256[:12]}-{FORMAT}"


def prepare() -> Path:
    """Make the files unless they are there; returns their folder. About 5 s the first time.

    Two processes may prepare at once: each writes a folder of its own and the first rename wins.
    """
    folder = cache_folder()
    if (folder / GRAPH).exists() and (folder / TOKENIZER).exists():
        return folder
    # Imported here: onnx is only needed for this one conversion.
    from nlu.encoder.graph import write_graph  # noqa: PLC0415
    from nlu.encoder.tokenizer import tokenizer_json  # noqa: PLC0415
    from nlu.encoder.weights import Weights  # noqa: PLC0415

    weights = Weights(find_weights())
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        write_graph(weights, made / GRAPH)
        (made / TOKENIZER).write_text(json.dumps(tokenizer_json(weights), ensure_ascii=False), encoding="utf-8")
        try:
            made.rename(folder)
        except OSError:
            if not (folder / GRAPH).exists():
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder
