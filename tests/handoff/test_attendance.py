from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.attendance import Attendance, Calendar, attendance, department_of
from handoff.contracts import NO_SHIFTS, AgentProfile, AgentState, Span
from handoff.hours import calendar_of, hours_of
from handoff.settings import HandoffSettings
from handoff.settings.departments import SHIFTS

ZONE = ZoneInfo("Asia/Shanghai")
BY_NAME = {shift.name: shift for shift in SHIFTS}
MONDAY = date(2026, 11, 16)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
EARLY = AgentProfile(account_id="mei", shifts=("early",) * 5 + ("", ""))
NIGHT = AgentProfile(account_id="mei", shifts=("night",) * 7)
AFTERWARDS = datetime(2026, 12, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def span(begin: str, end: str | None, state: AgentState = AgentState.ONLINE, account: str = "mei") -> Span:
    return Span(
        id=begin,
        account_id=account,
        state=state,
        reason=None,
        began_at=at(begin),
        ended_at=None if end is None else at(end),
        clocked_out=True,
    )


def sheet(
    profile: AgentProfile,
    *spans: Span,
    days: list[date] = WEEK,
    now: datetime = AFTERWARDS,
    worked_as: Mapping[date, int | None] | None = None,
    zone: ZoneInfo = ZONE,
) -> list[Attendance]:
    return list(
        attendance(
            profile,
            spans,
            days=days,
            shifts=BY_NAME,
            calendar=Calendar(zone=zone, worked_as=worked_as or {}),
            now=now,
        )
    )


def test_a_day_as_planned_is_neither_late_nor_early() -> None:
    [line] = sheet(
        EARLY,
        span("2026-11-16 08:29", "2026-11-16 12:00"),
        span("2026-11-16 12:00", "2026-11-16 13:00", AgentState.BREAK),
        span("2026-11-16 13:00", "2026-11-16 16:31"),
        days=[MONDAY],
    )
    assert (line.clock_in, line.clock_out) == (at("2026-11-16 08:29"), at("2026-11-16 16:31"))
    assert (line.worked, line.planned) == (timedelta(hours=8, minutes=2), timedelta(hours=7))
    assert line.in_state[AgentState.BREAK] == timedelta(hours=1)
    assert (line.late, line.early, line.absent) == (timedelta(), timedelta(), False)


def test_coming_late_and_leaving_early_are_measured_against_the_shift() -> None:
    [line] = sheet(EARLY, span("2026-11-16 08:50", "2026-11-16 16:00"), days=[MONDAY])
    assert (line.late, line.early) == (timedelta(minutes=20), timedelta(minutes=30))


def test_who_never_came_is_absent_once_the_shift_has_begun_and_not_before() -> None:
    [line] = sheet(EARLY, days=[MONDAY])
    assert line.absent
    [before] = sheet(EARLY, days=[MONDAY], now=at("2026-11-16 08:00"))
    assert not before.absent


def test_a_day_off_shows_only_when_somebody_worked_on_it() -> None:
    sunday = WEEK[6]
    assert sheet(EARLY, days=[sunday]) == []
    [line] = sheet(EARLY, span("2026-11-22 10:00", "2026-11-22 11:00"), days=[sunday])
    assert (line.shift, line.worked, line.planned) == ("", timedelta(hours=1), timedelta())


def test_nobody_is_absent_on_a_holiday() -> None:
    assert sheet(EARLY, days=[MONDAY], worked_as={MONDAY: None}) == []


def test_on_a_make_up_workday_the_shift_of_the_named_weekday_is_planned() -> None:
    saturday = WEEK[5]
    [line] = sheet(EARLY, span("2026-11-21 09:00", "2026-11-21 16:30"), days=[saturday], worked_as={saturday: 0})
    assert (line.shift, line.late) == ("early", timedelta(minutes=30))
    assert sheet(EARLY, days=[saturday]) == []


def test_a_shift_is_measured_by_the_clocks_of_its_department() -> None:
    london = ZoneInfo("Europe/London")
    begin = datetime(2026, 11, 16, 8, 30, tzinfo=london).astimezone(UTC)
    there = replace(span("2026-11-16 16:30", None), began_at=begin, ended_at=begin + timedelta(hours=8))
    [line] = sheet(EARLY, there, days=[MONDAY], zone=london)
    assert (line.late, line.early, line.worked) == (timedelta(), timedelta(), timedelta(hours=8))


def test_the_calendar_of_a_department_has_its_own_clocks_and_special_days() -> None:
    settings = HandoffSettings.model_validate(
        {
            "departments": [
                {"name": "shop", "zh": "咨询", "en": "Shop"},
                {"name": "london", "zh": "伦敦", "en": "London", "time_zone": "Europe/London"},
            ],
            "shifts": [{"name": "day", "zh": "白班", "en": "Day", "slots": ["09:00-17:00"], "department": "london"}],
            "special_days": [
                {"date": "2027-02-08", "slots": []},
                {"date": "2027-02-20", "slots": ["08:30-18:00"], "shifts_of": "mon"},
                {"date": "2027-02-08", "slots": ["09:00-17:00"], "departments": ["london"]},
            ],
        }
    )
    holiday, worked = date(2027, 2, 8), date(2027, 2, 20)
    assert calendar_of(settings, None) == Calendar(zone=ZONE, worked_as={holiday: None, worked: 0})
    assert calendar_of(settings, "london").worked_as == {holiday: 0, worked: 0}
    assert calendar_of(settings, "london").zone == ZoneInfo("Europe/London")
    assert hours_of(settings, "london").special[holiday] != hours_of(settings, "shop").special[holiday] == ()
    shifts = {shift.name: shift for shift in settings.shifts}
    assert department_of(replace(EARLY, shifts=("day",) * 7), shifts) == "london"
    assert department_of(EARLY, shifts) is None


@pytest.mark.parametrize("section", ["shifts", "special_days"])
def test_a_department_nobody_knows_is_refused(section: str) -> None:
    wrong: dict[str, list[dict[str, object]]] = {
        "shifts": [{"name": "day", "zh": "白班", "en": "Day", "slots": ["09:00-17:00"], "department": "mars"}],
        "special_days": [{"date": "2027-02-06", "departments": ["mars"]}],
    }
    with pytest.raises(ValueError, match="mars is no department"):
        HandoffSettings.model_validate({section: wrong[section]})


def test_a_night_shift_belongs_to_the_day_it_began_on() -> None:
    first, second = sheet(
        NIGHT, span("2026-11-16 22:00", "2026-11-17 06:00"), span("2026-11-17 22:10", "2026-11-18 06:00"), days=WEEK[:2]
    )
    assert (first.worked, first.late, first.early) == (timedelta(hours=8), timedelta(), timedelta())
    assert first.clock_out == at("2026-11-17 06:00")
    assert (second.worked, second.late) == (timedelta(hours=7, minutes=50), timedelta(minutes=10))


def test_who_is_still_there_has_not_clocked_out_and_did_not_leave_early() -> None:
    [line] = sheet(EARLY, span("2026-11-16 08:30", None), days=[MONDAY], now=at("2026-11-16 10:30"))
    assert (line.clock_out, line.early, line.worked) == (None, timedelta(), timedelta(hours=2))


MINUTES = st.lists(st.integers(0, 9 * 24 * 60), min_size=2, max_size=20, unique=True).map(sorted)
SHIFT_WEEKS = st.lists(st.sampled_from(["", *BY_NAME]), min_size=7, max_size=7).map(tuple)


@given(MINUTES, SHIFT_WEEKS)
def test_every_minute_worked_counts_to_exactly_one_day(minutes: list[int], shifts: tuple[str, ...]) -> None:
    start = at("2026-11-16 00:00")
    spans = [
        Span(
            id=str(begin),
            account_id="mei",
            state=AgentState.ONLINE,
            reason=None,
            began_at=start + timedelta(minutes=begin),
            ended_at=start + timedelta(minutes=end),
            clocked_out=False,
        )
        for begin, end in list(pairwise(minutes))[::2]
    ]
    days = [MONDAY + timedelta(days=ahead) for ahead in range(-2, 12)]
    lines = sheet(AgentProfile(account_id="mei", shifts=shifts), *spans, days=days)
    worked = sum((line.worked for line in lines), timedelta())
    assert worked == sum(((one.ended_at or start) - one.began_at for one in spans), timedelta())


def test_without_shifts_the_sheet_is_what_was_worked() -> None:
    free = AgentProfile(account_id="mei", shifts=NO_SHIFTS)
    [line] = sheet(free, span("2026-11-18 09:00", "2026-11-18 10:00"), span("2026-11-18 09:00", None, account="lin"))
    assert (line.day, line.worked) == (WEEK[2], timedelta(hours=1))
