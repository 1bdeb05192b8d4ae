"""cases: whether two files may be about one matter. Pure.

The same order, the same way to reach the customer or the same conversation says so by itself. A name says it only
together with the product or with what is told, for names are common. No fixed score tells whether two texts mean the
same (where cosines lie depends on the desk): a text is alike when it is nearer than nearly all of what other customers
told in the same time.
"""

from __future__ import annotations

from collections.abc import Sequence

from cases.contracts.merging import Report, Same

SURE = frozenset({Same.ORDER, Same.CONTACT, Same.CONVERSATION})
LEAST_OTHERS = 10
"""Fewer other files tell nothing of how alike two unrelated ones are."""
NEARER_THAN = 0.95


def same_of(one: Report, other: Report) -> tuple[Same, ...]:
    """What the fields of two files have in common, the surest first."""
    name = _plain(one.customer_name)
    found = (
        (Same.ORDER, not one.order_keys.isdisjoint(other.order_keys)),
        (Same.CONTACT, not one.contact_keys.isdisjoint(other.contact_keys)),
        (Same.CONVERSATION, one.conversation_id is not None and one.conversation_id == other.conversation_id),
        (Same.NAME, bool(name) and name == _plain(other.customer_name)),
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


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
