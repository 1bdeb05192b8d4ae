"""kit: the text catalogues. Code holds keys; each room's `texts/zh.yml` and `texts/en.yml` hold the sentences.

Own code and not gettext or Fluent, because one catalogue must be read by Python and by plain browser modules
without a build step (docs/decisions/0003-texts.md). A catalogue is a flat or nested YAML mapping; nested keys are
joined with dots. Slots are `{name}`. Where a count matters, `<key>.one` is used when the slot `count` is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter

from kit.contracts import Language
from kit.yaml import load_yaml


class MissingText(KeyError):
    """A text key that no catalogue holds; a programming fault, found by the catalogue test."""


class Texts:
    """All texts of the house in every language."""

    def __init__(self, catalogues: Mapping[Language, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    @classmethod
    def load(cls, folders: Iterable[Path]) -> Texts:
        """Read `zh.yml` and `en.yml` of each folder; the same key in two folders is refused."""
        catalogues: dict[Language, dict[str, str]] = {language: {} for language in Language}
        for folder in folders:
            for language in Language:
                path = folder / f"{language}.yml"
                for key, text in _flat(load_yaml(path.read_text(encoding="utf-8"), texts_only=True) or {}):
                    if key in catalogues[language]:
                        message = f"text key {key} stands twice; second time in {path}"
                        raise ValueError(message)
                    catalogues[language][key] = text
        return cls(catalogues)

    def __call__(self, key: str, language: Language | str, /, **slots: object) -> str:
        """The sentence of `key` in `language`, slots filled."""
        catalogue = self._catalogues[Language(language)]
        if slots.get("count") == 1 and f"{key}.one" in catalogue:
            key = f"{key}.one"
        try:
            return catalogue[key].format(**slots)
        except (KeyError, IndexError) as error:
            raise MissingText(f"{key} ({language}): {error}") from error

    def section(self, prefix: str, language: Language | str) -> dict[str, str]:
        """All texts whose key starts with `prefix`, unfilled; for browser modules."""
        return {k: v for k, v in self._catalogues[Language(language)].items() if k.startswith(prefix)}

    def keys(self, language: Language) -> set[str]:
        """All keys of one language."""
        return set(self._catalogues[language])

    def has(self, key: str) -> bool:
        """Whether there is such a text; for keys made from data, such as the name of an action."""
        return key in self._catalogues[Language.ZH]

    def raw(self, key: str, language: Language) -> str:
        """One text as it stands in its catalogue, slots unfilled."""
        return self._catalogues[language][key]

    def slots(self, key: str, language: Language) -> set[str]:
        """The slot names of one text."""
        return {name for _, name, _, _ in Formatter().parse(self._catalogues[language][key]) if name}


def _flat(raw: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in raw.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
        else:
            message = f"{prefix}{key} must be a text"
            raise TypeError(message)
