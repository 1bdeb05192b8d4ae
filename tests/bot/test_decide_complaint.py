"""tests: how a complaint is heard and filed, and who is called at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import HandOver
from bot.state import DialogueState, Field
from handoff.contracts import HandoffReason, Urgency
from nlu.contracts import Severity
from tests.bot.support.complaints import BROKEN, SURE, asked_by, heard, opened_by
from tests.bot.support.policy import CASE, POLICY, keys, kinds, options, situation
from tests.bot.support.scripted import UNKNOWN, complaint, place, understood


def test_a_complaint_opens_its_file_at_once_says_what_was_understood_and_asks_one_thing() -> None:
    decision = decide(heard(), POLICY)
    assert kinds(decision) == ["OpenCase", "Say", "Say", "Ask"]
    assert keys(decision) == ["bot.complaint.heard", "bot.complaint.filed"]
    new = opened_by(decision)
    assert (new.category, new.what_happened, new.severity) == ("product_quality", BROKEN, Severity.NORMAL)
    assert asked_by(decision) is Field.ORDER_NUMBER
    assert options(decision)[:4] == [
        "form:category:delivery",
        "form:category:repair_warranty",
        "form:categories",
        "form:not_complaint",
    ]
    assert options(decision)[-2:] == ["form:skip", "form:cancel"]


def test_what_was_already_said_is_in_the_file_and_not_asked_again() -> None:
    state = DialogueState(unanswered=("我的滚筒洗衣机",), order_number="CJ2611-088213")
    seen = heard(state=state, complaint=complaint(wants=("refund",)), phone="13800138000")
    decision = decide(seen, POLICY)
    new = opened_by(decision)
    assert new.what_happened == f"我的滚筒洗衣机\n{BROKEN}"
    assert (new.order_number, new.contact, new.wants) == ("CJ2611-088213", "13800138000", ("refund",))
    assert asked_by(decision) is None
    assert keys(decision)[-1] == "bot.form.done"
    assert decision.state.form is None


@pytest.mark.parametrize("text", ["我要投诉你们", "我要投诉！！", "I want to complain", "this is terrible, complaint"])
def test_a_complaint_that_says_nothing_yet_is_asked_what_happened_first(text: str) -> None:
    decision = decide(heard(text), POLICY)
    assert "OpenCase" in kinds(decision)
    assert asked_by(decision) is Field.WHAT_HAPPENED


def test_an_announced_complaint_that_reads_like_none_is_asked_what_happened_and_filed_with_the_reply() -> None:
    announced = decide(
        situation("我要反映个事", understanding=understood("我要反映个事", intent="complaint"), result=UNKNOWN), POLICY
    )
    assert (kinds(announced), asked_by(announced)) == (["Say", "Ask"], Field.WHAT_HAPPENED)
    told = decide(
        situation("师傅说好来没来", state=announced.state, understanding=understood("师傅说好来没来"), result=UNKNOWN),
        POLICY,
    )
    assert opened_by(told).category == "other"


@pytest.mark.parametrize(
    "text", ["我要投诉 洗衣机用了一天就坏了", "I'd like to complain, my washer broke after one day"]
)
def test_who_says_that_it_is_a_complaint_is_heard_whatever_the_classifier_reads(text: str) -> None:
    unread = replace(complaint("repair_warranty"), is_complaint=False)
    for result in (UNKNOWN, SURE):
        decision = decide(situation(text, understanding=understood(text, complaint=unread), result=result), POLICY)
        assert opened_by(decision).category == "repair_warranty"


@pytest.mark.parametrize("text", ["投诉电话是多少", "how do I complain about a courier"])
def test_a_question_with_complaint_words_gets_its_answer_and_no_file(text: str) -> None:
    asked = situation(text, understanding=understood(text, intent="complaint"), result=SURE)
    assert decide(asked, POLICY).rule == "answering.sure"


@pytest.mark.parametrize(
    ("severity", "urgency"), [(Severity.SERIOUS, Urgency.SERIOUS), (Severity.CRITICAL, Urgency.CRITICAL)]
)
def test_serious_and_critical_go_to_a_person_at_once_with_the_number_and_are_asked_nothing(
    severity: Severity, urgency: Urgency
) -> None:
    decision = decide(heard(complaint=complaint(severity=severity)), POLICY)
    assert HandOver(reason=HandoffReason.COMPLAINT, urgency=urgency) in decision.actions
    assert keys(decision) == [
        "bot.complaint.heard_serious",
        "bot.complaint.filed",
        "bot.waiting.called",
        "bot.waiting.next",
    ]
    assert asked_by(decision) is None
    assert options(decision)[-3:] == ["callback", "message", "leave_queue"], "the words offer all of them"
    assert decision.state.form is not None
    assert decision.state.form.paused


def test_with_nobody_on_duty_the_file_is_completed_while_the_customer_waits() -> None:
    decision = decide(
        heard(complaint=complaint(severity=Severity.SERIOUS), desk=place(open_now=False, agents=0)), POLICY
    )
    assert "HandOver" in kinds(decision)
    assert asked_by(decision) is Field.ORDER_NUMBER
    going_on = heard("CJ2611-088213", order_number="CJ2611-088213", state=replace(decision.state, case=CASE))
    assert asked_by(decide(replace(going_on, owner=Owner.QUEUE, place=place(agents=0)), POLICY)) is Field.WANTED


@pytest.mark.parametrize(
    ("text", "rule"),
    [("取暖器插上就冒烟了", None), ("The heater gave me an electric shock", None), ("手被划伤流血", "injury")],
)
def test_danger_is_met_with_keeping_away_first_and_a_person_at_once(text: str, rule: str | None) -> None:
    decision = decide(heard(text, complaint=complaint("privacy_safety", rule=rule)), POLICY)
    assert keys(decision)[0] == "bot.safety.first"
    assert HandOver(reason=HandoffReason.SAFETY, urgency=Urgency.CRITICAL) in decision.actions
    assert opened_by(decision).severity is Severity.CRITICAL


def test_danger_that_does_not_read_as_a_complaint_calls_a_person_and_a_question_about_it_is_answered() -> None:
    told = situation("插座冒烟了", understanding=understood("插座冒烟了"), result=UNKNOWN)
    assert HandOver(reason=HandoffReason.SAFETY, urgency=Urgency.CRITICAL) in decide(told, POLICY).actions
    asked = situation("空调会漏电吗", understanding=understood("空调会漏电吗"), result=SURE)
    decision = decide(asked, POLICY)
    assert (keys(decision), decision.name) == (["bot.safety.first"], "answer")


@pytest.mark.parametrize(
    "text", ["smoke detector price", "fire TV stick", "烟机多少钱", "修好了 不漏电了", "no sparks any more"]
)
def test_words_that_only_look_like_danger_are_none(text: str) -> None:
    asked = situation(text, understanding=understood(text), result=UNKNOWN)
    assert "bot.safety.first" not in keys(decide(asked, POLICY))


def test_a_sure_article_stands_beside_the_file_as_a_button() -> None:
    decision = decide(heard(result=SURE), POLICY)
    assert "article:id-returns" in options(decision)
    assert "OpenCase" in kinds(decision)
