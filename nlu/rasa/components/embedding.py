"""nlu.rasa: the sentence vector as a dense feature. It rides in the message's metadata; Rasa encodes nothing itself.

In training the desk's own encoder is asked over loopback (`nlu.training` starts it for that long).
"""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

BATCH = 256
TIMEOUT_SECONDS = 120
FOLDED = "folded"
"""Message key of the text as the encoder read it; the intent model takes its words from there."""


def vector_of(packed: str) -> np.ndarray:
    """A vector as it travels: base64 of little-endian float32. Raises ValueError when it is none."""
    vector = np.frombuffer(base64.b64decode(packed, validate=True), dtype="<f4")
    if not vector.size or not np.isfinite(vector).all():
        raise ValueError("not a vector of finite numbers")
    return vector


def ask_encoder(texts: list[str]) -> tuple[np.ndarray, list[str]]:
    """(vectors, folded texts) from the desk's encoder."""
    request = urllib.request.Request(
        os.environ["DESK_ENCODER_URL"],
        json.dumps({"texts": texts}).encode(),
        {"Content-Type": "application/json", "X-Desk-Secret": os.environ["DESK_RASA_SECRET"]},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        body = json.load(answer)
    return np.stack([vector_of(v) for v in body["vectors"]]), body["folded"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVector(DenseFeaturizer, GraphComponent):
    """Adds the dense sentence feature and the folded text to every message."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"alias": None, "encoder": ""}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVector:
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to validate: the encoder's name only keeps models of different encoders apart."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        for start in range(0, len(messages), BATCH):
            part = messages[start : start + BATCH]
            vectors, folded = ask_encoder([m.get(TEXT) for m in part])
            for message, vector, text in zip(part, vectors, folded, strict=True):
                self._add(message, vector, text)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            metadata = message.get("metadata") or {}
            if "embedding" in metadata:
                text = metadata.get("normalised") or message.get(TEXT) or ""
                self._add(message, vector_of(metadata["embedding"]), text)
        return messages

    def _add(self, message: Message, vector: np.ndarray, folded: str) -> None:
        message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        message.set(FOLDED, folded)
