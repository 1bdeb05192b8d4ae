"""knowledge_base: files of articles of every kind. Fits `knowledge_base.ports.ArticleFiles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge_base.adapters.page_files import pictures_named, read_pages, write_markdown
from knowledge_base.adapters.table_files import read_table, write_table
from knowledge_base.exchange.tables import SIZE_LIMIT, FileKind, Table
from knowledge_base.refusals import FileTooLarge, UnknownFileKind

PACKED = b"PK\x03\x04"
KINDS = {
    "csv": FileKind.CSV,
    "tsv": FileKind.TSV,
    "xlsx": FileKind.XLSX,
    "json": FileKind.JSON,
    "md": FileKind.MARKDOWN,
    "zip": FileKind.MARKDOWN,  # of Markdown or HTML; each of its files is read as what it is
    "html": FileKind.HTML,
    "htm": FileKind.HTML,
    "docx": FileKind.DOCX,
}


class DeskFiles:
    """Reads and writes; knows no articles."""

    def read(self, content: bytes, name: str, *, encoding: str) -> Table:
        return read_file(content, name, encoding=encoding)

    def write(
        self,
        kind: FileKind,
        headings: Sequence[str],
        rows: Sequence[dict[str, str]],
        *,
        pictures: Mapping[str, bytes],
        attachments: Mapping[str, bytes],
    ) -> bytes:
        if kind is FileKind.MARKDOWN:
            return write_markdown(rows, pictures, attachments)
        return write_table(kind, headings, rows)

    def pictures(self, rows: Sequence[dict[str, str]]) -> list[str]:
        return pictures_named(rows)


def read_file(content: bytes, name: str, *, encoding: str = "") -> Table:
    """The articles in a file as a table; `encoding` is for people who know better than the guess. Blocking.

    Raises `FileTooLarge`, `UnknownFileKind` and what `read_table` and `read_pages` raise.
    """
    if len(content) > SIZE_LIMIT:
        raise FileTooLarge(field="file", limit=SIZE_LIMIT // (1024 * 1024))
    ending = name.rpartition(".")[2].lower()
    kind = KINDS.get(ending)
    if kind is None or content.startswith(PACKED) != (ending in {"xlsx", "zip", "docx"}):
        raise UnknownFileKind(field="file")
    if kind in {FileKind.MARKDOWN, FileKind.HTML, FileKind.DOCX}:
        return read_pages(content, name, kind, encoding=encoding)
    return read_table(content, kind, encoding=encoding)
