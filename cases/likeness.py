"""cases: whether two files may be about one matter. Pure.

The same order, the same way to reach the customer or the same conversation says so by itself. A name says it only
together with the product or with what is told, for names are common. No fixed score tells whether two texts mean the
same (where cosines lie depends on the desk): a text is alike when it is nearer than nearly all of what other customers
told in the same time.
"""

from __future__ import annotations

from collections.abc import Sequence

from cases.contracts.merging import Report, Same
from cases.identity import keys_of

SURE = frozenset({Same.ORDER, Same.CONTACT, Same.CONVERSATION})
LEAST_OTHERS = 10
"""Fewer other files tell nothing of how alike two unrelated ones are."""
NEARER_THAN = 0.95


def same_of(one: Report, other: Report) -> tuple[Same, ...]:
    """What the fields of two files have in common, the surest first."""
    here, there = one.case, other.case
    found = (
        (Same.ORDER, _shared(here.order_number, there.order_number)),
        (Same.CONTACT, _shared(here.contact, there.contact)),
        (Same.CONVERSATION, here.conversation_id is not None and here.conversation_id == there.conversation_id),
        (Same.NAME, bool(_plain(here.customer_name)) and _plain(here.customer_name) == _plain(there.customer_name)),
        (Same.PRODUCT, bool(one.product) and one.product == other.product),
    )
    return tuple(what for what, holds in found if holds)


def reads_alike(near: float, others: Sequence[float]) -> bool:
    """Whether a text is as near as hardly any of the unrelated ones."""
    if len(others) < LEAST_OTHERS:
        return False
    return near > sorted(others)[min(len(others) - 1, int(len(others) * NEARER_THAN))]


def may_be_one(same: Sequence[Same]) -> bool:
    """Whether a person is asked to look."""
    return bool(SURE & set(same)) or (Same.NAME in same and bool({Same.PRODUCT, Same.MEANING} & set(same)))


def _shared(one: str | None, other: str | None) -> bool:
    return bool(keys_of(one or "") & keys_of(other or ""))


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
