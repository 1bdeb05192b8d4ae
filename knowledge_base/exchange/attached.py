"""knowledge_base: attachments as lines of text, in cells of files and in comparisons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from knowledge_base.contracts import ATTACHMENT_PATH, Attachment

_LINE = re.compile(re.escape(ATTACHMENT_PATH) + r"([0-9a-f]{64})/(\S.*)")
SHORT_ID = 8
"""Characters of an id that tell two files of one name apart."""


def attachments_in(cell: str) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """(the attachments that `cell` names, one a line; lines that name none)."""
    found, others = [], []
    for line in filter(None, map(str.strip, cell.split("\n"))):
        named = _LINE.fullmatch(line)
        if named:
            found.append(Attachment(id=named.group(1), name=unquote(named.group(2))))
        else:
            others.append(line)
    return tuple(found), tuple(others)


def cell_of(attachments: Iterable[Attachment]) -> str:
    """What `attachments_in` reads."""
    return "\n".join(each.line for each in attachments)


def names_of(attachments: Iterable[Attachment]) -> str:
    """The same for somebody who compares: names, with as much of the content's mark as tells two of them apart."""
    return "\n".join(f"{each.name} ({each.id[:SHORT_ID]})" for each in attachments)
