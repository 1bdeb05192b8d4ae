"""handoff: to which department a customer belongs, and when a person's first word is promised. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.contracts import Customer, HandoffRequest, Placing, Urgency, Why
from handoff.hours import hours_of
from handoff.settings import Department, HandoffSettings
from kit.hours import after_open_time


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
        answer_by=answer_by(settings, department.name, request.urgency, key_account=key_account, asked_at=at),
        why=(why,),
    )


def raised(placing: Placing, urgency: Urgency, settings: HandoffSettings, *, asked_at: datetime) -> Placing:
    """The same with the promise of a raised urgency; a promise is never moved to later."""
    earlier = answer_by(settings, placing.department, urgency, key_account=placing.key_account, asked_at=asked_at)
    return replace(placing, answer_by=min(placing.answer_by, earlier))


def department_of(
    request: HandoffRequest, departments: tuple[Department, ...], *, key_account: bool
) -> tuple[Department, Why]:
    """The department and why: key account, article, reason, complaint category, intent; else the first department.

    What is asked for first decides, in this order; among departments the first in the settings.
    """
    complaint, intent, reason = request.packet.complaint, request.packet.intent, request.reason
    category = complaint.category if complaint is not None else None
    rules: tuple[tuple[Why, Callable[[Department], bool]], ...] = (
        (Why(code="key_account"), lambda one: key_account and one.key_accounts),
        (Why(code="by_article"), lambda one: request.department == one.name),
        (Why(code="by_reason", about=reason.value), lambda one: reason in one.reasons),
        (Why(code="by_category", about=category or ""), lambda one: category in one.categories),
        (Why(code="by_intent", about=intent), lambda one: intent in one.intents),
    )
    for why, leads_to in rules:
        for department in departments:
            if leads_to(department):
                return department, why
    return departments[0], Why(code="by_default")


def answer_by(
    settings: HandoffSettings, department: str, urgency: Urgency, *, key_account: bool, asked_at: datetime
) -> datetime:
    """Until when a person's first word is promised, counted in the opening hours of the department."""
    seconds = settings.within("first_answer", department).seconds(urgency, key_account=key_account)
    return after_open_time(hours_of(settings, department), asked_at, timedelta(seconds=seconds))


def _skill_of(request: HandoffRequest, settings: HandoffSettings) -> str | None:
    return next((skill.name for skill in settings.skills if request.packet.intent in skill.intents), None)
