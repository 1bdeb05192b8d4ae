"""nlu.rasa: what no pattern can list, learned from marked examples: what customers say is wrong with a thing."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.utils import pattern_utils
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.sequence import Span, Spans

MODEL = "spans.crfsuite"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NamedEntities(GraphComponent, EntityExtractorMixin):
    """Finds spans of the kind `entity`; without a marked example it finds nothing. Stands after `PatternEntities`."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, spans: Spans | None = None
    ) -> None:
        self._config, self._storage, self._resource, self._spans = config, model_storage, resource, spans

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"entity": "fault"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NamedEntities:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        # In training no extractor has run before: the patterns are asked here as they are asked of a message.
        patterns = [
            re.compile(each["pattern"], re.IGNORECASE)
            for each in pattern_utils.extract_patterns(
                training_data, use_only_entities=False, use_word_boundaries=False
            )
        ]
        examples = [
            (text, self._spans_of(message, marked=True), [m.span() for p in patterns for m in p.finditer(text)])
            for message in training_data.training_examples
            if (text := message.get(TEXT))
        ]
        if any(marked for _, marked, _ in examples):
            with self._storage.write_to(self._resource) as folder:
                Spans.fit(examples, folder / MODEL)
        else:
            with self._storage.write_to(self._resource):
                pass
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **kwargs: Any,
    ) -> NamedEntities:  # fmt: skip
        with model_storage.read_from(resource) as folder:
            path = folder / MODEL
            return cls(config, model_storage, resource, Spans(path) if path.exists() else None)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if self._spans is None or not text:
                continue
            found = [
                {
                    ENTITY_ATTRIBUTE_TYPE: self._config["entity"],
                    ENTITY_ATTRIBUTE_START: start,
                    ENTITY_ATTRIBUTE_END: end,
                    ENTITY_ATTRIBUTE_VALUE: text[start:end],
                    EXTRACTOR: type(self).__name__,
                }
                for start, end in self._spans.find(text, self._spans_of(message, marked=False))
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _spans_of(self, message: Message, *, marked: bool) -> list[Span]:
        return [
            (each[ENTITY_ATTRIBUTE_START], each[ENTITY_ATTRIBUTE_END])
            for each in message.get(ENTITIES, [])
            if (each[ENTITY_ATTRIBUTE_TYPE] == self._config["entity"]) is marked
        ]
