from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.contracts import ComplaintNote, Customer, HandoffReason, HandoffRequest, Urgency
from handoff.placing import place_request, raised
from handoff.settings import Department, HandoffSettings
from tests.handoff.asking import a_packet, a_request
from tests.support.clock import START

SETTINGS = HandoffSettings()
COMPLAINT = ComplaintNote(
    number=None,
    category="technical_fault",
    category_confidence=0.9,
    severity="normal",
    severity_confidence=0.9,
    words=(),
    wanted=None,
)


def request(
    intent: str = "unknown",
    reason: HandoffReason = HandoffReason.ASKED,
    complaint: ComplaintNote | None = None,
    urgency: Urgency = Urgency.NORMAL,
) -> HandoffRequest:
    packet = replace(a_packet(complaint=complaint), intent=intent)
    return replace(a_request("talk", urgency, packet), reason=reason)


@pytest.mark.parametrize(
    ("asked", "department", "code"),
    [
        (request(), "consultation", "by_default"),
        (request("return_request"), "after_sales", "by_intent"),
        (request("usage_help"), "technical_support", "by_intent"),
        (request("return_request", HandoffReason.COMPLAINT), "complaints", "by_reason"),
        (request(reason=HandoffReason.SAFETY), "complaints", "by_reason"),
        (request("return_request", complaint=COMPLAINT), "technical_support", "by_category"),
        (request("company_purchase"), "key_accounts", "by_intent"),
        (replace(request("return_request", complaint=COMPLAINT), department="follow_up"), "follow_up", "by_article"),
        (replace(request(reason=HandoffReason.SAFETY), department="follow_up"), "follow_up", "by_article"),
        (replace(request("return_request"), department="long_gone"), "after_sales", "by_intent"),
        (replace(request(), department="long_gone"), "consultation", "by_default"),
    ],
)
def test_what_the_customer_wants_decides_the_department(asked: HandoffRequest, department: str, code: str) -> None:
    placing = place_request(asked, None, settings=SETTINGS, at=START)
    assert (placing.department, placing.why[0].code) == (department, code)


def test_a_key_account_goes_to_its_own_department_with_its_own_representative_and_an_earlier_promise() -> None:
    customer = Customer(conversation_id="talk", key_account=True, named_agent_id="mei")
    asked = replace(request("return_request"), department="follow_up")
    placing = place_request(asked, customer, settings=SETTINGS, at=START)
    assert (placing.department, placing.named_agent_id, placing.key_account) == ("key_accounts", "mei", True)
    assert placing.answer_by == START + timedelta(seconds=120)


def test_where_no_department_is_for_key_accounts_they_go_where_everybody_goes() -> None:
    small = HandoffSettings(departments=(Department(name="all", zh="客服", en="Service"),))
    customer = Customer(conversation_id="talk", key_account=True)
    placing = place_request(request("return_request"), customer, settings=small, at=START)
    assert (placing.department, placing.key_account) == ("all", True)


def test_an_intent_may_ask_for_a_skill() -> None:
    assert place_request(request("ask_invoice"), None, settings=SETTINGS, at=START).skill == "invoices"
    assert place_request(request("delivery_time"), None, settings=SETTINGS, at=START).skill is None


def test_a_raised_urgency_moves_the_promise_forward_and_never_back() -> None:
    calm = place_request(request(), None, settings=SETTINGS, at=START)
    urgent = raised(calm, Urgency.CRITICAL, SETTINGS, asked_at=START)
    assert urgent.answer_by == START + timedelta(seconds=60)
    assert raised(urgent, Urgency.NORMAL, SETTINGS, asked_at=START).answer_by == urgent.answer_by


def test_a_name_that_stands_twice_in_the_settings_is_refused() -> None:
    twice = Department(name="sales", zh="销售", en="Sales")
    with pytest.raises(ValueError, match="sales stands there twice"):
        HandoffSettings(departments=(twice, twice))
