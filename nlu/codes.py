"""nlu: models and error codes in a text, such as E1, V8 or RO-600. Pure.

Two codes differ by one character and name different things; the encoder hardly tells them apart.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"(?!m[23]\b)[a-z]+[-.]?\d[\d.,]*[a-z]*", re.IGNORECASE | re.ASCII)
"""Letters before digits. What stands behind digits is a unit (10kg), and so are m2 and m3."""
_IN_TEXT = re.compile(rf"(?<![a-z\d]){_CODE.pattern}", re.IGNORECASE | re.ASCII)


def is_code(word: str) -> bool:
    """Whether a word begins as a model or an error code does."""
    return _CODE.match(word) is not None


def names_code(text: str) -> bool:
    """Whether a text names a model or an error code."""
    return _IN_TEXT.search(text) is not None


def without_codes(text: str) -> str:
    """The text without the models and error codes it names."""
    return _IN_TEXT.sub("", text)
