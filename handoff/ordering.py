"""handoff: who is next. Pure; knows no store and no clock.

Critical ones come first, whatever else waits. Everybody else stands in the order in which an answer was promised: a
serious matter or a key account has an earlier promise and so passes others, but only those who asked a few minutes
before, so that nobody can be passed for ever (docs/decisions/0031).

The order is total and the same everywhere it is computed: here, in SQL (`adapters/queue_sql.py`) and as a score in a
Redis sorted set (`score`). tests/handoff/test_ordering.py holds the three together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handoff.contracts import Urgency

SCORE_START = datetime(2020, 1, 1, tzinfo=UTC)
TIME_STEPS = 2**50
"""Microseconds a score has room for: 35 years from SCORE_START. Four classes of it fit into the 53 exact bits of a
double, so equal scores mean equal times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What decides the place of one waiting conversation."""

    conversation_id: str
    urgency: Urgency
    returned_to_queue: int
    answer_by: datetime


def order_key(waiting: Waiting) -> tuple[int, datetime, str]:
    """Sorts ascending: critical ones, then those an agent left behind, then by the promised time.

    How often somebody was left behind does not count, only that they were: among those, the promise decides.
    """
    return _class_of(waiting), waiting.answer_by, waiting.conversation_id


def in_order(queue: Iterable[Waiting]) -> list[Waiting]:
    """The queue, next one first."""
    return sorted(queue, key=order_key)


def ahead_of(conversation_id: str, queue: Iterable[Waiting]) -> int | None:
    """How many stand before `conversation_id`; None when it is not waiting."""
    ids = [waiting.conversation_id for waiting in in_order(queue)]
    return ids.index(conversation_id) if conversation_id in ids else None


def score(waiting: Waiting) -> int:
    """`order_key` without the id as one whole number below 2**53; equal scores are ordered by conversation id.

    Times before 2020 or after 2055 are taken as the nearest that fits.
    """
    promised = (waiting.answer_by - SCORE_START) // timedelta(microseconds=1)
    return _class_of(waiting) * TIME_STEPS + min(max(promised, 0), TIME_STEPS - 1)


def _class_of(waiting: Waiting) -> int:
    return (0 if waiting.urgency is Urgency.CRITICAL else 2) + (0 if waiting.returned_to_queue else 1)
