"""nlu: named things by pattern."""

from __future__ import annotations

import time

import pytest

from nlu.contracts import Entity
from nlu.entities import find_entities, settle


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CJ2611-088213到哪了 13812345678", [("order_number", "CJ2611-088213"), ("phone", "13812345678")]),
        ("cj2611088213", [("order_number", "cj2611088213")]),
        (
            "i paid 1299 rmb for the washer last friday",
            [("amount", "1299 rmb"), ("product", "washer"), ("date", "last friday")],
        ),
        ("滚筒洗衣机坏了，上周五买的，￥2,999", [("product", "滚筒洗衣机"), ("date", "上周五"), ("amount", "￥2,999")]),
        ("the back of the theater", []),
        ("你好", []),
    ],
)
def test_what_is_named_is_found_in_its_place(text: str, found: list[tuple[str, str]]) -> None:
    entities = find_entities(text)
    assert [(e.kind, e.value) for e in entities] == found
    assert all(text[e.start : e.end] == e.value for e in entities)


def test_overlapping_finds_leave_the_longer_one() -> None:
    short = Entity(kind="product", value="洗衣机", start=2, end=5)
    long = Entity(kind="product", value="滚筒洗衣机", start=0, end=5)
    assert settle([short, long]) == (long,)


def test_the_longest_allowed_text_is_searched_quickly() -> None:
    """A pattern with nested repeats would take minutes on one of these, not milliseconds."""
    for piece in ("1", "1 ", "CJ2611", "一二三四五", "last ", "a" * 50 + " ", "¥1,1", "洗衣"):
        began = time.process_time()
        find_entities((piece * 2_000)[:2_000])
        assert time.process_time() - began < 2
