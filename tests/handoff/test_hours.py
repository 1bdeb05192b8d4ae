from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.hours import hours_of
from handoff.settings import HandoffSettings, WeeklyHours
from kit.hours import (
    OpeningHours,
    after_open_time,
    is_open,
    next_opening,
    open_spans,
    open_time_between,
    parse_slot,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSED: tuple[str, ...] = ()


def hours(*days: tuple[str, ...], zone: ZoneInfo = SHANGHAI) -> OpeningHours:
    """Opening hours from Monday on; one day given means every day."""
    week = days * 7 if len(days) == 1 else days
    return OpeningHours(zone=zone, days=tuple(tuple(parse_slot(slot) for slot in day) for day in week))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


EVERY_DAY = hours(("08:30-22:00",))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-21 08:29:59", False),
        ("2026-11-21 08:30:00", True),
        ("2026-11-21 21:59:59", True),
        ("2026-11-21 22:00:00", False),
    ],
)
def test_the_desk_opens_on_the_minute_and_closes_on_the_minute(moment: str, *, expected: bool) -> None:
    assert is_open(EVERY_DAY, at(moment)) is expected


def test_before_opening_the_next_opening_is_today_and_after_closing_it_is_tomorrow() -> None:
    assert next_opening(EVERY_DAY, at("2026-11-21 06:00")) == at("2026-11-21 08:30")
    assert next_opening(EVERY_DAY, at("2026-11-21 23:00")) == at("2026-11-22 08:30")


def test_while_the_desk_is_open_there_is_no_next_opening() -> None:
    assert next_opening(EVERY_DAY, at("2026-11-21 12:00")) is None


def test_a_lunch_break_is_closed_and_opens_again_the_same_day() -> None:
    with_lunch = hours(("13:00-18:00", "09:00-12:00"))
    assert not is_open(with_lunch, at("2026-11-21 12:30"))
    assert next_opening(with_lunch, at("2026-11-21 12:30")) == at("2026-11-21 13:00")


def test_a_night_slot_reaches_into_the_next_day_even_when_that_day_is_closed() -> None:
    friday_night = hours(CLOSED, CLOSED, CLOSED, CLOSED, ("22:00-06:00",), CLOSED, CLOSED)
    assert is_open(friday_night, at("2026-11-21 05:59"))  # a Saturday
    assert not is_open(friday_night, at("2026-11-21 06:00"))
    assert next_opening(friday_night, at("2026-11-21 06:00")) == at("2026-11-27 22:00")


def test_a_desk_that_is_open_once_a_week_is_found_a_week_ahead() -> None:
    mondays = hours(("09:00-10:00",), CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED)
    assert next_opening(mondays, at("2026-11-23 10:00")) == at("2026-11-30 09:00")


def test_round_the_clock_is_always_open() -> None:
    assert hours(("00:00-24:00",)).round_the_clock()
    assert hours(("06:00-18:00", "18:00-06:00")).round_the_clock()
    assert not EVERY_DAY.round_the_clock()
    assert next_opening(hours(("00:00-24:00",)), at("2026-11-21 03:00")) is None


def test_a_desk_without_any_slot_never_opens() -> None:
    assert next_opening(hours(CLOSED), at("2026-11-21 03:00")) is None


def test_opening_follows_the_wall_clock_when_the_clocks_change() -> None:
    london = ZoneInfo("Europe/London")
    nine = hours(("09:00-17:00",), zone=london)
    assert next_opening(nine, at("2026-10-24 18:00", london)) == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)
    assert next_opening(nine, at("2026-10-23 18:00", london)) == datetime(2026, 10, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "hours_wanted", "until"),
    [
        ("2026-11-21 10:00", 2, "2026-11-21 12:00"),
        ("2026-11-21 21:00", 2, "2026-11-22 09:30"),
        ("2026-11-21 23:00", 2, "2026-11-22 10:30"),
        ("2026-11-21 08:30", 13.5, "2026-11-21 22:00"),
        ("2026-11-21 08:30", 27, "2026-11-22 22:00"),
    ],
)
def test_promised_time_runs_only_while_the_desk_is_open(since: str, hours_wanted: float, until: str) -> None:
    assert after_open_time(EVERY_DAY, at(since), timedelta(hours=hours_wanted)) == at(until)


def test_a_desk_that_never_opens_counts_plain_time() -> None:
    assert after_open_time(hours(CLOSED), at("2026-11-21 10:00"), timedelta(hours=3)) == at("2026-11-21 13:00")


def test_slots_that_overlap_are_counted_once() -> None:
    plan = hours(("09:00-12:00", "11:00-13:00", "22:00-10:00"))
    assert open_time_between(plan, at("2026-11-21 09:00"), at("2026-11-22 09:00")) == timedelta(hours=15)


def test_no_time_passes_backwards() -> None:
    assert open_time_between(EVERY_DAY, at("2026-11-21 12:00"), at("2026-11-21 10:00")) == timedelta()


SLOTS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] != pair[1])
WEEKS = st.lists(
    st.lists(SLOTS, max_size=2).map(
        lambda pairs: tuple(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in pairs)
    ),
    min_size=7,
    max_size=7,
)


@given(WEEKS, st.integers(0, 7 * 24 * 60))
def test_the_desk_is_open_at_its_next_opening_and_closed_until_then(week: list[tuple[str, ...]], minute: int) -> None:
    plan = hours(*week)
    now = at("2026-11-16 00:00") + timedelta(minutes=minute)
    opening = next_opening(plan, now)
    if is_open(plan, now):
        assert opening is None
    elif opening is None:
        assert not any(week)
    else:
        assert opening > now
        assert is_open(plan, opening)
        assert not is_open(plan, opening - timedelta(seconds=1))


@given(WEEKS, st.integers(0, 7 * 24 * 60), st.integers(1, 60 * 24 * 5))
def test_what_is_promised_in_open_time_is_that_much_open_time_away(
    week: list[tuple[str, ...]], minute: int, wanted: int
) -> None:
    plan = hours(*week)
    now = at("2026-11-16 00:00") + timedelta(minutes=minute)
    due = after_open_time(plan, now, timedelta(minutes=wanted))
    open_ahead = sum((end - start for start, end in open_spans(plan, now)), timedelta())
    if open_ahead < timedelta(minutes=wanted):  # a desk open a minute a week keeps no promise of an hour
        assert due == now + timedelta(minutes=wanted)
    else:
        assert open_time_between(plan, now, due) == timedelta(minutes=wanted)
        assert is_open(plan, due - timedelta(seconds=1))
        first = next(open_spans(plan, now))
        assert first[0] == (next_opening(plan, now) or now)


@pytest.mark.parametrize(
    "text",
    ["", "8:30", "8:30-9:30", "08:30-08:30", "25:00-26:00", "24:00-08:00", "08:60-09:00", "八点-九点", "morning"],
)
def test_a_slot_that_cannot_be_read_is_refused_with_the_form_it_should_have(text: str) -> None:
    with pytest.raises(ValueError, match="write it as 08:30-22:00"):
        WeeklyHours(mon=(text,))


def test_a_time_zone_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        HandoffSettings(time_zone="Mars/Base")


def test_the_default_hours_are_those_the_shop_states() -> None:
    plan = hours_of(HandoffSettings())
    assert is_open(plan, at("2026-11-21 08:30"))
    assert not is_open(plan, at("2026-11-21 22:00"))


def test_a_holiday_is_closed_a_make_up_workday_is_open_and_the_next_opening_skips_a_long_holiday() -> None:
    weekdays = WeeklyHours(sat=(), sun=())
    week_off = [f"2027-02-{day:02}" for day in range(6, 13)]
    settings = HandoffSettings.model_validate(
        {
            "hours": weekdays.model_dump(),
            "special_days": [
                *({"date": day, "slots": []} for day in week_off),
                {"date": "2027-02-14", "slots": ["09:00-12:00"]},  # a Sunday that is worked
            ],
        }
    )
    plan = hours_of(settings)
    assert not is_open(plan, at("2027-02-08 10:00"))  # a Monday
    assert next_opening(plan, at("2027-02-05 23:00")) == at("2027-02-14 09:00")
    assert is_open(plan, at("2027-02-14 11:59"))
    assert next_opening(plan, at("2027-02-14 12:00")) == at("2027-02-15 08:30")


def test_a_department_may_have_hours_and_clocks_of_its_own() -> None:
    settings = HandoffSettings.model_validate(
        {
            "departments": [
                {"name": "shop", "zh": "咨询", "en": "Shop"},
                {
                    "name": "night",
                    "zh": "夜间",
                    "en": "Night",
                    "hours": {"sat": ["22:00-02:00"]},
                    "time_zone": "Europe/London",
                },
            ]
        }
    )
    assert is_open(hours_of(settings, "shop"), at("2026-11-21 21:00"))
    assert not is_open(hours_of(settings, "night"), at("2026-11-21 21:00"))
    assert is_open(hours_of(settings, "night"), at("2026-11-22 01:30", ZoneInfo("Europe/London")))
    assert hours_of(settings, "gone") == hours_of(settings)


def test_a_date_that_stands_twice_and_a_zone_nobody_knows_are_refused() -> None:
    day = {"date": "2027-02-06", "slots": []}
    with pytest.raises(ValueError, match="a date stands there twice"):
        HandoffSettings.model_validate({"special_days": [day, day]})
    with pytest.raises(ValueError, match="time zone"):
        HandoffSettings.model_validate(
            {"departments": [{"name": "a", "zh": "一", "en": "A", "time_zone": "Mars/Base"}]}
        )
