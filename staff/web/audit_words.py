"""staff: what the audit trail noted before and after, in the reader's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kit.contracts import Language

AuditWords = Callable[[str, Language], Mapping[str, str]]
"""What the names mean that an action notes; nothing for actions that note people's own words."""
BETWEEN = re.compile(r"(, |\+|=|/)")
"""What stands between the names of one note."""


def in_words(noted: str, words: Mapping[str, str]) -> str:
    """The note with every name of `words` replaced; what is no such name stays as it was noted.

    Names stand on the first line only: what is below it was typed by people.
    """
    names, line, typed = noted.partition("\n")
    return "".join(words.get(part, part) for part in BETWEEN.split(names)) + line + typed
