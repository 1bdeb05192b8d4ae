"""nlu.encoder: the sentence-transformers module around ONNX Runtime, and the encoder the house uses.

Imports sentence-transformers (4-5 s) inside functions only; call `load_encoder` in a thread.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu.contracts import TextRole, Vectors
from nlu.encoder.prepare import GRAPH, TOKENIZER, prepare
from nlu.encoder.weights import SHA256

BATCH = 32
RECENT = 2_048
"""Vectors of recent single texts kept; the turn, the editor's trial and a repeated question share them."""
BUILT_IN = "built-in"
"""Name in config.yml of the encoder that needs no download."""


def _ort_module(folder: Path, threads: int) -> Any:
    """A sentence-transformers input module that runs the 4-bit graph."""
    import onnxruntime  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from sentence_transformers.base.modules.input_module import InputModule  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A spinning pool would take the second core from the other processes between two questions.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")  # noqa: S106 - a token of the vocabulary, not a secret
    tokenizer.enable_truncation(512)

    class OrtE5(InputModule):  # type: ignore[misc]
        """multilingual-e5-small under ONNX Runtime: texts in, normalised mean-pooled vectors out."""

        config_keys: list[str] = []  # noqa: RUF012 - the base class reads it as a class attribute
        max_seq_length = 512

        def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
            clean = [(prompt or "") + str(t).encode("utf-8", "replace").decode() for t in inputs]
            encoded = tokenizer.encode_batch(clean)
            return {
                "input_ids": torch.tensor([e.ids for e in encoded]),
                "attention_mask": torch.tensor([e.attention_mask for e in encoded]),
            }

        def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
            names = ("input_ids", "attention_mask")
            (vectors,) = session.run(None, {name: features[name].numpy() for name in names})
            features["sentence_embedding"] = torch.from_numpy(vectors)
            return features

        def get_embedding_dimension(self) -> int:
            return int(session.get_outputs()[0].shape[1])

        get_sentence_embedding_dimension = get_embedding_dimension

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            self.save_config(output_path)

    return OrtE5()


class SentenceEncoder:
    """Fits `nlu.ports.Encoder` around any `SentenceTransformer`. Thread-safe; keeps recent single vectors."""

    def __init__(self, model: Any, *, fingerprint: str, prefixes: dict[TextRole, str]) -> None:
        import torch  # noqa: PLC0415 - the model has loaded it

        self._model, self._prefixes = model, prefixes
        self._inference = torch.inference_mode
        self._fingerprint = fingerprint
        self._dimensions = int(model.get_embedding_dimension())
        self._recent: OrderedDict[tuple[TextRole, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        if not texts:
            return np.zeros((0, self._dimensions), np.float32)
        if len(texts) == 1:
            return self._one(texts[0], role)
        return self._run_few(texts, role) if len(texts) <= BATCH else self._run(texts, role)

    def _one(self, text: str, role: TextRole) -> Vectors:
        with self._lock:
            known = self._recent.get((role, text))
            if known is not None:
                self._recent.move_to_end((role, text))
                return known
        made = self._run_few([text], role)
        with self._lock:
            self._recent[role, text] = made
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return made

    def _run(self, texts: Sequence[str], role: TextRole) -> Vectors:
        vectors = self._model.encode(
            list(texts),
            prompt=self._prefixes[role],
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return _kept(vectors)

    def _run_few(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """What `_run` gives for one batch, without its sorting, batching and progress: a millisecond of a turn."""
        with self._inference():
            features = self._model.preprocess(list(texts), prompt=self._prefixes[role])
            vectors = self._model.forward(features)["sentence_embedding"].numpy()
        return _kept(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _kept(vectors: Any) -> Vectors:
    made: Vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    made.flags.writeable = False
    return made


def load_encoder(model: str, *, threads: int, query_prefix: str, passage_prefix: str) -> SentenceEncoder:
    """The built-in encoder, or any sentence-transformers model by directory or hub name. Takes 4-5 s."""
    if model == BUILT_IN:
        # Without this a missing hub costs 70 s at every start.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    prefixes = {TextRole.QUERY: query_prefix, TextRole.PASSAGE: passage_prefix}
    told = f"{query_prefix}|{passage_prefix}"
    if model == BUILT_IN:
        transformer = SentenceTransformer(modules=[_ort_module(prepare(), threads)], device="cpu")
        name = f"e5-small-int8-{SHA256[:12]}"
    else:
        transformer = SentenceTransformer(model, device="cpu")
        name = model
    mark = hashlib.sha256(f"{name}|{told}".encode()).hexdigest()[:8]
    return SentenceEncoder(transformer, fingerprint=f"{Path(name).name}@{mark}", prefixes=prefixes)
