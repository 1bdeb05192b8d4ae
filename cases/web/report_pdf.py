"""cases: a report as PDF, with charts: the same report, the same bytes. Chinese in a font that PDF viewers have."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cases.web.report_tables import Section
from kit.contracts import Language

CHINESE, LATIN = "STSong-Light", "Helvetica"
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2605\u2606]+")
WIDTH = A4[0] - 36 * mm
INK, BAR = colors.HexColor("#1d2430"), colors.HexColor("#2f6fb0")
MANY = 12
"""Columns from which on a chart stands upright."""
WIDE = 3.0
"""Share of a column of running text beside one of figures."""


def pdf_of(title: str, note: str, sections: Sequence[Section], *, language: Language, none: str) -> bytes:
    """The file. `none` is said where a table has no rows."""
    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    font = CHINESE if language is Language.ZH else LATIN
    text = _style("text", font, 9)
    heading, first = _style("heading", font, 12, before=10), _style("title", font, 18)
    parts: list[Flowable] = [Paragraph(_marked(title), first), Spacer(1, 4 * mm), Paragraph(_marked(note), text)]
    for section in sections:
        body: Flowable = _table(section, text) if section.rows else Paragraph(_marked(none), text)
        chart: list[Flowable] = []
        if section.chart is not None and any(row[section.chart] for row in section.rows):
            chart = [_chart(section, section.chart, font), Spacer(1, 2 * mm)]
        parts.append(KeepTogether([Paragraph(_marked(section.title), heading), Spacer(1, 2 * mm), *chart, body]))
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=16 * mm,
        title=title,
        invariant=1,
    )
    document.build(parts)
    return file.getvalue()


def _style(name: str, font: str, size: int, *, before: int = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=size * 1.4, textColor=INK, spaceBefore=before, wordWrap="CJK"
    )


def _marked(text: str) -> str:
    """Chinese in its font, wherever it stands."""
    return CJK.sub(lambda found: f'<font name="{CHINESE}">{found[0]}</font>', escape(text))


def _table(section: Section, style: ParagraphStyle) -> Table:
    shares = [WIDE if number in section.wide else 1.0 for number in range(len(section.columns))]
    if not section.wide:
        shares[0] = 2.0
    rows = [[Paragraph(_marked(str(cell)), style) for cell in row] for row in (section.columns, *section.rows)]
    table = Table(rows, colWidths=[WIDTH * share / sum(shares) for share in shares], repeatRows=1)
    lines = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
    ]
    table.setStyle(TableStyle(lines))
    return table


def _chart(section: Section, column: int, font: str) -> Drawing:
    names = [str(row[0]) for row in section.rows]
    values = [float(row[column]) for row in section.rows]
    upright = len(values) >= MANY
    height = 45 * mm if upright else (8 + 7 * len(values)) * mm
    chart = VerticalBarChart() if upright else HorizontalBarChart()
    drawing = Drawing(WIDTH, height)
    chart.x, chart.y = (12 * mm, 8 * mm) if upright else (48 * mm, 6 * mm)
    chart.width, chart.height = WIDTH - chart.x - 6 * mm, height - chart.y - 3 * mm
    if not upright:
        # The first row of the table is the uppermost bar.
        names, values = names[::-1], values[::-1]
    chart.data, chart.categoryAxis.categoryNames = [values], names
    chart.categoryAxis.labels.fontName = CHINESE if any(CJK.search(name) for name in names) else font
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 7
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(values) * 1.1
    chart.valueAxis.labelTextFormat = "%d"
    chart.valueAxis.valueStep = max(1, round(max(values) / 5))
    chart.bars[0].fillColor, chart.bars[0].strokeColor = BAR, None
    drawing.add(chart)
    return drawing
