"""nlu: named things in a text, by pattern. Pure.

The same two files feed Rasa's extractor and this module, so a customer's order number is found with and without Rasa.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from nlu.contracts import Entity

DATA = Path(__file__).parent / "rasa" / "data"
_FIRST = ("order_number", "phone", "amount", "date", "product")
"""Which kind wins where two overlap and are equally long."""


def find_entities(text: str) -> tuple[Entity, ...]:
    """The named things of `text` in order of their place; no two overlap."""
    found = (
        Entity(kind=kind, value=match.group(), start=match.start(), end=match.end())
        for kind, pattern in _patterns()
        for match in pattern.finditer(text)
    )
    return settle(found)


def settle(found: Iterable[Entity]) -> tuple[Entity, ...]:
    """`found` without overlaps: the longer one stays, among equals the more telling kind."""
    kept: list[Entity] = []
    rank = {kind: place for place, kind in enumerate(_FIRST)}
    for entity in sorted(found, key=lambda e: (e.start - e.end, rank.get(e.kind, len(rank)), e.start)):
        if entity.end > entity.start and all(entity.end <= k.start or entity.start >= k.end for k in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda e: e.start))


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(kind, pattern) as Rasa builds them: each regex by itself, each lookup table as one alternation."""
    made: list[tuple[str, str]] = []
    for name, kind in (("regexes.yml", "regex"), ("lookups.yml", "lookup")):
        for item in yaml.safe_load((DATA / name).read_text(encoding="utf-8"))["nlu"]:
            examples = [line[2:] for line in item["examples"].splitlines() if line.startswith("- ")]
            if kind == "regex":
                made += [(item[kind], example) for example in examples]
            else:
                made.append((item[kind], "|".join(re.escape(example) for example in examples)))
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in made)
