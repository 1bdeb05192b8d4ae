"""cases: a report as PDF, with charts: the same report, the same bytes, the same look on every computer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cases.web.report_font import report_font
from cases.web.report_tables import Section

WIDTH = A4[0] - 36 * mm
INK, BAR = colors.HexColor("#1d2430"), colors.HexColor("#2f6fb0")
MANY = 12
"""Bars of a chart; more are drawn only where their names are as short as those of days."""
SHORT = 3
"""Letters of a name that has room below a column."""
TICKS = 5
"""About as many figures stand along an axis."""
WIDE = 3.0
"""Share of a column of running text beside one of figures."""


def pdf_of(title: str, note: str, sections: Sequence[Section], *, none: str) -> bytes:
    """The file. `none` is said where a table has no rows."""
    font = report_font()
    text = _style("text", font, 9)
    heading, first = _style("heading", font, 12, before=10), _style("title", font, 18)
    parts: list[Flowable] = [Paragraph(escape(title), first), Spacer(1, 4 * mm), Paragraph(escape(note), text)]
    for section in sections:
        body: Flowable = _table(section, text) if section.rows else Paragraph(escape(none), text)
        chart: list[Flowable] = []
        if section.chart is not None and any(row[section.chart] for row in section.rows):
            chart = [_chart(section, section.chart, font), Spacer(1, 2 * mm)]
        parts.append(KeepTogether([Paragraph(escape(section.title), heading), Spacer(1, 2 * mm), *chart, body]))
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=title,
        initialFontName=font,
        invariant=1,
    )
    document.build(parts)
    return file.getvalue()


def _style(name: str, font: str, size: int, *, before: int = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.4, textColor=INK, spaceBefore=before, wordWrap="CJK"
    )


def _table(section: Section, style: ParagraphStyle) -> Table:
    shares = [WIDE if number in section.wide else 1.0 for number in range(len(section.columns))]
    if not section.wide:
        shares[0] = 2.0
    rows = [[Paragraph(escape(str(cell)), style) for cell in row] for row in (section.columns, *section.rows)]
    table = Table(rows, colWidths=[WIDTH * share / sum(shares) for share in shares], repeatRows=1)
    lines = [
        ("FONTNAME", (0, 0), (-1, -1), style.fontName),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
    ]
    table.setStyle(TableStyle(lines))
    return table


def _chart(section: Section, column: int, font: str) -> Drawing:
    names = [str(row[0]) for row in section.rows]
    values = [float(row[column]) for row in section.rows]
    upright = len(values) > MANY and all(len(name) <= SHORT for name in names)
    if not upright:
        names, values = names[:MANY], values[:MANY]
    height = 45 * mm if upright else (8 + 7 * len(values)) * mm
    chart = VerticalBarChart() if upright else HorizontalBarChart()
    drawing = Drawing(WIDTH, height)
    chart.x, chart.y = (12 * mm, 8 * mm) if upright else (48 * mm, 6 * mm)
    chart.width, chart.height = WIDTH - chart.x - 6 * mm, height - chart.y - 3 * mm
    if not upright:
        # The first row of the table is the uppermost bar.
        names, values = names[::-1], values[::-1]
    chart.data, chart.categoryAxis.categoryNames = [values], names
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = font
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 7
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(values) * 1.1
    chart.valueAxis.labelTextFormat = "%d"
    chart.valueAxis.valueStep = round_step(max(values))
    chart.bars[0].fillColor, chart.bars[0].strokeColor = BAR, None
    drawing.add(chart)
    return drawing


def round_step(most: float) -> int:
    """How far apart the figures along an axis stand: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * TICKS >= most:
                return step
        power *= 10
