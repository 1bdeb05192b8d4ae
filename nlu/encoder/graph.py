"""nlu.encoder: writes the weights as an ONNX graph that multiplies in 8 bits (no torch).

Input `input_ids`, `attention_mask` (batch, tokens); output `sentence_embedding` (batch, 384), mean-pooled and of
length 1. The word table keeps its 4 bits; matrices get 8 with a scale for each output.
docs/decisions/0009-eight-bits.md has the figures: half the time of 4 bits, mean cosine .997 to float32.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nlu.encoder.weights import BLOCK, Weights

MICROSOFT = "com.microsoft"
EPSILON = 1e-12
LARGEST = 127
"""Of an int8 weight; each output has a scale of its own."""


class _Graph:
    """Collects nodes and constants; each method returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.w = weights
        self.h = weights.shape.hidden
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, inputs: list[str], out: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [out], domain=domain, **attributes))
        return out

    def vector(self, name: str) -> str:
        return self.constant(name, self.w.floats(name, self.h))

    def linear(self, x: str, names: list[str], out: str, *, rows: int, columns: int, bias: bool = True) -> str:
        """`x @ W.T (+ b)` in 8 bits, several matrices stacked into one multiplication."""
        matrix = np.concatenate([self.w.dequantised(f"{n}.w", rows, columns) for n in names]).T
        scale = np.abs(matrix).max(axis=0) / LARGEST
        rounded = np.rint(matrix / scale).astype(np.int8)
        inputs = [
            x,
            self.constant(f"{out}.q", rounded),
            self.constant(f"{out}.s", scale.astype(np.float32)),
            self.constant(f"{out}.z", np.zeros(matrix.shape[1], np.int8)),
        ]
        if bias:
            inputs.append(self.constant(f"{out}.b", np.concatenate([self.w.floats(f"{n}.b", rows) for n in names])))
        return self.node("DynamicQuantizeMatMul", inputs, out, domain=MICROSOFT)

    def embeddings(self) -> str:
        shape = self.w.shape
        packed, scales = self.w.nibbles("emb.word", shape.vocabulary)
        words = [
            self.constant("word.q", packed.reshape(shape.vocabulary, self.h // 2)),
            "input_ids",
            self.constant("word.s", scales),
        ]
        self.node("GatherBlockQuantized", words, "word", domain=MICROSOFT,
                  block_size=BLOCK, gather_axis=0, quantize_axis=1, bits=4)  # fmt: skip
        positions = (
            self.w.floats("emb.pos", shape.positions, self.h) + self.w.floats("emb.type", shape.types, self.h)[0]
        )
        self.constant("positions", positions)
        self.node("Shape", ["input_ids"], "tokens", start=1, end=2)
        zero = self.constant("zero", np.array([0]))
        self.node("Slice", ["positions", zero, "tokens", zero], "position")
        self.node("Add", ["word", "position"], "embedded")
        self.node("Cast", ["attention_mask"], "mask_int", to=TensorProto.INT32)
        self.node("Cast", ["attention_mask"], "mask_float", to=TensorProto.FLOAT)
        names = ["embedded", self.vector("emb.ln.w"), self.vector("emb.ln.b")]
        return self.node("LayerNormalization", names, "x", axis=-1, epsilon=EPSILON)

    def layer(self, x: str, number: int) -> str:
        p, h = f"l{number}.", self.h
        q, k, v = (self.linear(x, [p + c], p + c, rows=h, columns=h) for c in "qkv")
        mixed = self.node("MultiHeadAttention", [q, k, v, "", "mask_int"], p + "mixed", domain=MICROSOFT,
                          num_heads=self.w.shape.heads)  # fmt: skip
        out = self.linear(mixed, [p + "ao"], p + "ao", rows=h, columns=h)
        names = [x, out, self.vector(p + "aln.w"), self.vector(p + "aln.b")]
        x = self.node("SkipLayerNormalization", names, p + "x", domain=MICROSOFT, epsilon=EPSILON)
        wide = self.w.shape.feed_forward
        grown = self.linear(x, [p + "fi"], p + "fi", rows=wide, columns=h, bias=False)
        bias = self.constant(p + "fi.b", self.w.floats(p + "fi.b", wide))
        bent = self.node("BiasGelu", [grown, bias], p + "gelu", domain=MICROSOFT)
        out = self.linear(bent, [p + "fo"], p + "fo", rows=h, columns=wide)
        names = [x, out, self.vector(p + "oln.w"), self.vector(p + "oln.b")]
        return self.node("SkipLayerNormalization", names, p + "y", domain=MICROSOFT, epsilon=EPSILON)

    def pooled(self, x: str) -> str:
        self.node("Unsqueeze", ["mask_float", self.constant("two", np.array([2]))], "mask")
        one = self.constant("one", np.array([1]))
        self.node("Mul", [x, "mask"], "masked")
        self.node("ReduceSum", ["masked", one], "sum", keepdims=0)
        self.node("ReduceSum", ["mask", one], "count", keepdims=0)
        self.node("Div", ["sum", "count"], "mean")
        return self.node("LpNormalization", ["mean"], "sentence_embedding", axis=-1, p=2)


def write_graph(weights: Weights, path: Path) -> None:
    """Write the encoder's ONNX graph to `path`."""
    graph = _Graph(weights)
    x = graph.embeddings()
    for number in range(weights.shape.layers):
        x = graph.layer(x, number)
    graph.pooled(x)
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"])
        for n in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", graph.h])
    made = helper.make_graph(graph.nodes, "multilingual-e5-small-int8", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=9), str(path))
