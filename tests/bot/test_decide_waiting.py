"""tests: what the bot decides for a customer who waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import HandOver
from bot.policy.situation import Situation
from bot.state import DialogueState, WaitingTold
from handoff.contracts import HandoffReason, Urgency
from knowledge_base.contracts import Level
from nlu.contracts import Severity
from tests.bot.support.policy import CASE, POLICY, keys, kinds, options, pressed, situation
from tests.bot.support.scripted import UNKNOWN, article, complaint, found, place, understood

SURE = found(Level.SURE, article("returns"))


def test_a_sure_question_of_a_waiting_customer_is_answered() -> None:
    decision = decide(
        situation("怎么退货", owner=Owner.QUEUE, place=place(), understanding=understood("怎么退货"), result=SURE),
        POLICY,
    )
    assert (decision.name, decision.rule) == ("answer", "waiting.answer")


def test_a_waiting_customer_hears_the_place_once_and_then_only_when_it_changes_or_after_a_while() -> None:
    typed = situation(
        "还有一件事", owner=Owner.QUEUE, place=place(ahead=2), understanding=understood("还有一件事"), result=UNKNOWN
    )
    first = decide(typed, POLICY)
    assert keys(first) == ["bot.waiting.noted", "bot.waiting.ahead"]
    second = replace(typed, state=first.state, now=typed.now + timedelta(seconds=20))
    assert decide(second, POLICY).name == "silence"
    assert decide(replace(second, place=place(ahead=1)), POLICY).name == "say"
    assert decide(replace(second, text="还在吗"), POLICY).name == "say", "a question is never met with silence"
    assert decide(replace(second, now=typed.now + timedelta(seconds=61)), POLICY).name == "say"


def test_a_waiting_customer_who_asks_for_a_person_again_hears_the_place_and_opens_no_second_handover() -> None:
    asked = pressed("human", owner=Owner.QUEUE, place=place(ahead=1))
    decision = decide(asked, POLICY)
    assert (kinds(decision), keys(decision)) == (["Say"], ["bot.waiting.still", "bot.waiting.ahead"])


@pytest.mark.parametrize("seen", [pressed("leave_queue"), situation("算了", understanding=understood("算了"))])
def test_a_waiting_customer_can_leave_the_queue_and_keeps_the_file(seen: Situation) -> None:
    state = DialogueState(case=CASE, waiting=WaitingTold(at=CASE.opened_at, ahead=1))
    decision = decide(replace(seen, owner=Owner.QUEUE, place=place(), state=state), POLICY)
    assert kinds(decision) == ["LeaveQueue", "Say"]
    assert keys(decision) == ["bot.waiting.left", "bot.waiting.file_kept"]
    assert options(decision) == ["human"]


def test_leaving_without_waiting_is_explained() -> None:
    assert keys(decide(pressed("leave_queue"), POLICY)) == ["bot.waiting.not_waiting"]


def test_an_order_number_typed_while_waiting_goes_into_the_file() -> None:
    heard = understood("CJ2611-088213", order_number="CJ2611-088213")
    seen = situation(
        "CJ2611-088213",
        owner=Owner.QUEUE,
        place=place(),
        state=DialogueState(case=CASE),
        understanding=heard,
        result=UNKNOWN,
    )
    decision = decide(seen, POLICY)
    assert (kinds(decision), keys(decision)) == (["AmendCase", "Say", "TellDesk"], ["bot.waiting.added"])


def test_a_serious_complaint_of_a_waiting_customer_raises_the_urgency() -> None:
    heard = understood("再不处理我就去12315", complaint=complaint(severity=Severity.CRITICAL, rule="regulator"))
    seen = situation(
        "再不处理我就去12315", owner=Owner.QUEUE, place=place(ahead=3), understanding=heard, result=UNKNOWN
    )
    decision = decide(seen, POLICY)
    assert HandOver(reason=HandoffReason.COMPLAINT, urgency=Urgency.CRITICAL) in decision.actions
    assert "OpenCase" in kinds(decision)
