"""nlu: cutting a message into clauses, and naming what each of them wants."""

from __future__ import annotations

import pytest

from nlu.clauses import Clause, choose_intents, split_clauses
from nlu.contracts import IntentSpan, Scored


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("东西坏了，还要多久退款", ["东西坏了", "还要多久退款"]),
        ("东西坏了 还要多久退款", ["东西坏了", "还要多久退款"]),
        ("我要退货。另外发票怎么开？", ["我要退货", "另外发票怎么开"]),
        ("查一下物流还有发票也要", ["查一下物流", "还有发票也要"]),
        ("where is my order and can i get an invoice", ["where is my order", "and can i get an invoice"]),
        ("It broke. How long is the warranty?", ["It broke", "How long is the warranty"]),
        ("send it back, also cancel the other one", ["send it back", "also cancel the other one"]),
        ("嗯，我的退款呢，什么时候发货", ["嗯，我的退款呢", "什么时候发货"]),
        ("我要退货，寄到北京，嗯", ["我要退货", "寄到北京，嗯"]),
    ],
)
def test_a_message_is_cut_at_the_borders_of_its_clauses(text: str, clauses: list[str]) -> None:
    found = split_clauses(text)
    assert [clause.text for clause in found] == clauses
    assert all(text[clause.start : clause.end] == clause.text for clause in found)


@pytest.mark.parametrize(
    "text",
    [
        "", "，，", "退款", "我的退款到哪了？", "where's my refund?", "black and white fridge",
        "it costs 1,299.50 yuan", "还有人在吗", "一一，二二，三三，四四，五五，六六", "嗯，啊", "ok. yes",
    ],
)  # fmt: skip
def test_one_clause_or_a_long_story_is_not_cut(text: str) -> None:
    assert split_clauses(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "您好，怎么退货，谢谢",
        "在吗 发票怎么开",
        "麻烦问下，运费多少，谢谢啦",
        "hello there, where's my refund? thank you",
        "hi, how long is the warranty, thanks a lot",
    ],
)
def test_courtesy_is_no_clause_of_its_own(text: str) -> None:
    assert split_clauses(text) == ()


@pytest.mark.parametrize(
    ("text", "clauses"),
    [("你好，东西坏了，还要多久退款，谢谢", 2), ("hi, my oven is broken, and when do i get my refund? thanks", 2)],
)
def test_courtesy_beside_two_matters_leaves_them_two(text: str, clauses: int) -> None:
    assert len(split_clauses(text)) == clauses


TEXT = "东西坏了，还要多久退款"
FIRST = Clause(text="东西坏了", start=0, end=4)
SECOND = Clause(text="还要多久退款", start=5, end=11)


def ranked(name: str, confidence: float = 0.95) -> tuple[Scored, ...]:
    return (Scored(name=name, confidence=confidence),)


WHOLE = (Scored(name="refund", confidence=0.6), Scored(name="repair", confidence=0.3))


def choose(whole: tuple[Scored, ...], *parts: tuple[Clause, tuple[Scored, ...]]) -> list[tuple[str, int, int]]:
    chosen: tuple[IntentSpan, ...] = choose_intents(TEXT, whole, parts, unknown="unknown")
    return [(span.name, span.start, span.end) for span in chosen]


def test_clauses_that_surely_differ_give_an_intent_each() -> None:
    parts = ((FIRST, ranked("repair")), (SECOND, ranked("refund")))
    assert choose(WHOLE, *parts) == [("repair", 0, 4), ("refund", 5, 11)]


def test_an_unknown_before_the_whole_does_not_hide_its_intents() -> None:
    parts = ((FIRST, ranked("repair")), (SECOND, ranked("refund")))
    assert choose((*ranked("unknown"), *WHOLE), *parts) == [("repair", 0, 4), ("refund", 5, 11)]


@pytest.mark.parametrize("weak", [ranked("repair", 0.85), ranked("unknown", 0.99), ()])
def test_an_unsure_or_strange_clause_says_nothing(weak: tuple[Scored, ...]) -> None:
    assert choose(ranked("refund"), (FIRST, weak), (SECOND, ranked("refund"))) == [("refund", 0, 11)]


def test_clauses_of_one_intent_are_one_intent() -> None:
    parts = ((FIRST, ranked("repair")), (SECOND, ranked("repair")))
    assert choose(ranked("repair"), *parts) == [("repair", 0, 11)]


def test_a_whole_that_means_something_else_stays_whole() -> None:
    parts = ((FIRST, ranked("repair")), (SECOND, ranked("refund")))
    assert choose(ranked("complaint"), *parts) == [("complaint", 0, 11)]
    assert choose(ranked("refund"), *parts) == [("refund", 0, 11)]


def test_a_message_that_is_not_understood_is_one_unknown() -> None:
    assert choose((), (FIRST, ()), (SECOND, ())) == [("unknown", 0, 11)]
