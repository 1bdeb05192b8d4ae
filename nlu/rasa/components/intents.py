"""nlu.rasa: the intent classifier component around `components.intent_model`."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.embedding import FOLDED, SentenceVector
from components.intent_model import IntentModelData

RANKING = 5
UNKNOWN = "unknown"
"""First in the ranking of a message that belongs to no intent."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentModel(IntentClassifier, GraphComponent):
    """Ranks the intents and says `known`, the probability that the message is in scope; below .5 `unknown` leads."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModelData | None = None,
    ) -> None:
        self._config, self._storage, self._resource, self._model = config, model_storage, resource, model

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceVector]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"outlier": "", "wrongly_refused": 0.002}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentModel:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        vectors = np.stack([_vector(m) for m in examples])
        self._model = IntentModelData.fit(
            vectors,
            [m.get(FOLDED) for m in examples],
            [m.get(INTENT) for m in examples],
            outlier=self._config["outlier"],
            wrongly_refused=self._config["wrongly_refused"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> IntentModel:  # fmt: skip
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModelData.load(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            vector = _vector(message)
            if vector is None or self._model is None:
                continue
            probabilities, known = self._model.rank(vector.reshape(1, -1), [message.get(FOLDED)])
            best = np.argsort(-probabilities[0])[:RANKING]
            names = self._model.labels
            ranking = [{"name": names[i], "confidence": float(probabilities[0, i])} for i in best]
            if known[0] < 0.5:
                ranking.insert(0, {"name": UNKNOWN, "confidence": float(1 - known[0])})
            message.set("known", float(known[0]), add_to_output=True)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _vector(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT, [])
    return None if sentence is None else np.asarray(sentence.features, dtype=np.float32)[0]
