"""tests: how a complaint is heard, filed, completed, corrected, stopped and asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import AmendCase, Ask, HandOver, OpenCase, WithdrawCase
from bot.policy.situation import Situation
from bot.state import ComplaintForm, DialogueState, Field
from cases.contracts import Case, CaseStatus
from handoff.contracts import HandoffReason, Urgency
from kit.contracts import Language
from knowledge_base.contracts import Level
from nlu.contracts import Severity
from tests.bot.support.policy import CASE, POLICY, filling, keys, kinds, looked, options, pressed, situation
from tests.bot.support.scripted import UNKNOWN, article, complaint, found, place, understood
from tests.support.clock import START

BROKEN = "洗衣机用了一天就坏了 什么破质量"
SURE = found(Level.SURE, article("returns"))


def heard(text: str = BROKEN, **changes: object) -> Situation:
    """A text read as a complaint about quality, normal in severity, unless said otherwise."""
    values: dict[str, object] = {"complaint": complaint()} | {
        key: changes.pop(key) for key in ("complaint", "order_number", "phone", "intent") if key in changes
    }
    reading = understood(text, **values)  # type: ignore[arg-type]
    return situation(text, **{"understanding": reading, "result": UNKNOWN, "desk": place(), **changes})


def opened_by(decision: object) -> OpenCase:
    """The file a decision opens."""
    [new] = [action for action in decision.actions if isinstance(action, OpenCase)]  # type: ignore[attr-defined]
    return new


def asked_by(decision: object) -> Field | None:
    """The field a decision asks for."""
    asks = [action.field for action in decision.actions if isinstance(action, Ask)]  # type: ignore[attr-defined]
    assert len(asks) < 2, "one question at a time"
    return asks[0] if asks else None


def amended_by(decision: object) -> AmendCase:
    """The change a decision makes to the file."""
    [amend] = [action for action in decision.actions if isinstance(action, AmendCase)]  # type: ignore[attr-defined]
    return amend


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


# --- the form --------------------------------------------------------------------------------------------------------


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


# --- the same matter, and where it is --------------------------------------------------------------------------------


def test_more_about_the_same_matter_goes_into_the_same_file_and_offers_a_person() -> None:
    state = DialogueState(case=CASE)
    decision = decide(heard("还是没人理我", state=state), POLICY)
    assert amended_by(decision).added == "还是没人理我"
    assert options(decision) == ["human", "case:new"]


@pytest.mark.parametrize(("hours", "withdrawn"), [(25, False), (1, True)])
def test_a_complaint_a_day_later_or_after_withdrawing_is_a_file_of_its_own(hours: int, *, withdrawn: bool) -> None:
    state = DialogueState(case=replace(CASE, withdrawn=withdrawn))
    seen = heard(state=state, now=START + timedelta(hours=hours))
    assert "OpenCase" in kinds(decide(seen, POLICY))


def test_a_complaint_about_something_clearly_different_is_a_file_of_its_own() -> None:
    other = heard("快递员把门撞坏了", complaint=complaint("delivery"), state=DialogueState(case=CASE))
    assert "OpenCase" in kinds(decide(other, POLICY))
    unclear = complaint("delivery")
    unclear = replace(unclear, categories=(replace(unclear.categories[0], confidence=0.4),))
    same = heard("你们态度也太差了", complaint=unclear, state=DialogueState(case=CASE))
    assert "AmendCase" in kinds(decide(same, POLICY))
    burning = heard("取暖器插上就冒烟了", complaint=replace(unclear, rule="fire"), state=DialogueState(case=CASE))
    assert "OpenCase" in kinds(decide(burning, POLICY))


def test_something_else_is_a_file_of_its_own() -> None:
    decision = decide(pressed("case:new", state=DialogueState(case=CASE)), POLICY)
    assert (asked_by(decision), decision.state.case) == (Field.WHAT_HAPPENED, None)


def case_file(number: str = "TS2611-000001", status: CaseStatus = CaseStatus.OPEN) -> Case:
    """A stored file of this conversation."""
    return Case(
        id="case-1",
        number=number,
        conversation_id="c",
        customer_name="",
        language=Language.ZH,
        category="delivery",
        category_confidence=0.8,
        severity=Severity.NORMAL,
        severity_confidence=0.8,
        rule=None,
        what_happened="",
        order_number=None,
        wanted=None,
        contact=None,
        words=(),
        status=status,
        opened_at=START,
        updated_at=START,
    )


def test_asked_for_the_status_the_bot_shows_the_conversations_own_files() -> None:
    asked = situation("我的投诉到哪了", understanding=understood("x", intent="complaint_status"), result=UNKNOWN)
    two = decide(replace(asked, cases=(case_file("TS2611-000002"), case_file())), POLICY)
    assert keys(two) == [
        "bot.status.own",
        "bot.status.line",
        "bot.status.line",
        "bot.case_next.acknowledged",
        "bot.status.no_date",
    ]
    assert keys(decide(replace(asked, cases=()), POLICY)) == ["bot.status.none"]
    assert keys(decide(asked, POLICY)) == ["bot.status.unavailable"]


@pytest.mark.parametrize("text", ["TS2611-000001", "ts2611000001 怎么样了", "我的 TS2611－000001"])
def test_a_number_shows_the_file_however_it_is_typed(text: str) -> None:
    seen = situation(text, understanding=understood(text), result=UNKNOWN, cases=(case_file(),))
    assert decide(seen, POLICY).rule == "status.one"


def test_somebody_elses_number_and_one_that_does_not_exist_get_the_same_words() -> None:
    decisions = [
        decide(situation(f"TS2611-{n}", understanding=understood("x"), result=UNKNOWN, cases=(case_file(),)), POLICY)
        for n in ("000002", "999999")
    ]
    assert [keys(decision) for decision in decisions] == [["bot.status.not_found"]] * 2
    assert {decision.rule for decision in decisions} == {"status.not_found"}


@pytest.mark.parametrize(
    ("days_ago", "status", "severity"),
    [
        ((2, 10), CaseStatus.OPEN, Severity.SERIOUS),
        ((2,), CaseStatus.OPEN, Severity.NORMAL),
        ((2, 31), CaseStatus.OPEN, Severity.NORMAL),
        ((2, 10), CaseStatus.RESOLVED, Severity.SERIOUS),
        ((2, 10), CaseStatus.WITHDRAWN, Severity.NORMAL),
    ],
)
def test_the_third_complaint_within_thirty_days_is_serious(
    days_ago: tuple[int, ...], status: CaseStatus, severity: Severity
) -> None:
    earlier = tuple(
        replace(case_file(status=status), id=f"case-{days}", opened_at=START - timedelta(days=days))
        for days in days_ago
    )
    new = opened_by(decide(heard(cases=earlier), POLICY))
    assert (new.severity, new.rule) == (severity, "repeated" if severity is Severity.SERIOUS else None)


def test_repeated_complaints_never_lower_a_severity() -> None:
    earlier = tuple(replace(case_file(), id=str(number)) for number in range(5))
    read = complaint(severity=Severity.CRITICAL, rule="fraud")
    new = opened_by(decide(heard(cases=earlier, complaint=read), POLICY))
    assert (new.severity, new.rule) == (Severity.CRITICAL, "fraud")
