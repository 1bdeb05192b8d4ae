"""nlu.encoder: writes the SentencePiece vocabulary of the weights as a `tokenizer.json` for the tokenizers library."""

from __future__ import annotations

import base64
import struct
from typing import Any

from nlu.encoder.weights import Weights

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
UNIT_BLOCK = 256
Trie = dict[int, Any]


def tokenizer_json(weights: Weights) -> dict[str, Any]:
    """The tokenizer as the tokenizers library reads it: NFC, the precompiled rules, Metaspace, Unigram."""
    ids = {name: weights.pieces.index(name) for name in SPECIALS}

    def special(name: str) -> dict[str, Any]:
        return {"SpecialToken": {"id": name, "type_id": 0}}

    def sequence(name: str) -> dict[str, Any]:
        return {"Sequence": {"id": name, "type_id": 0}}

    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": ids[n],
                "content": n,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for n in sorted(SPECIALS, key=ids.__getitem__)
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                # The file holds rules of one code point only; NFC supplies the composed pairs.
                {"type": "NFC"},
                {
                    "type": "Precompiled",
                    "precompiled_charsmap": base64.b64encode(_charsmap(weights.normalisation)).decode(),
                },
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special("<s>"), sequence("A"), special("</s>")],
            "pair": [special("<s>"), sequence("A"), special("</s>"), special("</s>"), sequence("B"), special("</s>")],
            "special_tokens": {n: {"id": n, "ids": [ids[n]], "tokens": [n]} for n in ("<s>", "</s>")},
        },
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": ids["<unk>"],
            "vocab": [[p, float(s)] for p, s in zip(weights.pieces, weights.scores, strict=True)],
            "byte_fallback": False,
        },
    }


def _charsmap(rules: dict[str, str]) -> bytes:
    """`rules` in SentencePiece's precompiled form: a darts-clone double array, then the NUL-ended targets."""
    targets = bytearray()
    where: dict[str, int] = {}
    trie: Trie = {}
    for source, target in rules.items():
        if target not in where:
            where[target] = len(targets)
            targets.extend(target.encode() + b"\0")
        node = trie
        for byte in source.encode():
            node = node.setdefault(byte, {})
        node[0] = where[target]
    units = _double_array(trie)
    packed = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(packed)) + packed + bytes(targets)


def _double_array(trie: Trie) -> list[int]:
    units, used, bases = [0] * UNIT_BLOCK, {0}, set[int]()
    stack: list[tuple[int, Trie]] = [(0, trie)]
    while stack:
        position, node = stack.pop()
        base = _free_base(units, used, bases, list(node))
        bases.add(base)
        units[position] |= ((position ^ base) << 10) | ((1 << 8) if 0 in node else 0)
        for label, child in node.items():
            place = base ^ label
            used.add(place)
            if label == 0:
                units[place] = (1 << 31) | child
            else:
                units[place] = label
                stack.append((place, child))
    return units


def _free_base(units: list[int], used: set[int], bases: set[int], labels: list[int]) -> int:
    block = max(0, len(units) // UNIT_BLOCK - 4)
    while True:
        if block * UNIT_BLOCK >= len(units):
            units.extend([0] * UNIT_BLOCK)
        for low in range(UNIT_BLOCK):
            base = block * UNIT_BLOCK + low
            if base and base not in bases and not any((base ^ label) in used for label in labels):
                return base
        block += 1
