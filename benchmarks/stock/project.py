"""benchmarks.stock: writes the project. Rasa's default pipeline and a ResponseSelector over one retrieval intent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import yaml

HOUSE = Path(__file__).parents[2]
ARTICLES = HOUSE / "knowledge_base" / "starter" / "articles"
SMALL_TALK = HOUSE / "nlu" / "rasa" / "data" / "nlu"
SMALL_INTENTS = ("greet", "goodbye", "thanks")

CONFIG = """
recipe: default.v1
assistant_id: stock
language: en
# What `rasa init` writes. Chinese would gain from a word tokenizer; Rasa ships JiebaTokenizer as an extra only.
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
- name: EntitySynonymMapper
- name: ResponseSelector
  retrieval_intent: faq
  epochs: {epochs}
- name: FallbackClassifier
  threshold: 0.3
  ambiguity_threshold: 0.1
policies:
- name: MemoizationPolicy
- name: RulePolicy
"""
EPOCHS = 3
"""Rasa's default is a hundred, for this content hours on two cores. Speed of answers does not depend on it: the same
network is asked. How right its answers are is not compared (after four of twenty its intents were .998 right on what it
learned from)."""


@dataclass(frozen=True, slots=True)
class Project:
    """The files of a project by name, and a name for their content."""

    files: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Names the content: the same project is trained once."""
        return hashlib.sha256(json.dumps(self.files, sort_keys=True).encode()).hexdigest()[:16]

    def write(self, folder: Path) -> None:
        """Put the files into `folder`."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")


def project(*, epochs: int = EPOCHS) -> Project:
    """The stock bot over the starter articles: title and published wordings as examples, the answer as response."""
    examples: list[dict[str, str]] = []
    responses: dict[str, list[dict[str, str]]] = {}
    for path in sorted(ARTICLES.glob("*.yml")):
        for article in yaml.safe_load(path.read_text(encoding="utf-8")):
            for language in ("zh", "en"):
                texts = article[language]
                intent = f"faq/{language}-{article['key']}"
                wordings = [texts["title"], *texts["questions"]]
                examples += [{"text": wording, "intent": intent} for wording in wordings]
                responses[f"utter_{intent}"] = [{"text": f"{article['key']}\n{texts['answer']}"}]
    domain = {
        "version": "3.1",
        "intents": ["faq", *SMALL_INTENTS],
        "responses": {**responses, **{f"utter_{name}": [{"text": name}] for name in SMALL_INTENTS}},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": False},
    }
    rules = [
        {"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in ("faq", *SMALL_INTENTS)
    ]
    fallback = {"rule": "unsure", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_unsure"}]}
    domain["responses"]["utter_unsure"] = [{"text": "?"}]  # type: ignore[index]
    return Project(
        {
            "config.yml": CONFIG.format(epochs=epochs),
            "domain.yml": yaml.safe_dump(domain, allow_unicode=True),
            "data/faq.json": json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False),
            "data/rules.yml": yaml.safe_dump({"version": "3.1", "rules": [*rules, fallback]}),
            **{f"data/{name}.yml": (SMALL_TALK / f"{name}.yml").read_text(encoding="utf-8") for name in SMALL_INTENTS},
            "credentials.yml": "rest:\n",
            "endpoints.yml": "{}\n",
        }
    )
