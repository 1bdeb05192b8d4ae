"""knowledge_base: reads and writes tables as CSV, TSV, XLSX and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from knowledge_base.adapters.decoding import decode
from knowledge_base.adapters.packages import BROKEN_XML, DAMAGES, check_size
from knowledge_base.exchange.columns import neutral, plain
from knowledge_base.exchange.tables import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    ROW_LIMIT,
    FileKind,
    Row,
    Table,
)
from knowledge_base.refusals import (
    CellTooLong,
    FileDamaged,
    NoRows,
    TooManyRows,
)

LINE_LIMIT = 2 * ROW_LIMIT
"""Lines of a workbook, empty ones too: a few bytes may stand for a million of them."""
BROKEN_BOOK = (
    *DAMAGES,
    *BROKEN_XML,
    InvalidFileException,  # not what openpyxl takes for a workbook
)
"""What reading a broken workbook raises; a part, sheet or shared text that is named but not there is a LookupError."""


def read_table(content: bytes, kind: FileKind, *, encoding: str = "") -> Table:
    """The table in a file of a kind that holds one. Blocking.

    Raises `FileUnpacksTooLarge`, `UnknownEncoding`, `FileDamaged`, `TooManyRows`, `CellTooLong`, `NoRows`.
    """
    used = ""
    if kind is FileKind.XLSX:
        lines: Iterable[tuple[int, Sequence[str]]] = _read_workbook(content)
    else:
        text, used = decode(content, encoding)
        lines = _read_json(text) if kind is FileKind.JSON else _read_separated(text, kind)
    return _table(kind, used, lines)


def write_table(kind: FileKind, headings: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    """A file that people open with two clicks; text files are UTF-8 with a mark, for the sake of Excel. Blocking."""
    if kind is FileKind.JSON:
        return json.dumps(list(rows), ensure_ascii=False, indent=1).encode()
    safe = [[neutral(row.get(heading, "")) for heading in headings] for row in rows]
    if kind is FileKind.XLSX:
        return _write_workbook(headings, safe)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t" if kind is FileKind.TSV else ",")
    writer.writerow(headings)
    writer.writerows(safe)
    return out.getvalue().encode("utf-8-sig")


def _read_separated(text: str, kind: FileKind) -> Iterator[tuple[int, Sequence[str]]]:
    first = text.partition("\n")[0]
    # Excel in some countries writes semicolons and calls it CSV.
    comma = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if kind is FileKind.TSV else comma)
    begins = 1
    try:
        for cells in reader:
            yield begins, [plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileDamaged(field="file", where=begins) from error


def _read_json(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileDamaged(field="file", where=getattr(error, "lineno", 1)) from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise FileDamaged(field="file", where=1)
    headings = list(dict.fromkeys(str(name) for each in found for name in each))
    yield 1, headings
    for number, each in enumerate(found, start=1):
        yield number, [_plain_value(each.get(heading)) for heading in headings]


def _plain_value(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_plain_value(each) for each in value)
    return "" if value is None else str(value)


def _read_workbook(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        check_size(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the file may claim any size
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=COLUMN_LIMIT), start=1):
            if number > LINE_LIMIT:
                raise TooManyRows(field="file", limit=ROW_LIMIT)
            yield number, [plain(_cell(value)) for value in cells]
        book.close()
    except BROKEN_BOOK as error:
        raise FileDamaged(field="file", where=1) from error


def _without_empty_end(headings: Sequence[str]) -> tuple[str, ...]:
    last = max(number for number, heading in enumerate(headings, start=1) if heading.strip())
    return tuple(headings[:last])


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _write_workbook(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("articles")
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(kind: FileKind, encoding: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Table:
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = _without_empty_end(cells[:COLUMN_LIMIT])
            continue
        if any(len(cell) > CELL_LIMIT for cell in cells):
            raise CellTooLong(field="file", where=number, limit=CELL_LIMIT)
        rows.append(Row(number=number, cells=tuple(cells[: len(headings)])))
        if len(rows) > ROW_LIMIT:
            raise TooManyRows(field="file", limit=ROW_LIMIT)
    if not rows:
        raise NoRows(field="file")
    return Table(kind=kind, encoding=encoding, headings=headings, rows=tuple(rows))
