from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.contracts import (
    ClockKind,
    ClockState,
    Handoff,
    HandoffReason,
    HandoffState,
    ServiceClock,
    Spoken,
    Urgency,
)
from handoff.hours import hours_of
from handoff.placing import place_request
from handoff.service_clocks import clocks_of
from handoff.settings import Department, HandoffSettings, Within
from kit.contracts import Language
from tests.handoff.asking import a_packet, a_request
from tests.support.clock import START

SETTINGS = HandoffSettings()
"""First answer 10 minutes, next answer 5, resolution 4 hours; open 08:30-22:00. START is ten in the morning."""


def handoff(
    *,
    state: HandoffState = HandoffState.ACTIVE,
    urgency: Urgency = Urgency.NORMAL,
    asked_at: datetime = START,
    settings: HandoffSettings = SETTINGS,
) -> Handoff:
    """An open handover of the first department."""
    held = state is HandoffState.ACTIVE
    return Handoff(
        id="h",
        conversation_id="c",
        customer_name="周先生",
        channel="web",
        reason=HandoffReason.ASKED,
        urgency=urgency,
        language=Language.ZH,
        state=state,
        packet=a_packet(),
        asked_at=asked_at,
        returned_to_queue=0,
        agent_id="mei" if held else None,
        agent_name="小梅" if held else None,
        claimed_at=asked_at if held else None,
        ended_at=None,
        epoch=2,
        placing=place_request(a_request("c", urgency), None, settings=settings, at=asked_at),
    )


def after(**passed: float) -> datetime:
    """A moment after START."""
    return START + timedelta(**passed)


def customer(at: datetime) -> Spoken:
    return Spoken(at=at, by_customer=True)


def agent(at: datetime) -> Spoken:
    return Spoken(at=at, by_customer=False)


def clocks(
    held: Handoff, *said: Spoken, now: datetime, settings: HandoffSettings = SETTINGS
) -> dict[ClockKind, ServiceClock]:
    """The clocks by kind."""
    hours = hours_of(settings, held.placing.department)
    return {one.kind: one for one in clocks_of(held, said, settings=settings, hours=hours, now=now)}


@pytest.mark.parametrize(
    ("minutes", "state"), [(1, ClockState.RUNNING), (8, ClockState.AT_RISK), (10, ClockState.AT_RISK), (11, "late")]
)
def test_a_first_answer_runs_comes_near_and_is_late(minutes: float, state: ClockState) -> None:
    clock = clocks(handoff(state=HandoffState.WAITING), now=after(minutes=minutes))[ClockKind.FIRST_ANSWER]
    assert (clock.state, clock.due_at, clock.began_at) == (state, after(minutes=10), START)
    assert clock.left == timedelta(minutes=10 - minutes)


def test_being_claimed_is_no_answer_but_the_first_words_are() -> None:
    assert ClockKind.FIRST_ANSWER in clocks(handoff(), now=after(minutes=1))
    assert ClockKind.FIRST_ANSWER not in clocks(handoff(), agent(after(minutes=1)), now=after(minutes=2))


def test_who_was_promised_a_call_back_has_its_clock_until_a_persons_first_words() -> None:
    due = after(hours=1)
    promised = handoff(state=HandoffState.WAITING)
    promised = replace(promised, reason=HandoffReason.PROMISED, placing=replace(promised.placing, answer_by=due))
    clock = clocks(promised, now=after(minutes=50))[ClockKind.CALL_BACK]
    assert (clock.state, clock.due_at, clock.promised) == (ClockState.AT_RISK, due, timedelta(hours=1))
    held = replace(promised, state=HandoffState.ACTIVE)
    assert ClockKind.CALL_BACK not in clocks(held, agent(after(minutes=1)), now=after(minutes=2))


def test_a_next_answer_counts_from_the_first_words_nobody_answered_yet() -> None:
    said = [agent(after(minutes=1)), customer(after(minutes=2)), customer(after(minutes=4))]
    clock = clocks(handoff(), *said, now=after(minutes=5))[ClockKind.NEXT_ANSWER]
    assert (clock.began_at, clock.due_at, clock.state) == (after(minutes=2), after(minutes=7), ClockState.RUNNING)
    answered = clocks(handoff(), *said, agent(after(minutes=6)), now=after(minutes=9))
    assert ClockKind.NEXT_ANSWER not in answered


def test_the_resolution_rests_while_the_customer_is_to_answer_and_keeps_what_is_left() -> None:
    said = [agent(after(minutes=30))]
    resting = clocks(handoff(), *said, now=after(hours=3))[ClockKind.RESOLUTION]
    assert (resting.state, resting.due_at, resting.paused_since) == (ClockState.PAUSED, None, after(minutes=30))
    assert resting.left == timedelta(hours=3, minutes=30)
    again = clocks(handoff(), *said, customer(after(hours=3)), now=after(hours=4))[ClockKind.RESOLUTION]
    assert (again.state, again.due_at) == (ClockState.RUNNING, after(hours=6, minutes=30))


def test_what_is_late_already_does_not_rest() -> None:
    clock = clocks(handoff(), agent(after(hours=5)), now=after(hours=6))[ClockKind.RESOLUTION]
    assert (clock.state, clock.due_at, clock.left) == (ClockState.LATE, after(hours=4), timedelta(hours=-2))


def test_who_waits_in_the_queue_again_waits_for_us_whoever_spoke_last() -> None:
    waiting = handoff(state=HandoffState.WAITING)
    found = clocks(waiting, agent(after(minutes=5)), now=after(minutes=15))
    assert found[ClockKind.FIRST_ANSWER].state is ClockState.LATE
    assert found[ClockKind.RESOLUTION].state is ClockState.RUNNING


def test_time_passes_in_opening_hours_only() -> None:
    evening = START.replace(hour=13, minute=55)  # 21:55 on the desk's clocks
    waiting = handoff(state=HandoffState.WAITING, asked_at=evening)
    clock = clocks(waiting, now=evening + timedelta(hours=8))[ClockKind.FIRST_ANSWER]
    morning = (evening + timedelta(days=1)).replace(hour=0, minute=35)  # 08:35
    assert (clock.due_at, clock.left, clock.state) == (morning, timedelta(minutes=5), ClockState.RUNNING)


def test_urgency_key_account_and_department_shorten_what_is_promised() -> None:
    said = [agent(after(seconds=1)), customer(after(seconds=2))]

    def promised(held: Handoff, settings: HandoffSettings = SETTINGS) -> float:
        found = clocks(held, *said, now=after(seconds=3), settings=settings)
        return found[ClockKind.NEXT_ANSWER].promised.total_seconds()

    calm = handoff()
    assert promised(calm) == 300
    assert promised(handoff(urgency=Urgency.CRITICAL)) == 60
    assert promised(replace(calm, placing=replace(calm.placing, key_account=True))) == 120
    quick = Within(normal_seconds=90, serious_seconds=60, critical_seconds=30, key_account_seconds=60)
    own = HandoffSettings(departments=(Department(name="consultation", zh="咨询", en="Advice", next_answer=quick),))
    assert promised(handoff(settings=own), own) == 90


def test_an_ended_conversation_has_no_clocks() -> None:
    assert clocks(handoff(state=HandoffState.RESOLVED), customer(START), now=after(hours=9)) == {}


@given(st.lists(st.tuples(st.integers(1, 90), st.booleans()), max_size=12), st.integers(0, 600))
def test_open_time_that_was_used_and_what_is_left_make_up_what_was_promised(
    turns: list[tuple[int, bool]], later: int
) -> None:
    at, said = START, []
    for minutes, by_customer in turns:
        at += timedelta(minutes=minutes)
        said.append(Spoken(at=at, by_customer=by_customer))
    now = at + timedelta(minutes=later)
    clock = clocks(handoff(), *said, now=now)[ClockKind.RESOLUTION]
    assert clock.left <= clock.promised
    assert (clock.state is ClockState.LATE) == (clock.left < timedelta())
    assert (clock.due_at is None) == (clock.state is ClockState.PAUSED)
    if clock.state is ClockState.PAUSED:
        assert not said[-1].by_customer
