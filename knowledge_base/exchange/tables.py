"""knowledge_base: a file of articles as a plain table. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What articles are read from and written to."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    JSON = "json"


SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes of a file."""
UNPACKED_LIMIT = 300 * 1024 * 1024
"""Bytes that a packed file may unfold to."""
ROW_LIMIT = 5_000
"""Rows of one file: all of them are stored together, and the single writer of SQLite is needed by others too."""
COLUMN_LIMIT = 200
CELL_LIMIT = 40_000
"""Characters in one cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file."""

    number: int
    """As the spreadsheet or editor counts, so that people find it."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read."""

    kind: FileKind
    encoding: str
    """Empty where the kind has only one."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
