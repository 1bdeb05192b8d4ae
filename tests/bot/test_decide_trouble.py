"""tests: something is broken and the customer says no more than that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import decide
from bot.decisions import RecordMiss
from knowledge_base.contracts import Level
from tests.bot.support.policy import POLICY, keys, options, situation
from tests.bot.support.scripted import UNKNOWN, article, found, understood

REPAIR, FAULT, OTHER = article("repair", confidence=0.2), article("fault", confidence=0.1), article("other")
BROKEN = pytest.mark.parametrize("text", ["东西坏了", "洗衣机不转了", "my kettle stopped working", "it's broken"])


@BROKEN
def test_who_says_that_something_is_broken_hears_sympathy_and_the_ways_on(text: str) -> None:
    decision = decide(
        situation(text, understanding=understood(text), result=found(Level.UNKNOWN, REPAIR, FAULT, OTHER)), POLICY
    )
    assert (decision.rule, decision.name) == ("trouble", "clarify")
    assert keys(decision)[0] == "bot.trouble"
    assert options(decision) == ["article:id-repair", "article:id-fault", "case:new", "human"]
    assert RecordMiss(question=text, why="unknown", best_article_id="id-repair") in decision.actions


@pytest.mark.parametrize("text", ["洗衣机不转了", "my kettle stopped working"])
def test_a_sure_answer_stands_before_sympathy(text: str) -> None:
    decision = decide(situation(text, understanding=understood(text), result=found(Level.SURE, REPAIR)), POLICY)
    assert decision.rule == "answering.sure"


@BROKEN
def test_who_was_not_helped_by_the_ways_on_is_offered_a_person(text: str) -> None:
    first = decide(situation(text, understanding=understood(text), result=UNKNOWN), POLICY)
    again = decide(replace(situation(text, understanding=understood(text), result=UNKNOWN), state=first.state), POLICY)
    assert (again.name, keys(again)) == ("offer_human", ["bot.unknown.again"])


def test_a_question_about_broken_things_is_a_question() -> None:
    text = "坏了怎么保修"
    decision = decide(situation(text, understanding=understood(text), result=UNKNOWN), POLICY)
    assert decision.rule == "answering.unknown"
