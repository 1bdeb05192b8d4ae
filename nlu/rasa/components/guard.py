"""nlu.rasa: the first component. A customer's text is text, whatever it looks like."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

TEXT_LIMIT = 2_000
"""An unbounded pattern over a longer text blocked the whole server (FACTS)."""
HARMLESS = "\u2215"
"""DIVISION SLASH: one character for one, so that the places of entities stay right."""


def harmless(text: str) -> str:
    """`text` cut to the limit; a leading `/`, by which Rasa would execute it as an intent, becomes a look-alike."""
    cut = text[:TEXT_LIMIT]
    stripped = cut.lstrip()
    if stripped.startswith("/"):
        at = len(cut) - len(stripped)
        cut = cut[:at] + HARMLESS + cut[at + 1 :]
    return cut


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Guard(GraphComponent):
    """Applies `harmless`; also holds when the text came by another door than our channel."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Guard:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(TEXT, harmless(text), add_to_output=True)
        return messages
