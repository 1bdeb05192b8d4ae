"""knowledge_base: a file of articles as a plain table. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kit.files import SentFile


class FileKind(StrEnum):
    """What articles are read from and, those of `WRITTEN`, written to."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    JSON = "json"
    MARKDOWN = "markdown"
    """A zip of Markdown files with front matter, or one such file."""
    HTML = "html"
    """A help centre's pages in a zip, or one page."""
    DOCX = "docx"


WRITTEN = (FileKind.CSV, FileKind.TSV, FileKind.XLSX, FileKind.JSON, FileKind.MARKDOWN)
"""The kinds of an export; reading one of them again changes nothing."""
ENDINGS = ("csv", "tsv", "xlsx", "json", "zip", "md", "html", "htm", "docx")
"""How the names of files that are read end."""


SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes of a file."""
UNPACKED_LIMIT = 300 * 1024 * 1024
"""Bytes that a packed file may unfold to."""
ROW_LIMIT = 100_000
"""Rows of one file."""
PAGE_LIMIT = 15_000
"""Files of one package: two languages of five thousand articles, and pictures."""
COLUMN_LIMIT = 200
CELL_LIMIT = 40_000
"""Characters in one cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file."""

    number: int
    """As the spreadsheet or editor counts, so that people find it."""
    cells: tuple[str | None, ...]
    """None where a page says nothing of a field that others speak of; what the article holds then stays."""
    name: str = ""
    """Of the page in a package of pages, which have no lines to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read."""

    kind: FileKind
    encoding: str
    """Empty where the kind has only one."""
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Files of pictures by SHA-256; answers name them `picture:<SHA-256>`."""
    attachments: Mapping[str, SentFile] = field(default_factory=dict)
    """Attachments by id; cells name them as `knowledge_base.exchange.attached` reads it."""
