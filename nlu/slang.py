"""nlu: colloquial words and shopping slang as the plain words that articles use. Pure."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "starter" / "slang.yml"


def replace_slang(text: str) -> str:
    """`text` (simplified characters) with its slang in plain words."""
    pattern, plain = _slang()
    return pattern.sub(lambda found: plain[found.group()], text)


@functools.cache
def _slang() -> tuple[re.Pattern[str], dict[str, str]]:
    """(any slang word, the plain word of each)."""
    plain: dict[str, str] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["words"]
    longest_first = sorted(plain, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), plain
