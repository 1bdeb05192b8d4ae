"""tests: which file a complaint belongs to, what a customer hears of it, and complaints that repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide import decide
from bot.state import DialogueState, Field
from cases.contracts import CaseStatus
from nlu.contracts import Severity
from tests.bot.support.complaints import amended_by, asked_by, case_file, heard, opened_by
from tests.bot.support.policy import CASE, POLICY, keys, kinds, options, pressed, situation
from tests.bot.support.scripted import UNKNOWN, complaint, understood
from tests.support.clock import START


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
    for due, told in ((START + timedelta(hours=1), "bot.status.until"), (START, "bot.status.overdue")):
        promised = (replace(case_file(), promised_at=due),)
        assert keys(decide(replace(asked, cases=promised, now=START), POLICY))[-1] == told
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
