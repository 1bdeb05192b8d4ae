"""tests: the questions after a complaint: answered, skipped, stopped, corrected, interrupted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import decide
from bot.decisions import Ask, HandOver, WithdrawCase
from bot.policy.situation import Situation
from bot.state import ComplaintForm, DialogueState, Field
from handoff.contracts import HandoffReason, Urgency
from nlu.contracts import Severity
from tests.bot.support.complaints import SURE, amended_by, asked_by, heard
from tests.bot.support.policy import CASE, POLICY, filling, keys, kinds, looked, options, pressed, situation
from tests.bot.support.scripted import UNKNOWN, article, complaint, place, understood


@pytest.mark.parametrize(
    ("asking", "text", "entities", "expected", "then"),
    [
        (
            Field.ORDER_NUMBER,
            "CJ2611-088213",
            {"order_number": "CJ2611-088213"},
            {"order_number": "CJ2611-088213"},
            Field.WANTED,
        ),
        (Field.ORDER_NUMBER, "9988776655", {}, {"order_number": "9988776655"}, Field.WANTED),
        (Field.WANTED, "给我换台新的", {}, {"wanted": "给我换台新的"}, Field.CONTACT),
        (Field.CONTACT, "13800138000", {"phone": "13800138000"}, {"contact": "13800138000"}, None),
        (Field.CONTACT, "mail me at ann@example.com", {}, {"contact": "ann@example.com"}, None),
        (Field.CONTACT, "微信 chengjia2020", {}, {"contact": "微信 chengjia2020"}, None),
        (Field.WHAT_HAPPENED, "昨天收到洗衣机开不了机", {}, {"added": "昨天收到洗衣机开不了机"}, Field.ORDER_NUMBER),
    ],
)
def test_a_reply_that_fits_goes_into_the_file_and_the_next_missing_thing_is_asked(
    asking: Field, text: str, entities: dict[str, str], expected: dict[str, str], then: Field | None
) -> None:
    order = list(Field)
    state = filling(asking, *order[: order.index(asking)])
    decision = decide(situation(text, state=state, understanding=understood(text, **entities), result=UNKNOWN), POLICY)  # type: ignore[arg-type]
    amend = amended_by(decision)
    assert {name: getattr(amend, name) for name in expected} == expected
    assert asked_by(decision) is then
    if then is None:
        assert keys(decision) == ["bot.form.done"]
        assert decision.state.form is None


@pytest.mark.parametrize("text", ["跳过", "没有", "不知道", "skip", "I don't know", "none", "no"])
def test_the_usual_words_leave_one_question_open(text: str) -> None:
    state = filling(Field.ORDER_NUMBER, Field.WHAT_HAPPENED)
    decision = decide(situation(text, state=state, understanding=understood(text), result=UNKNOWN), POLICY)
    assert asked_by(decision) is Field.WANTED
    assert decision.state.form is not None
    assert decision.state.form.skipped == (Field.ORDER_NUMBER,)
    assert asked_by(decide(pressed("form:skip", state=state), POLICY)) is Field.WANTED


@pytest.mark.parametrize("text", ["算了", "取消", "cancel", "never mind"])
def test_stopping_ends_the_questions_keeps_the_file_and_offers_to_withdraw_it(text: str) -> None:
    state = filling(Field.WANTED)
    for seen in (situation(text, understanding=understood(text), result=UNKNOWN), pressed("form:cancel")):
        decision = decide(replace(seen, state=state), POLICY)
        assert (keys(decision), options(decision)) == (["bot.form.stopped"], ["form:withdraw", "human"])
        assert decision.state.form is None
        assert decision.state.case == CASE


def test_withdrawing_is_said_by_a_button_and_only_then_done() -> None:
    decision = decide(pressed("form:withdraw", state=DialogueState(case=CASE)), POLICY)
    assert decision.actions[0] == WithdrawCase(case_id="case-1")
    assert decision.state.case is not None
    assert decision.state.case.withdrawn
    again = decide(pressed("form:withdraw", state=decision.state), POLICY)
    assert keys(again) == ["bot.press.gone"]


def test_a_wrongly_heard_complaint_is_taken_back_with_one_press() -> None:
    decision = decide(pressed("form:not_complaint", state=filling(Field.ORDER_NUMBER)), POLICY)
    assert (kinds(decision), keys(decision)) == (["WithdrawCase", "Say"], ["bot.complaint.not_complaint"])
    assert decision.state.form is None


@pytest.mark.parametrize(
    "seen", [pressed("form:category:delivery"), situation("配送问题", understanding=understood("x"))]
)
def test_the_category_is_corrected_by_a_button_or_its_name_and_the_form_goes_on(seen: Situation) -> None:
    decision = decide(replace(seen, state=filling(Field.ORDER_NUMBER), looked=looked(UNKNOWN)), POLICY)
    assert amended_by(decision).category == "delivery"
    assert asked_by(decision) is Field.ORDER_NUMBER
    assert decision.state.case is not None
    assert decision.state.case.category == "delivery"


def test_all_categories_are_offered_on_request() -> None:
    decision = decide(pressed("form:categories", state=filling(Field.ORDER_NUMBER)), POLICY)
    assert options(decision) == [f"form:category:{name}" for name in POLICY.categories]


def test_a_wanted_outcome_can_be_pressed() -> None:
    decision = decide(
        pressed("form:wanted:refund", state=filling(Field.WANTED, Field.WHAT_HAPPENED, Field.ORDER_NUMBER)), POLICY
    )
    assert amended_by(decision).wants == ("refund",)
    assert asked_by(decision) is Field.CONTACT


@pytest.mark.parametrize("asking", list(Field))
def test_a_question_in_the_middle_gets_its_answer_and_the_form_goes_on(asking: Field) -> None:
    text = "退货运费谁出？"
    seen = situation(text, state=filling(asking), understanding=understood(text), result=SURE)
    decision = decide(seen, POLICY)
    assert kinds(decision) == ["Answer", "Ask"]
    assert asked_by(decision) is asking


def test_who_asks_on_and_on_is_asked_the_form_s_question_once_more_and_can_still_answer_it() -> None:
    text = "退货运费谁出？"
    seen = situation(text, state=filling(Field.ORDER_NUMBER), understanding=understood(text), result=SURE)
    first = decide(seen, POLICY)
    assert asked_by(first) is Field.ORDER_NUMBER
    second = decide(replace(seen, state=first.state), POLICY)
    assert kinds(second) == ["Answer"]
    later = understood("CJ2611-088213", order_number="CJ2611-088213")
    given = decide(situation("CJ2611-088213", state=second.state, understanding=later, result=UNKNOWN), POLICY)
    assert amended_by(given).order_number == "CJ2611-088213"
    assert given.state.form is not None
    assert (asked_by(given), given.state.form.interruptions) == (given.state.form.asking, 0)


def test_what_happened_is_asked_until_there_is_a_file() -> None:
    text = "退货运费谁出？"
    state = DialogueState(form=ComplaintForm(asking=Field.WHAT_HAPPENED))
    for _ in range(3):
        seen = situation(text, state=state, understanding=understood(text), result=SURE)
        decision = decide(seen, POLICY)
        assert asked_by(decision) is Field.WHAT_HAPPENED
        state = decision.state


def test_a_wish_in_the_form_of_a_question_is_a_wish() -> None:
    text = "能不能给我退款?"
    wish = replace(complaint(wants=("refund",)), is_complaint=False)
    for result, read in ((SURE, understood(text, complaint=wish)), (UNKNOWN, understood(text))):
        seen = situation(text, state=filling(Field.WANTED), understanding=read, result=result)
        assert amended_by(decide(seen, POLICY)).wanted == text


def test_a_chosen_article_in_the_middle_is_answered_and_the_form_goes_on() -> None:
    decision = decide(pressed("article:id-returns", shown=article("returns"), state=filling(Field.WANTED)), POLICY)
    assert (kinds(decision), asked_by(decision)) == (["Answer", "Ask"], Field.WANTED)


def test_a_question_nobody_can_answer_is_kept_in_the_file() -> None:
    text = "你们什么时候能处理好?"
    decision = decide(
        situation(text, state=filling(Field.CONTACT), understanding=understood(text), result=UNKNOWN), POLICY
    )
    assert amended_by(decision).added == text
    assert keys(decision) == ["bot.form.question_later"]
    assert asked_by(decision) is Field.CONTACT


def test_what_does_not_fit_is_kept_asked_once_more_and_then_left_open() -> None:
    seen = situation("想想看", state=filling(Field.ORDER_NUMBER), understanding=understood("想想看"), result=UNKNOWN)
    first = decide(seen, POLICY)
    assert amended_by(first).added == "想想看"
    assert isinstance(first.actions[-1], Ask)
    assert first.actions[-1].again
    second = decide(replace(seen, state=first.state), POLICY)
    assert keys(second) == ["bot.form.left_open"]
    assert asked_by(second) is not Field.ORDER_NUMBER


def test_something_else_that_was_asked_for_is_taken_and_the_question_stands() -> None:
    heard_ = understood("13800138000", phone="13800138000")
    state = filling(Field.WANTED, Field.WHAT_HAPPENED, Field.ORDER_NUMBER)
    decision = decide(situation("13800138000", state=state, understanding=heard_, result=UNKNOWN), POLICY)
    assert amended_by(decision).contact == "13800138000"
    assert asked_by(decision) is Field.WANTED
    assert decision.state.form is not None
    assert Field.CONTACT in decision.state.form.given


def test_an_account_that_sounds_different_corrects_category_and_severity() -> None:
    text = "快递三天没到"
    seen = heard(text, complaint=complaint("delivery"), state=filling(Field.WHAT_HAPPENED))
    amend = amended_by(decide(seen, POLICY))
    assert (amend.category, amend.added) == ("delivery", text)


def test_a_matter_that_turns_out_worse_goes_to_a_person_in_the_middle_of_the_form() -> None:
    seen = heard(
        "孩子被烫伤了", complaint=complaint(severity=Severity.CRITICAL, rule="injury"), state=filling(Field.WANTED)
    )
    decision = decide(seen, POLICY)
    assert amended_by(decision).severity is Severity.CRITICAL
    assert HandOver(reason=HandoffReason.SAFETY, urgency=Urgency.CRITICAL) in decision.actions
    assert keys(decision)[0] == "bot.safety.first"


def test_a_person_on_request_pauses_the_form() -> None:
    decision = decide(pressed("human", state=filling(Field.WANTED), desk=place()), POLICY)
    assert decision.state.form == ComplaintForm(given=(), asking=None, paused=True)


def test_emoji_in_the_form_ask_for_words_and_lose_nothing() -> None:
    decision = decide(situation("👍", state=filling(Field.WANTED)), POLICY)
    assert keys(decision) == ["bot.no_words"]
    assert decision.state.form == filling(Field.WANTED).form
