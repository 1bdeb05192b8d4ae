"""cases: a report as a workbook: one sheet a table, with native charts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from cases.web.report_tables import Cell, Section

BAD_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
LONGEST_TITLE = 31
NARROW, BROAD = 16, 48

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Media type."""


def xlsx_of(title: str, note: str, sections: Sequence[Section], *, made_at: datetime) -> bytes:
    """The file."""
    book = Workbook()
    book.properties.title = title
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    for number, section in enumerate(sections):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = BAD_IN_A_TITLE.sub(" ", section.title)[:LONGEST_TITLE]
        if number == 0:
            _put(sheet, 1, (title,), bold=True)
            _put(sheet, 2, (note,))
        top = 4 if number == 0 else 1
        _put(sheet, top, section.columns, bold=True)
        for place, row in enumerate(section.rows, top + 1):
            _put(sheet, place, row)
        for column in range(len(section.columns)):
            sheet.column_dimensions[get_column_letter(column + 1)].width = BROAD if column in section.wide else NARROW
        sheet.column_dimensions["A"].width = 28
        if section.chart is not None and section.rows:
            _draw(sheet, section, top)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(sheet: object, row: int, cells: Sequence[Cell], *, bold: bool = False) -> None:
    for column, value in enumerate(cells, 1):
        cell = sheet.cell(row=row, column=column)  # type: ignore[attr-defined]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # words that begin with "=" are words
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            cell.font = Font(bold=True)


def _draw(sheet: object, section: Section, top: int) -> None:
    chart, last = BarChart(), top + len(section.rows)
    chart.type, chart.title, chart.legend = "bar" if len(section.rows) < 12 else "col", section.title, None  # noqa: PLR2004
    column = (section.chart or 0) + 1
    chart.add_data(Reference(sheet, min_col=column, min_row=top, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=last))
    sheet.add_chart(chart, f"{get_column_letter(len(section.columns) + 2)}{top}")  # type: ignore[attr-defined]
