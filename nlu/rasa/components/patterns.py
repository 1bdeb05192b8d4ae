"""nlu.rasa: entities by pattern. Rasa's own extractor, except that a pattern needs no annotated example to be used."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
from rasa.nlu.utils import pattern_utils
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatternEntities(RegexEntityExtractor):
    """Rasa's extractor over all patterns of the training data, and over none without a warning a message."""

    def train(self, training_data: TrainingData) -> Resource:
        self.patterns = pattern_utils.extract_patterns(
            training_data, use_only_entities=False, use_word_boundaries=self._config["use_word_boundaries"]
        )
        with self._model_storage.write_to(self._resource):
            self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self.patterns:
            return super().process(messages)
        for message in messages:
            message.set(ENTITIES, message.get(ENTITIES, []), add_to_output=True)
        return messages
