"""cases: `/cases/surveys`: what came of surveys in a time. Names and words only for supervisors."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from cases.contracts.surveys import Measure
from cases.web.pieces import PATH, Office
from cases.web.report_tables import shown

RESULTS = f"{PATH}/surveys"
DAYS = 30
"""Shown unless another time is asked for."""


def build_results_router(office: Office) -> APIRouter:
    """The page. Stands before the routes of files: `surveys` is no number."""
    router = APIRouter(prefix=RESULTS)

    @router.get("")
    async def show(request: Request, since: str = "", until: str = "") -> Response:
        viewer = await office.viewer(request)
        zone = ZoneInfo(office.settings.time_zone)
        today = office.clock().astimezone(zone).date()
        last = _day(until) or today
        first = _day(since) or last - timedelta(days=DAYS)
        found = await office.surveys.results.between(
            _midnight(first, zone), _midnight(last + timedelta(days=1), zone), viewer
        )
        if viewer.watches:
            by = await office.editor(request)
            await office.reading.note("survey_words_read", f"surveys:{first}..{last}", by=by)
        return office.pages.page(
            request,
            "cases/survey_results.html",
            found=found,
            since=first.isoformat(),
            until=last.isoformat(),
            watches=viewer.watches,
            settings=office.settings.surveys,
            lang=office.pages.language(request),
            shown=shown,
            measures=Measure,
        )

    return router


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
