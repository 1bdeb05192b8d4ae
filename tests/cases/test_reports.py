"""tests: complaint reports: what they count, that a finished one is the same bytes again, and root causes."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
import structlog
from fontTools import ttLib
from reportlab.pdfbase import pdfmetrics

from cases.contracts import Case, Correction
from cases.contracts.clocks import ClockKind, TaskState
from cases.contracts.reports import CauseKind, CauseQuery, CauseState, Period, Span
from cases.refusals import CommentTooLong, NotYet, UnknownDepartment, WordsMissing
from cases.reports.data import data_of, report_from
from cases.web import report_font
from cases.web.report_pdf import pdf_of, round_step
from kit.contracts import Language
from kit.refusals import NotFound
from nlu.contracts import Severity
from staff.contracts import Role
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint

MONTH = Period(span=Span.MONTH, first=date(2026, 11, 1))


def at(files: Files, *moment: int) -> None:
    """Go to a moment of November 2026 (or later), in UTC."""
    files.clock.forward(minutes=(datetime(*moment, tzinfo=UTC) - files.clock()).total_seconds() / 60)  # type: ignore[arg-type,misc]


async def told(files: Files, key: str, **values: Any) -> Case:
    case = await files.open(a_complaint(key, **{"conversation_id": f"talk-{key}", **values}))
    await files.go(case, "confirmed", "assigned", "working", "decided", "told")
    return case


async def a_month(files: Files) -> dict[str, Case]:
    """One file confirmed, one silent, one that came back, one late and open, one withdrawn."""
    found = {name: await told(files, name) for name in ("confirmed", "silent", "back")}
    await files.customer_says(found["confirmed"], settled=True)
    await files.customer_says(found["back"], settled=True)
    await files.customer_says(found["back"], settled=False)
    found["late"] = await files.open(
        a_complaint("late", conversation_id="talk-confirmed", severity=Severity.CRITICAL, category="delivery")
    )
    found["gone"] = await files.open(a_complaint("gone", conversation_id="talk-gone", severity=Severity.NORMAL))
    await files.database.write(lambda tx: files.cases.withdraw(tx, found["gone"].id, by="customer", at=files.clock()))
    await files.causes.name(
        found["confirmed"].number, kind=CauseKind.CAUSE, product="洗衣机 A1", what="水泵渗漏", by=MEI
    )
    files.clock.forward(minutes=7 * 24 * 60 + 1)
    await files.promises.run_due(files.clock())
    return found


def test_weeks_begin_on_mondays_and_months_follow_each_other() -> None:
    week = Period.holding(Span.WEEK, date(2026, 11, 22))
    assert (week.first, week.after, week.before().first) == (date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 9))
    december = Period.holding(Span.MONTH, date(2026, 12, 31))
    assert (december.after, december.before().first) == (date(2027, 1, 1), date(2026, 11, 1))
    assert Period.holding(Span.MONTH, date(2026, 3, 1)).before().after == date(2026, 3, 1)


async def test_a_month_tells_confirmed_silent_and_came_back_apart(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    found = await a_month(files)
    report = (await files.reports.show(MONTH)).report
    assert (report.opened.count, report.opened.before) == (5, 0)
    assert (report.confirmed, report.silence, report.came_back, report.withdrawn) == (2, 1, 1, 1)
    assert report.open_at_end == 2
    assert report.repeat == 1
    assert {(each.name, each.count) for each in report.by_category} == {("product_quality", 4), ("delivery", 1)}
    assert [(each.name, each.count) for each in report.by_product] == [("washer", 5)]
    assert report.by_day[2] == 5
    assert sum(report.by_day) == 5
    assert report.worst[0].number == found["late"].number
    [cause] = report.causes
    assert (cause.what, cause.count, cause.examples) == ("水泵渗漏", 1, (found["confirmed"].number,))


async def test_promises_are_counted_as_kept_late_and_run_out(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    await a_month(files)
    kept = {each.kind: each for each in (await files.reports.show(MONTH)).report.promises}
    assert (kept[ClockKind.DECISION].kept, kept[ClockKind.DECISION].late) == (3, 0)
    assert kept[ClockKind.DECISION].became_late >= 1  # the critical one, and the one that came back
    assert kept[ClockKind.TASK].kept == 0


async def test_a_finished_month_made_again_is_the_same_byte_for_byte_whatever_happens_later(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    found = await a_month(files)
    at(files, 2026, 12, 1, 2)
    first = await files.reports.show(MONTH)
    assert first.sha256
    at(files, 2026, 12, 5, 2)
    late = await files.cases.load(found["late"].number)
    await files.cases.correct(
        found["late"].number,
        Correction(category="service_attitude", severity=Severity.NORMAL),
        by=MEI,
        version=late.version,
    )
    await files.go(found["back"], "decided", "told", "closed")
    await files.customer_says(found["silent"], settled=False)
    await files.database.write(
        lambda tx: files.cases.amend(
            tx, found["late"].id, by="customer", at=files.clock(), contact="1", order_number="X", added="还有"
        )
    )
    [count] = await files.causes.counts()
    await files.causes.decide(count.cause.id, state=CauseState.DONE, department="", done="换了供应商", by=MEI)
    await files.causes.take_back(found["confirmed"].number, count.cause.id, by=MEI)
    await files.open(a_complaint("december"))
    for survey in list(files.letters.asked):
        await files.answers.fill(survey.removeprefix("survey:"), {"satisfied": 5}, {})
    assert await files.reports.same_again(MONTH)
    assert await files.reports.show(MONTH) == first


async def test_a_repeat_stays_one_when_its_order_number_is_corrected_later(files: Files) -> None:
    at(files, 2026, 10, 20, 2)
    await files.open(a_complaint("october", conversation_id="talk-october", order_number="CJ2510-7777"))
    at(files, 2026, 11, 3, 2)
    again = await files.open(a_complaint("november", conversation_id="talk-november", order_number="cj2510-7777"))
    at(files, 2026, 12, 1, 2)
    assert (await files.reports.show(MONTH)).report.repeat == 1
    await files.database.write(
        lambda tx: files.cases.amend(tx, again.id, by="customer", at=files.clock(), order_number="CJ2511-0001")
    )
    assert await files.reports.same_again(MONTH)


async def test_reports_are_made_by_themselves_once_when_their_time_is_over(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    await files.open()
    at(files, 2026, 12, 1, 2)
    assert await files.reports.run_due(files.clock()) == 2
    assert await files.reports.run_due(files.clock()) == 0
    assert {report.period.span for report in await files.reports.kept()} == {Span.WEEK, Span.MONTH}


async def test_two_who_ask_at_once_get_the_same_report(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    await files.open()
    at(files, 2026, 12, 1, 2)
    first, second = await asyncio.gather(files.reports.show(MONTH), files.reports.show(MONTH))
    assert (first.sha256, first.made_at) == (second.sha256, second.made_at)


async def test_a_time_that_is_not_over_has_figures_so_far_and_one_to_come_has_none(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    await files.open()
    shown = await files.reports.show(MONTH)
    assert (shown.report.opened.count, shown.sha256) == (1, "")
    assert await files.reports.kept() == ()
    with pytest.raises(NotYet):
        await files.reports.same_again(MONTH)
    with pytest.raises(NotYet):
        await files.reports.show(Period(span=Span.MONTH, first=date(2026, 12, 1)))


async def test_a_report_is_its_bytes(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    await a_month(files)
    report = (await files.reports.show(MONTH)).report
    assert report_from(data_of(report)) == report


async def test_the_same_cause_is_one_however_it_is_typed_and_counts_its_files(files: Files) -> None:
    first, second = await files.open(), await files.open(a_complaint("b"))
    for case, what in ((first, "Pump  leaks"), (second, "pump leaks"), (second, "PUMP LEAKS ")):
        await files.causes.name(case.number, kind=CauseKind.CAUSE, product="A1", what=what, by=MEI)
    [counted] = await files.causes.counts()
    assert (counted.count, counted.examples, counted.cause.what) == (2, (second.number, first.number), "Pump leaks")
    file = await files.cases.load(second.number)
    assert [line.after for line in file.history if line.what == "root_cause"] == ["A1 · Pump leaks"]
    await files.causes.take_back(second.number, counted.cause.id, by=MEI)
    assert [each.count for each in await files.causes.counts()] == [1]
    assert await files.causes.of_case(second.id) == ()


async def test_what_is_done_about_a_cause_has_a_history_and_needs_words_at_its_end(files: Files) -> None:
    case = await files.open()
    await files.causes.name(case.number, kind=CauseKind.SUGGESTION, product="", what="说明书太薄", by=MEI)
    [counted] = await files.causes.counts()
    cause = counted.cause.id
    with pytest.raises(WordsMissing):
        await files.causes.decide(cause, state=CauseState.DONE, department="", done=" ", by=MEI)
    with pytest.raises(UnknownDepartment):
        await files.causes.decide(cause, state=CauseState.PLANNED, department="nobody", done="", by=MEI)
    for _ in range(2):
        await files.causes.decide(cause, state=CauseState.PLANNED, department="complaints", done="", by=MEI)
    asked = CauseQuery(kind=CauseKind.SUGGESTION, state=CauseState.PLANNED, department="complaints")
    assert [each.cause.id for each in await files.causes.counts(asked)] == [cause]
    assert await files.causes.counts(CauseQuery(kind=CauseKind.CAUSE)) == ()
    _, history = await files.causes.load(cause)
    assert [line.state for line in history] == [CauseState.OPEN, CauseState.PLANNED]
    assert "cases.cause" in {record.action for record in files.trail.records}
    with pytest.raises(NotFound):
        await files.causes.load("nothing")
    with pytest.raises(CommentTooLong):
        await files.causes.name(case.number, kind=CauseKind.CAUSE, product="x" * 81, what="x", by=MEI)


@pytest.mark.parametrize(("most", "step"), [(0, 1), (4, 1), (6, 2), (25, 5), (26, 10), (139, 50), (4247, 1000)])
def test_the_figures_along_a_chart_are_round(most: float, step: int) -> None:
    assert round_step(most) == step


def fonts_of(page: Any) -> list[Any]:
    """The fonts a page of a PDF is written in."""
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def is_embedded(font: Any) -> bool:
    """Whether a font of a PDF is in the file, and says which signs its glyphs are."""
    return "/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font


def test_without_the_font_reports_are_made_in_that_of_the_viewer_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report_font, "PACKAGE", "no_such_package")
    monkeypatch.setattr(pdfmetrics, "_fonts", {})  # what an earlier test registered
    with structlog.testing.capture_logs() as told:
        pdf = pdf_of("投诉月报", "Note", (), none="-")
    assert [line["event"] for line in told] == ["report_font_missing"]
    assert b"STSong-Light" in pdf


@pytest.mark.parametrize("language", list(Language))
async def test_page_pdf_and_workbook_hold_the_same_report(office: Office, language: Language) -> None:
    files = office.files
    at(files, 2026, 11, 3, 2)
    await files.handling.register(
        a_complaint("desk:=1", customer_name="=cmd", what_happened="=HYPERLINK(1) 坏了"), by=MEI
    )
    await a_month(files)
    at(files, 2026, 12, 1, 2)
    words = {Language.ZH: "投诉月报", Language.EN: "Complaint report"}[language]
    async with office.signed_in(Role.SUPERVISOR, language=language) as browser:
        address = "/cases/reports/month/2026-11-01"
        page = await browser.get(address)
        assert words in page.text
        assert "水泵渗漏" in page.text
        pdf, again = await browser.get(f"{address}/pdf"), await browser.get(f"{address}/pdf")
        assert pdf.content == again.content
        book = openpyxl.load_workbook(io.BytesIO((await browser.get(f"{address}/xlsx")).content))
        assert (await browser.get("/cases/reports")).status_code == 200
        assert (await browser.get("/cases/reports/show?span=week&day=2026-11-05")).status_code == 200
        assert (await browser.get("/cases/reports/month/2027-05-01")).status_code == 422
    reader = pypdf.PdfReader(io.BytesIO(pdf.content))
    read = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "".join(words.split()) in read
    assert "水泵渗漏" in read
    assert all(is_embedded(font) for page in reader.pages for font in fonts_of(page))
    assert book.worksheets[0]["B5"].value == 6
    assert len(book.worksheets[1]._charts) == 1  # noqa: SLF001 - openpyxl shows them nowhere else
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


async def test_reports_are_for_supervisors(office: Office) -> None:
    async with office.signed_in(Role.AGENT) as browser:
        for path in ("", "/month/2026-11-01", "/month/2026-11-01/pdf", "/month/2026-11-01/xlsx"):
            assert (await browser.get(f"/cases/reports{path}")).status_code == 403


async def test_a_task_done_late_is_late(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    case = await files.open()
    due = files.clock() + timedelta(hours=1)
    file = await files.handling.add_task(case.number, department="complaints", what="查", due_at=due, by=MEI, version=1)
    files.clock.forward(minutes=120)
    await files.handling.end_task(case.number, file.tasks[0].id, TaskState.DONE, "好", by=MEI)
    kept = {each.kind: each for each in (await files.reports.show(MONTH)).report.promises}
    assert (kept[ClockKind.TASK].kept, kept[ClockKind.TASK].late) == (0, 1)


async def test_a_file_counts_for_its_own_product_as_it_stood_when_the_month_was_over(files: Files) -> None:
    at(files, 2026, 11, 3, 2)
    found = await a_month(files)
    await files.after_sales.set_product(found["confirmed"].number, "", None, by=MEI)
    await files.after_sales.set_product(found["late"].number, "fridge", date(2026, 1, 2), by=MEI)
    at(files, 2026, 12, 1, 2)
    report = (await files.reports.show(MONTH)).report
    # Where none is noted, the product of the root cause counts.
    counted = {(each.name, each.count) for each in report.by_product}
    assert counted == {("washer", 3), ("fridge", 1), ("洗衣机 A1", 1)}
    await files.after_sales.set_product(found["late"].number, "vacuum", None, by=MEI)
    assert await files.reports.same_again(MONTH)


def test_the_font_of_the_reports_says_itself_that_it_is_free_and_may_be_embedded() -> None:
    file = report_font.font_file()
    assert file is not None
    with ttLib.TTFont(file, fontNumber=0, lazy=True) as font:
        assert "Apache License, Version 2.0" in font["name"].getDebugName(13)
        restricted = 0b10
        assert not font["OS/2"].fsType & restricted
