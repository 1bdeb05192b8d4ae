from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.contracts import Urgency, Why
from handoff.ordering import order_key
from handoff.routing import Routing, Seat, Ticket, may_take, route
from handoff.settings import RoutingSettings
from kit.contracts import Language
from tests.handoff.routing_support import SETTINGS, seat, ticket
from tests.support.clock import START

LATER = START + timedelta(seconds=10)


def routed(tickets: list[Ticket], *seats: Seat, seconds: float = 10) -> Routing:
    return route(tickets, seats, settings=SETTINGS, now=START + timedelta(seconds=seconds))


def pairs(routing: Routing) -> dict[str, str]:
    return {one.ticket.handoff_id: one.agent.id for one in routing.assignments}


def codes(routing: Routing) -> list[str]:
    [one] = routing.assignments
    return [why.code for why in one.why]


def test_a_critical_customer_gets_the_one_free_place_whoever_waited_before() -> None:
    waiting = [ticket("early"), ticket("smoke", urgency=Urgency.CRITICAL, asked_at=LATER)]
    routing = routed(waiting, seat("mei", held=2))
    assert pairs(routing) == {"smoke": "mei"}
    assert codes(routing) == ["critical", "only_one_free"]
    assert [(left.handoff_id, why.code) for left, why in routing.left] == [("early", "all_busy")]


def test_a_critical_customer_may_be_given_beyond_the_capacity_but_only_so_far() -> None:
    smoke = [ticket(name, urgency=Urgency.CRITICAL) for name in ("smoke-1", "smoke-2")]
    assert pairs(routed(smoke, seat("mei", held=3))) == {"smoke-1": "mei"}
    assert pairs(routed([ticket("calm")], seat("mei", held=3))) == {}


def test_a_promise_at_risk_goes_before_a_younger_one_even_when_that_is_serious() -> None:
    old = ticket("old", asked_at=START - timedelta(minutes=9))
    serious = ticket("serious", urgency=Urgency.SERIOUS)
    assert pairs(routed([serious, old], seat("mei", held=2))) == {"old": "mei"}
    fresh = ticket("fresh", asked_at=START - timedelta(minutes=1))
    assert pairs(routed([serious, fresh], seat("mei", held=2))) == {"serious": "mei"}


def test_a_key_account_goes_to_its_own_representative_though_others_hold_less() -> None:
    vip = ticket("vip", key_account=True, named="lin")
    routing = routed([vip], seat("mei"), seat("lin", held=2))
    assert pairs(routing) == {"vip": "lin"}
    assert codes(routing) == ["key_account", "named_agent"]


def test_a_key_account_does_not_wait_for_its_own_representative_while_another_is_free() -> None:
    vip = ticket("vip", key_account=True, named="lin")
    assert pairs(routed([vip], seat("mei"), seat("lin", held=3))) == {"vip": "mei"}


def test_a_customer_who_comes_back_meets_whom_they_know() -> None:
    routing = routed([ticket("again", last="lin")], seat("mei"), seat("lin", held=1))
    assert pairs(routing) == {"again": "lin"}
    assert codes(routing) == ["last_agent"]


def test_departments_and_languages_keep_to_themselves_while_they_can() -> None:
    english = ticket("english", language=Language.EN, department="technical_support")
    seats = (
        seat("zh-tech", departments=("technical_support",), languages=(Language.ZH,)),
        seat("en-tech", departments=("technical_support",), languages=(Language.EN,), held=2),
        seat("en-sales", departments=("after_sales",), languages=(Language.EN,)),
    )
    routing = routed([english], *seats)
    assert pairs(routing) == {"english": "en-tech"}
    [one] = routing.assignments
    assert one.why == (
        Why(code="department", about="technical_support"),
        Why(code="language", about="en"),
        Why(code="only_one_free"),
    )


def test_a_language_nobody_on_duty_speaks_is_no_reason_to_wait() -> None:
    english = ticket("english", language=Language.EN)
    routing = routed([english], seat("mei", languages=(Language.ZH,)))
    assert pairs(routing) == {"english": "mei"}
    assert codes(routing) == ["no_language", "only_one_free"]


def test_after_a_while_another_language_and_then_another_department_helps_out() -> None:
    english = ticket("english", language=Language.EN, department="after_sales")
    busy = seat("right", departments=("after_sales",), languages=(Language.EN,), held=3)
    colleague = seat("colleague", departments=("after_sales",), languages=(Language.ZH,), held=0)
    stranger = seat("stranger", departments=("complaints",), languages=(Language.EN,))
    assert pairs(routed([english], busy, colleague, stranger, seconds=119)) == {}
    assert pairs(routed([english], busy, colleague, stranger, seconds=120)) == {"english": "colleague"}
    assert pairs(routed([english], busy, stranger, seconds=299)) == {}
    assert pairs(routed([english], busy, stranger, seconds=300)) == {"english": "stranger"}


def test_skill_decides_among_those_who_may() -> None:
    invoice = ticket("invoice", skill="invoices")
    routing = routed([invoice], seat("mei", skills=("repairs",)), seat("lin", skills=("invoices",), held=1))
    assert pairs(routing) == {"invoice": "lin"}
    assert codes(routing) == ["skill", "only_one_free"]


def test_work_is_spread_by_load_and_then_by_who_has_been_idle_longest() -> None:
    assert pairs(routed([ticket("a")], seat("mei", held=1), seat("lin"))) == {"a": "lin"}
    idle = routed([ticket("a")], seat("mei", idle=timedelta(minutes=1)), seat("lin", idle=timedelta(minutes=9)))
    assert pairs(idle) == {"a": "lin"}
    assert codes(idle) == ["longest_idle"]
    # A capacity of one that holds none is freer than a capacity of three that holds one.
    assert pairs(routed([ticket("a")], seat("mei", held=1), seat("lin", capacity=1))) == {"a": "lin"}


def test_what_somebody_did_not_take_goes_to_the_next_and_round_again_when_all_have_passed() -> None:
    first = ticket("a", passed=frozenset({"lin"}))
    routing = routed([first], seat("lin"), seat("mei", held=2))
    assert pairs(routing) == {"a": "mei"}
    assert codes(routing) == ["passed_on", "only_one_free"]
    assert pairs(routed([ticket("a", passed=frozenset({"lin", "mei"}))], seat("lin"), seat("mei"))) != {}


def test_after_a_while_room_with_somebody_who_passed_keeps_nobody_from_getting_help_elsewhere() -> None:
    waiting = ticket("a", language=Language.EN, passed=frozenset({"lin"}))
    lin, mei = seat("lin", languages=(Language.EN,)), seat("mei", languages=(Language.ZH,))
    busy = seat("tom", languages=(Language.EN,), held=3)
    assert pairs(routed([waiting], lin, mei, busy, seconds=119)) == {}
    assert pairs(routed([waiting], lin, mei, busy, seconds=120)) == {"a": "mei"}


def test_capacity_of_a_channel_and_a_capacity_of_nothing_are_kept() -> None:
    one_telegram = seat("mei", channels=(("telegram", 1),))
    waiting = [ticket("t1", channel="telegram"), ticket("t2", channel="telegram"), ticket("web")]
    assert pairs(routed(waiting, one_telegram)) == {"t1": "mei", "web": "mei"}
    watching = seat("boss", capacity=0)
    smoke = ticket("smoke", urgency=Urgency.CRITICAL)
    [(_, why)] = routed([smoke], watching).left
    assert why == Why(code="nobody_on_duty")


def test_who_takes_a_break_is_offered_nothing() -> None:
    assert pairs(routed([ticket("a")], seat("mei", open_to_offers=False))) == {}


NAMES = st.integers(0, 8).map(lambda number: f"agent-{number}")
DEPARTMENTS = st.sampled_from(["consultation", "complaints", "after_sales"])
SOME = st.lists(DEPARTMENTS, max_size=2).map(tuple)
SEATS = st.lists(
    st.builds(
        seat,
        NAMES,
        departments=SOME,
        languages=st.lists(st.sampled_from(Language), max_size=1).map(tuple),
        skills=st.lists(st.sampled_from(["invoices", "repairs"]), max_size=1).map(tuple),
        capacity=st.none() | st.integers(0, 4),
        held=st.integers(0, 4),
        open_to_offers=st.booleans(),
    ),
    unique_by=lambda one: one.agent.id,
    max_size=8,
)
TICKETS = st.lists(
    st.builds(
        ticket,
        st.integers(0, 10**6).map(str),
        urgency=st.sampled_from(Urgency),
        asked_at=st.integers(0, 900).map(lambda seconds: START - timedelta(seconds=seconds)),
        department=DEPARTMENTS,
        language=st.sampled_from(Language),
        skill=st.none() | st.sampled_from(["invoices", "repairs"]),
        key_account=st.booleans(),
        named=st.none() | NAMES,
        last=st.none() | NAMES,
        passed=st.frozensets(NAMES, max_size=2),
    ),
    unique_by=lambda one: one.handoff_id,
    max_size=10,
)


@given(TICKETS, SEATS)
def test_nobody_waits_while_somebody_suitable_is_free_and_nobody_gets_too_much(
    tickets: list[Ticket], seats: list[Seat]
) -> None:
    routing = routed(tickets, *seats)
    after = {one.agent.id: one for one in seats}
    for one in routing.assignments:
        assert after[one.agent.id].has_room(one.ticket, SETTINGS)
        assert one.why
        after[one.agent.id] = after[one.agent.id].given(one.ticket, START)
    for waiting, _ in routing.left:
        pool, _ = may_take(waiting, list(after.values()), settings=SETTINGS, now=LATER)
        assert not [one for one in pool if one.has_room(waiting, SETTINGS)]
    assert {one.ticket.handoff_id for one in routing.assignments} | {one.handoff_id for one, _ in routing.left} == {
        one.handoff_id for one in tickets
    }


@given(TICKETS, SEATS)
def test_the_decision_does_not_depend_on_the_order_in_which_things_are_listed(
    tickets: list[Ticket], seats: list[Seat]
) -> None:
    assert routed(tickets, *seats) == routed(tickets[::-1], *seats[::-1])


@given(TICKETS, SEATS)
def test_who_is_passed_over_had_nobody_suitable_who_was_free(tickets: list[Ticket], seats: list[Seat]) -> None:
    routing = routed(tickets, *seats)
    alone = {one.handoff_id for one, _ in routing.left}
    for index, one in enumerate(sorted(tickets, key=lambda each: order_key(each.waiting))):
        if one.handoff_id in alone and index == 0:
            assert pairs(routed([one], *seats)) == {}


def test_settings_that_let_the_department_give_way_before_the_language_are_refused() -> None:
    with pytest.raises(ValueError, match=r"overflow_after_seconds \(60\) must be at least widen_after_seconds"):
        RoutingSettings(widen_after_seconds=120, overflow_after_seconds=60)
