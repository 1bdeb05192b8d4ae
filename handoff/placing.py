"""handoff: to which department a customer belongs, and when a person's first word is promised. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.contracts import Customer, HandoffRequest, Placing, Urgency, Why
from handoff.settings import Department, FirstAnswerSettings, HandoffSettings


def place_request(
    request: HandoffRequest, customer: Customer | None, *, settings: HandoffSettings, at: datetime
) -> Placing:
    """Where `request` belongs, with the reasons."""
    key_account = customer is not None and customer.key_account
    department, why = department_of(request, settings.departments, key_account=key_account)
    return Placing(
        department=department.name,
        skill=_skill_of(request, settings),
        key_account=key_account,
        named_agent_id=customer.named_agent_id if customer is not None and key_account else None,
        answer_by=at + first_answer(request.urgency, settings.first_answer, key_account=key_account),
        why=(why,),
    )


def raised(placing: Placing, urgency: Urgency, promise: FirstAnswerSettings, *, asked_at: datetime) -> Placing:
    """The same with the promise of a raised urgency; a promise is never moved to later."""
    earlier = asked_at + first_answer(urgency, promise, key_account=placing.key_account)
    return replace(placing, answer_by=min(placing.answer_by, earlier))


def department_of(
    request: HandoffRequest, departments: tuple[Department, ...], *, key_account: bool
) -> tuple[Department, Why]:
    """The department and why: key account, reason, complaint category, intent; else the first department.

    What is asked for first decides, in this order; among departments the first in the settings.
    """
    complaint, intent, reason = request.packet.complaint, request.packet.intent, request.reason
    category = complaint.category if complaint is not None else None
    rules: tuple[tuple[Why, Callable[[Department], bool]], ...] = (
        (Why(code="key_account"), lambda one: key_account and one.key_accounts),
        (Why(code="by_reason", about=reason.value), lambda one: reason in one.reasons),
        (Why(code="by_category", about=category or ""), lambda one: category in one.categories),
        (Why(code="by_intent", about=intent), lambda one: intent in one.intents),
    )
    for why, leads_to in rules:
        for department in departments:
            if leads_to(department):
                return department, why
    return departments[0], Why(code="by_default")


def first_answer(urgency: Urgency, promise: FirstAnswerSettings, *, key_account: bool) -> timedelta:
    """How soon after asking a person's first word is promised."""
    seconds = {
        Urgency.NORMAL: promise.normal_seconds,
        Urgency.SERIOUS: promise.serious_seconds,
        Urgency.CRITICAL: promise.critical_seconds,
    }[urgency]
    return timedelta(seconds=min(seconds, promise.key_account_seconds) if key_account else seconds)


def _skill_of(request: HandoffRequest, settings: HandoffSettings) -> str | None:
    return next((skill.name for skill in settings.skills if request.packet.intent in skill.intents), None)
