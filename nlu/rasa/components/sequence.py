"""nlu.rasa: spans of a text learned from marked examples by a CRF over words and Chinese characters; no Rasa."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

Span = tuple[int, int]
"""Start and end in characters."""
OUTSIDE, BEGINS, GOES_ON = "O", "B", "I"
SURE = 0.4
"""Probability from which a word belongs to a span; chosen on the training rows left out in turn (0047)."""
NEW = 0.5
"""Probability from which a word next to a span begins another."""
_TOKEN = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+(?:'[a-z]+)?|[0-9]+|[^\s\w]")
_STRONG = re.compile(r"[，。！？；、,.!?;\n]")
TRAINING = {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True}


def tokens_of(text: str) -> list[Span]:
    """Words of Latin letters, numbers, single Chinese characters and marks, in order."""
    return [match.span() for match in _TOKEN.finditer(text)]


def features_of(text: str, tokens: Sequence[Span], known: Sequence[Span]) -> list[list[str]]:
    """What the model sees of each token: itself, its neighbours, whether a pattern took it, where a clause ends."""
    words = [text[start:end].lower() for start, end in tokens]
    taken = [any(a < end and start < b for a, b in known) for start, end in tokens]
    gaps = [index > 0 and tokens[index - 1][1] < start for index, (start, _) in enumerate(tokens)]

    def word(index: int) -> str:
        return words[index] if 0 <= index < len(words) else "_"

    made = []
    for index, here in enumerate(words):
        seen = [f"w={here}", f"taken={taken[index]}", f"space={gaps[index]}"]
        seen += [f"w{step:+d}={word(index + step)}" for step in (-3, -2, -1, 1, 2, 3)]
        seen += [f"p{step:+d}={word(index + step)}|{word(index + step + 1)}" for step in (-2, -1, 0, 1)]
        seen.append(f"t={word(index - 1)}|{here}|{word(index + 1)}")
        if here[0].isascii() and here[0].isalpha():
            seen += [f"end={here[-3:]}", f"begin={here[:3]}", "latin"]
        elif here.isdigit():
            seen.append("digits")
        elif _STRONG.match(here):
            seen.append("mark")
        if index and taken[index - 1] and not taken[index]:
            seen.append("after_taken")
        made.append(seen)
    return made


class Spans:
    """The model of one kind of span."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError when `path` holds no model."""
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))

    @staticmethod
    def fit(examples: Sequence[tuple[str, Sequence[Span], Sequence[Span]]], path: Path) -> None:
        """Learn from (text, marked spans, spans a pattern took) and write the model to `path`."""
        trainer = pycrfsuite.Trainer(verbose=False)
        trainer.set_params(TRAINING)
        for text, marked, known in examples:
            tokens = tokens_of(text)
            if tokens:
                trainer.append(features_of(text, tokens, known), _labels(tokens, marked))
        trainer.train(str(path))

    def find(self, text: str, known: Sequence[Span]) -> list[Span]:
        """The spans of `text` that are surely of the kind."""
        tokens = tokens_of(text)
        if not tokens:
            return []
        self._tagger.set(features_of(text, tokens, known))
        found: list[Span] = []
        inside = False
        for index, (start, end) in enumerate(tokens):
            begins = self._tagger.marginal(BEGINS, index)
            sure = begins + self._tagger.marginal(GOES_ON, index) >= SURE
            if sure and inside and begins < NEW:
                found[-1] = (found[-1][0], end)
            elif sure:
                found.append((start, end))
            inside = sure
        return found


def _labels(tokens: Sequence[Span], marked: Sequence[Span]) -> list[str]:
    labels = []
    for start, end in tokens:
        span = next((one for one in marked if one[0] <= start and end <= one[1]), None)
        labels.append(OUTSIDE if span is None else BEGINS if start == span[0] else GOES_ON)
    return labels
