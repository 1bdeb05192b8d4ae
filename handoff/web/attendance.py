"""handoff: `/team/attendance`, who was there when; as a page and as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from handoff.attendance import Attendance
from handoff.contracts import AgentState
from handoff.duty import LONGEST_SHEET, Duty
from handoff.settings import HandoffSettings
from handoff.team import Team
from kit.contracts import Clock
from kit.refusals import Malformed
from kit.texts import Texts
from kit.web.pages import Pages
from staff.contracts import Role
from staff.ports import Gate

PATH = "/team/attendance"
BOM = "\ufeff"
"""Spreadsheets take a CSV file for UTF-8 only when it begins with it."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be run by a spreadsheet."""
STATES = (AgentState.ONLINE, AgentState.BUSY, AgentState.BREAK, AgentState.WRAPPING_UP)
COLUMNS = (
    "name",
    "day",
    "shift",
    "clock_in",
    "clock_out",
    "worked",
    *(state.value for state in STATES),
    "planned",
    "late",
    "early",
    "absent",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the sheet as it is shown."""

    name: str
    shift: str
    figures: Attendance


def build_attendance_router(
    *, pages: Pages, duty: Duty, team: Team, gate: Gate, settings: HandoffSettings, clock: Clock
) -> APIRouter:
    """The sheet, for supervisors."""
    router = APIRouter()
    zone = ZoneInfo(settings.time_zone)
    labels = {shift.name: shift for shift in settings.shifts}

    async def lines(request: Request, first: date, last: date) -> list[Line]:
        language = pages.language(request)
        sheet = await duty.sheet(first, last)
        names = {account.id: account.display_name for account, _ in await team.members()}
        return [
            Line(
                name=names.get(account_id, account_id),
                shift=labels[day.shift].label(language) if day.shift in labels else "",
                figures=day,
            )
            for account_id, days in sorted(sheet.items(), key=lambda pair: names.get(pair[0], pair[0]))
            for day in days
        ]

    def period(request: Request) -> tuple[date, date]:
        today = clock().astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        return day_in(request.query_params, "first", monday), day_in(request.query_params, "last", today)

    @router.get(PATH)
    async def show(request: Request) -> Response:
        await gate.require(request, Role.SUPERVISOR)
        first, last = period(request)
        return pages.page(
            request,
            "handoff/attendance.html",
            lines=await lines(request, first, last),
            states=STATES,
            first=first.isoformat(),
            last=last.isoformat(),
            longest=LONGEST_SHEET,
            hours=hours_in,
            clock_time=lambda moment: moment.astimezone(zone).strftime("%H:%M"),
        )

    @router.get(f"{PATH}.csv")
    async def download(request: Request) -> Response:
        await gate.require(request, Role.SUPERVISOR)
        first, last = period(request)
        text = csv_of(await lines(request, first, last), pages.texts, pages.language(request), zone)
        name = f"attendance-{first}-{last}.csv"
        return Response(
            BOM + text,
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    return router


def day_in(query: Mapping[str, str], field: str, otherwise: date) -> date:
    """The date under `field`. Raises Malformed."""
    text = query.get(field, "")
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Malformed(field=field, details={field: "a date, YYYY-MM-DD"}) from error
    if not date(2020, 1, 1) <= day <= date(2100, 1, 1):
        raise Malformed(field=field, details={field: "a date from 2020 to 2100"})
    return day


def hours_in(length: timedelta) -> str:
    """A length of time as hours and minutes, `7:05`."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def csv_of(lines: Iterable[Line], texts: Texts, language: str, zone: ZoneInfo) -> str:
    """The sheet as CSV with a head line in the reader's language; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([texts(f"handoff.attendance.{name}", language) for name in COLUMNS])
    for line in lines:
        day = line.figures
        cells = [
            line.name,
            day.day.isoformat(),
            line.shift,
            _moment(day.clock_in, zone),
            _moment(day.clock_out, zone),
            hours_in(day.worked),
            *(hours_in(day.in_state.get(state, timedelta())) for state in STATES),
            hours_in(day.planned),
            hours_in(day.late) if not day.absent else "",
            hours_in(day.early),
            texts("handoff.attendance.yes", language) if day.absent else "",
        ]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return out.getvalue()


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
