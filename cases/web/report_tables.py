"""cases: a report as titled tables in the reader's words; page, PDF and XLSX are drawn from these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.contracts.reports import Report, Satisfied, Volume
from cases.contracts.surveys import Measure
from cases.web.words import Words

Cell = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table. Where there is a chart, it draws the column of that number over the first one."""

    name: str
    """For addresses and tests; never shown."""
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: int | None = None
    wide: frozenset[int] = frozenset()
    """Columns of running text."""


def sections_of(report: Report, words: Words) -> tuple[Section, ...]:
    """All tables of a report, in the order in which they are read."""
    t = words.texts

    def text(key: str, **slots: object) -> str:
        return t(f"cases.report.{key}", words.language, **slots)

    def volumes(name: str, found: Iterable[Volume], label: dict[str, str]) -> Section:
        rows = tuple((label.get(each.name, each.name), each.count, each.before) for each in found)
        columns = (text(f"column_{name}"), text("count"), text("before"))
        return Section(name=f"by_{name}", title=text(f"by_{name}"), columns=columns, rows=rows, chart=1)

    days = tuple((str(number), count) for number, count in enumerate(report.by_day, report.first.day))
    if report.span == "week":
        days = tuple((text(f"day.{number}"), count) for number, count in enumerate(report.by_day))
    severities = {name: t(f"cases.severity.{name}", words.language) for name in ("normal", "serious", "critical")}
    products = {each.name: each.label(words.language) for each in words.settings.after_sales.products}
    return (
        Section(
            name="summary",
            title=text("summary"),
            columns=(text("figure"), text("count"), text("before")),
            rows=(
                (text("opened"), report.opened.count, report.opened.before),
                (text("repeat"), report.repeat, ""),
                (text("open_at_end"), report.open_at_end, ""),
            ),
        ),
        Section(
            name="ended",
            title=text("ended"),
            columns=(text("how"), text("count")),
            rows=(
                (t("cases.closure.confirmed", words.language), report.confirmed),
                (t("cases.closure.silence", words.language), report.silence),
                (text("came_back"), report.came_back),
                (t("cases.closure.withdrawn", words.language), report.withdrawn),
            ),
            chart=1,
        ),
        Section(name="by_day", title=text("by_day"), columns=(text("column_day"), text("count")), rows=days, chart=1),
        volumes("category", report.by_category, {each.name: words.label(each.name) for each in report.by_category}),
        volumes("severity", report.by_severity, severities),
        volumes("product", report.by_product, products),
        volumes(
            "department",
            report.by_department,
            {each.name: words.department(each.name) for each in report.by_department},
        ),
        volumes("kind", report.by_kind, {each.name: words.kind(each.name) for each in report.by_kind}),
        Section(
            name="promises",
            title=text("promises"),
            columns=(text("promise"), text("kept_count"), text("late"), text("on_time"), text("became_late")),
            rows=tuple(
                (
                    t(f"cases.clock.{each.kind}", words.language),
                    each.kept,
                    each.late,
                    percent(each.kept, each.kept + each.late),
                    each.became_late,
                )
                for each in report.promises
            ),
        ),
        Section(
            name="worst",
            title=text("worst"),
            columns=(
                t("cases.number", words.language),
                t("cases.severity_is", words.language),
                t("cases.category_is", words.language),
                t("cases.what", words.language),
                text("late_times"),
                text("objections"),
                text("came_back"),
            ),
            rows=tuple(
                (
                    each.number,
                    severities[each.severity],
                    words.label(each.category),
                    each.words,
                    each.late,
                    each.objected,
                    each.came_back,
                )
                for each in report.worst
            ),
            wide=frozenset({3}),
        ),
        Section(
            name="causes",
            title=text("causes"),
            columns=(
                text("column_product"),
                text("cause"),
                text("count"),
                text("state"),
                text("done"),
                text("examples"),
            ),
            rows=tuple(
                (
                    each.product or text("no_product"),
                    each.what,
                    each.count,
                    t(f"cases.cause.state.{each.state}", words.language),
                    each.done,
                    ", ".join(each.examples),
                )
                for each in report.causes
            ),
            wide=frozenset({1, 4, 5}),
        ),
        Section(
            name="satisfaction",
            title=text("satisfaction"),
            columns=(text("survey"), text("figure"), text("value"), text("interval"), text("answers"), text("rate")),
            rows=tuple(
                (
                    words.settings.surveys.label(each.survey, words.language),
                    t(f"cases.survey.measure.{each.measure}", words.language),
                    shown(each.measure, each.value),
                    interval(each),
                    each.count,
                    percent(each.answered, each.offered),
                )
                for each in report.satisfaction
            ),
        ),
    )


def shown(measure: Measure, value: float) -> str:
    """A figure as people read it: a share in per cent, NPS in points, effort as a mean."""
    match measure:
        case Measure.NPS:
            return f"{value * 100:+.0f}"
        case Measure.EFFORT:
            return f"{value:.1f}"
        case Measure.CSAT | Measure.NONE:
            return f"{value:.0%}"


def interval(line: Satisfied) -> str:
    """From and to; a dash where there were too few answers."""
    if line.low is None or line.high is None:
        return "–"
    return f"{shown(line.measure, line.low)} – {shown(line.measure, line.high)}"


def percent(part: int, whole: int) -> str:
    """A share, or a dash of nothing."""
    return f"{part / whole:.0%}" if whole else "–"
