"""knowledge_base: which column of somebody's file is which field. Pure.

Known names are found by themselves; what a person chose once is remembered for files with the same headings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from kit.contracts import Language
from knowledge_base.exchange.columns import FIELDS, SIDE

_SPACE = re.compile(r"[\s_\-()（）:：]+")


def guess_fields(headings: Sequence[str], names: Mapping[str, Sequence[str]], *, language: Language) -> dict[int, str]:
    """Field by column number. `names` are other names of fields; those without a language mean the side of `language`.

    No field is given twice: the first column that fits has it.
    """
    known = {_folded(name): field for field, others in names.items() for name in (field, *others)}
    found: dict[int, str] = {}
    for number, heading in enumerate(headings):
        field = heading.strip() if heading.strip() in FIELDS else known.get(_folded(heading), "")
        if field in SIDE:
            field = f"{language}.{field}"
        if field in FIELDS and field not in found.values():
            found[number] = field
    return found


def fingerprint(headings: Sequence[str]) -> str:
    """Names a kind of file: the same headings in the same order."""
    return hashlib.sha256("\x1f".join(map(_folded, headings)).encode()).hexdigest()[:32]


def _folded(name: str) -> str:
    return _SPACE.sub("", name).casefold()
