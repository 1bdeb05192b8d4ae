"""knowledge_base: the pictures that a file brought, and how its answers name them in the end. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge_base.exchange.pages import PICTURE
from knowledge_base.exchange.tables import Row

_PICTURE = re.compile(re.escape(PICTURE) + r"([0-9a-f]{64})")


def with_addresses(rows: Sequence[Row], addresses: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows with the address of every picture, by SHA-256 of its file."""
    if not addresses:
        return tuple(rows)

    def named(found: re.Match[str]) -> str:
        return addresses.get(found.group(1), found.group())

    return tuple(
        replace(row, cells=tuple(cell and _PICTURE.sub(named, cell) for cell in row.cells))
        if any(cell and PICTURE in cell for cell in row.cells)
        else row
        for row in rows
    )
