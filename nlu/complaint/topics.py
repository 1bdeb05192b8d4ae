"""nlu.complaint: words that point to a category, counted for the classifier, which weighs them. Pure.

The words stand in nlu/starter/complaint_words.yml. A category of that file need not be one of the desk's: whatever the
desk calls its categories, "refund" and "parcel" are still features of a text.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from nlu.complaint.phrases import phrase_pattern
from nlu.contracts import Vectors

FILE = Path(__file__).parents[1] / "starter" / "complaint_words.yml"


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = yaml.safe_load(topics_text())["words"]
    found = (phrase_pattern([str(word) for word in words[topic]]) for topic in sorted(words))
    return tuple(pattern for pattern in found if pattern is not None)


def topics_text() -> str:
    """The word lists as they stand; part of what a fitted model is named after."""
    return FILE.read_text(encoding="utf-8")


def topic_counts(folded: Sequence[str]) -> Vectors:
    """One row a text, one column a topic: the logarithm of one plus its different words in the text."""
    told = [[math.log1p(len(set(pattern.findall(text)))) for pattern in _patterns()] for text in folded]
    return np.array(told, np.float32).reshape(len(folded), len(_patterns()))


def topic_spans(folded: str) -> list[tuple[int, int, int]]:
    """(topic, start, end) of every word found."""
    return [(topic, *m.span()) for topic, pattern in enumerate(_patterns()) for m in pattern.finditer(folded)]
