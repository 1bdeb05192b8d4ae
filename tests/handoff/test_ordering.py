from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from handoff.contracts import Urgency
from handoff.ordering import SCORE_START, Waiting, ahead_of, in_order, order_key, score
from tests.support.clock import START

WAITING = st.builds(
    Waiting,
    conversation_id=st.integers(0, 10**9).map(lambda number: f"{number:026d}"),
    urgency=st.sampled_from(Urgency),
    returned_to_queue=st.integers(0, 3),
    answer_by=st.integers(-(10**13), 10**13).map(lambda micros: START + timedelta(microseconds=micros)),
)


def is_critical(waiting: Waiting) -> bool:
    return waiting.urgency is Urgency.CRITICAL


QUEUES = st.lists(WAITING, unique_by=lambda waiting: waiting.conversation_id, max_size=12)


@given(QUEUES)
def test_a_critical_one_never_waits_behind_any_other(queue: list[Waiting]) -> None:
    critical = [is_critical(waiting) for waiting in in_order(queue)]
    assert critical == sorted(critical, reverse=True)


@given(QUEUES)
def test_whoever_was_left_behind_by_an_agent_comes_right_after_the_critical_ones(queue: list[Waiting]) -> None:
    for critical in (True, False):
        left_behind = [w.returned_to_queue > 0 for w in in_order(queue) if is_critical(w) is critical]
        assert left_behind == sorted(left_behind, reverse=True)


@given(QUEUES)
def test_everybody_else_stands_in_the_order_of_the_promised_times(queue: list[Waiting]) -> None:
    for critical in (True, False):
        for left_behind in (True, False):
            times = [
                w.answer_by
                for w in in_order(queue)
                if is_critical(w) is critical and (w.returned_to_queue > 0) is left_behind
            ]
            assert times == sorted(times)


@given(QUEUES, st.lists(WAITING, max_size=12))
def test_who_asks_after_a_promise_was_made_for_passes_nobody_but_as_a_critical_one(
    queue: list[Waiting], newcomers: list[Waiting]
) -> None:
    # Nobody is passed for ever: whatever comes later than a promised time stands behind it.
    for waiting in queue:
        later = [
            replace(one, conversation_id=f"{one.conversation_id}-new", answer_by=waiting.answer_by + timedelta(hours=1))
            for one in newcomers
            if not is_critical(one) and not one.returned_to_queue
        ]
        order = in_order([waiting, *later])
        assert order[0] is waiting


@given(QUEUES, WAITING)
def test_a_newcomer_never_changes_the_order_of_those_who_wait(queue: list[Waiting], newcomer: Waiting) -> None:
    others = [w for w in queue if w.conversation_id != newcomer.conversation_id]
    assert [w for w in in_order([*others, newcomer]) if w != newcomer] == in_order(others)


@given(QUEUES)
def test_the_score_of_the_sorted_set_says_the_same_as_the_key(queue: list[Waiting]) -> None:
    by_score = sorted(queue, key=lambda w: (float(score(w)), w.conversation_id))
    assert by_score == sorted(queue, key=order_key)


@given(QUEUES)
def test_places_count_from_nobody_ahead_to_everybody_else_ahead(queue: list[Waiting]) -> None:
    assert [ahead_of(w.conversation_id, queue) for w in in_order(queue)] == list(range(len(queue)))


def test_scores_stay_exact_as_doubles_until_2055() -> None:
    late = SCORE_START + timedelta(days=35 * 365)
    last = Waiting(conversation_id="a", urgency=Urgency.NORMAL, returned_to_queue=0, answer_by=late)
    next_one = Waiting(
        conversation_id="b", urgency=Urgency.NORMAL, returned_to_queue=0, answer_by=late + timedelta(microseconds=1)
    )
    assert score(next_one) < 2**53
    assert float(score(next_one)) - float(score(last)) == 1.0


def test_somebody_who_does_not_wait_has_no_place() -> None:
    assert ahead_of("nobody", []) is None
