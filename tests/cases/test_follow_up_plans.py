"""tests: follow-ups: plans and scripts as data, hours, periods, by which way a customer is asked. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.app.case_room import rules_of
from cases.contracts.follow_ups import FollowUp, KnownCustomer, Outcome, Wish
from cases.follow_ups.hours import asking_hours, next_allowed
from cases.follow_ups.planning import Way, decide_way, hours_of_asking, of_period, period_of
from cases.rules import Rules
from cases.settings import CaseSettings
from cases.settings.follow_ups import SETTLED, Answer, FollowUpSettings, Question, Script
from handoff.settings import HandoffSettings
from kit.contracts import Language
from kit.hours import OpeningHours, Slot
from tests.support.clock import START

RULES: Rules = rules_of(CaseSettings(), HandoffSettings())
PLANS = {plan.name: plan for plan in RULES.settings.follow_ups.plans}
ONE = FollowUp(
    id="f", key="k", plan="periodic", conversation_id="talk", customer_name="", language=Language.ZH, due_at=START,
    created_at=START,
)  # fmt: skip
CUSTOMER = KnownCustomer(conversation_id="talk", name="", language=Language.ZH)


def with_scripts(*scripts: Script, **values: object) -> str:
    """What the settings say of scripts; nothing where they are whole."""
    plans = [{"name": "p", "zh": "回访", "en": "P", "trigger": "closed", "script": scripts[0].name}]
    try:
        CaseSettings.model_validate({"follow_ups": {"plans": plans, "scripts": scripts, **values}})
    except ValidationError as error:
        return str(error)
    return ""


def a_script(*questions: tuple[str, str, str]) -> Script:
    """Questions with where their two answers lead: a question, or `!` for an end."""

    def an_answer(name: str, to: str) -> Answer:
        outcome = Outcome.REACHED if to == "!" else None
        return Answer.model_validate({"name": name, "zh": name, "en": name, "next": to.strip("!"), "outcome": outcome})

    return Script(
        name="script",
        questions=tuple(
            Question(name=name, zh=name, en=name, answers=(an_answer("a", one), an_answer("b", other)))
            for name, one, other in questions
        ),
    )


def test_a_script_that_ends_is_taken_and_each_fault_of_another_is_named() -> None:
    assert with_scripts(SETTLED) == ""
    for script, fault in {
        a_script(("first", "second", "!")): "leads to second, which is no question",
        a_script(("first", "", "!")): "leads to another question or to an outcome",
        a_script(("first", "first", "!")): "question first comes back to itself",
        a_script(("first", "second", "!"), ("second", "first", "!")): "question second comes back to itself",
        a_script(("first", "!", "!"), ("lonely", "!", "!")): "no answer leads to question lonely",
    }.items():
        assert fault in with_scripts(script)
    assert "there is no kind nothing" in with_scripts(SETTLED, opens="nothing")
    assert "wrong: 12:00-09:00" in with_scripts(SETTLED, hours=("12:00-09:00",))
    assert "wrong: 11:00-13:00" in with_scripts(SETTLED, hours=("09:00-12:00", "11:00-13:00"))


def test_a_plan_names_a_script_and_kinds_that_are_there() -> None:
    plan = {"name": "p", "zh": "回访", "en": "P", "trigger": "closed", "script": "gone", "kinds": ["dream"]}
    with pytest.raises(ValidationError) as caught:
        CaseSettings.model_validate({"follow_ups": {"plans": [plan, plan]}})
    for fault in ("there is no script gone", "there is no kind dream", "p stands there twice"):
        assert fault in str(caught.value)


def test_customers_are_asked_within_both_the_settings_and_the_departments_hours() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    open_day, holiday = (Slot(start=600, end=900),), date(2026, 11, 23)
    hours = asking_hours(OpeningHours(zone=zone, days=(open_day,) * 7, special={holiday: ()}), ["09:00-12:00"])
    assert next_allowed(hours, datetime(2026, 11, 21, 3, 0, tzinfo=UTC)).hour == 3  # 11:00 there: allowed
    assert next_allowed(hours, datetime(2026, 11, 21, 0, 0, tzinfo=UTC)).hour == 2  # 08:00: from ten on
    after_noon = next_allowed(hours, datetime(2026, 11, 22, 6, 0, tzinfo=UTC))
    assert after_noon == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # the day between is a holiday


def test_a_period_is_of_calendar_months_and_a_quiet_day_of_one_day() -> None:
    quarter = period_of(PLANS["periodic"], START, rules=RULES)
    assert quarter is not None
    assert quarter.name == "2026-10"
    assert quarter.starts_at == datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    assert quarter.query.known_before == quarter.starts_at  # who came since then is not asked yet
    january = period_of(PLANS["periodic"], datetime(2027, 1, 31, 20, 0, tzinfo=UTC), rules=RULES)
    assert january is not None
    assert january.name == "2027-01"
    quiet = period_of(PLANS["pre_sale"], START, rules=RULES)
    assert quiet is not None
    assert quiet.name == "2026-11-18"
    assert quiet.query.wrote_until - quiet.query.wrote_from == timedelta(days=1)
    assert period_of(PLANS["complaint"], START, rules=RULES) is None


def test_customers_of_a_period_are_spread_over_its_days_and_only_over_hours_of_asking() -> None:
    plan, hours = PLANS["periodic"], hours_of_asking(RULES)
    period = period_of(plan, START, rules=RULES)
    assert period is not None
    due = [
        of_period(
            plan,
            period,
            replace(CUSTOMER, conversation_id=f"talk-{number}"),
            rules=RULES,
            since=START,
            at=START,
            new_id=lambda: "id",
        ).due_at
        for number in range(600)
    ]
    days = {moment.astimezone(hours.zone).date() for moment in due}
    assert len(days) == plan.spread_days
    assert all(next_allowed(hours, moment) == moment for moment in due)
    assert max(due) < START + timedelta(days=plan.spread_days)


def test_by_which_way_a_customer_is_asked() -> None:
    plan, agreed = PLANS["periodic"], Wish.CHAT

    def way(wish: Wish | None = None, *, recent: bool = False, name: str = "periodic", **known: bool) -> Way:
        return decide_way(replace(ONE, plan=name), PLANS[name], replace(CUSTOMER, **known), wish, recent=recent)  # type: ignore[arg-type]

    assert plan.by == "either"
    assert [way(), way(Wish.CALL), way(agreed), way(Wish.NEVER)] == [Way.CALL, Way.CALL, Way.CHAT, Way.OPTED_OUT]
    assert way(agreed, with_person=True) is Way.LATER
    assert way(agreed, recent=True) is Way.RECENT
    assert way(agreed, key_account=True) is Way.NOT_MEANT
    assert way(agreed, name="key_account", key_account=True) is Way.CALL  # its plan wants a person
    assert [way(name="pre_sale"), way(agreed, name="pre_sale")] == [Way.NOT_AGREED, Way.CHAT]
    about_a_case = replace(ONE, case_id="case")
    assert decide_way(about_a_case, plan, CUSTOMER, None, recent=True) is Way.CALL  # what it is about does not wait
    assert decide_way(ONE, None, None, None, recent=False) is Way.CALL  # a plan that is gone, a customer without chat
    assert FollowUpSettings().label("gone", Language.EN) == "gone"
