"""cases: which follow-ups are due, by which way, and over which period customers are gone through. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.contracts import Case, Stage
from cases.contracts.follow_ups import CustomerQuery, FollowUp, FollowUpState, KnownCustomer, Wish
from cases.follow_ups.hours import asking_hours, next_allowed
from cases.rules import Rules
from cases.settings.follow_ups import Plan, Trigger
from kit.contracts import NewId
from kit.hours import OpeningHours, moment

MONTHS = 12
OF_STAGE = {Stage.FOLLOW_UP: Trigger.FOLLOW_UP, Stage.CLOSED: Trigger.CLOSED}


class Way(StrEnum):
    """How a follow-up that is due is dealt with."""

    CHAT = "chat"
    CALL = "call"
    LATER = "later"
    """The customer speaks with a colleague just now."""
    OPTED_OUT = "opted_out"
    NOT_AGREED = "not_agreed"
    """The plan asks in the chat only, and the customer has not agreed to that."""
    NOT_MEANT = "not_meant"
    """The plan is for another level of customer."""
    RECENT = "recent"
    """The customer was asked lately."""


DROPPED = frozenset({Way.OPTED_OUT, Way.NOT_AGREED, Way.NOT_MEANT, Way.RECENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of a plan: its name, its beginning, and which customers belong to it."""

    name: str
    starts_at: datetime
    query: CustomerQuery


def hours_of_asking(rules: Rules) -> OpeningHours:
    """When customers may be asked."""
    settings = rules.settings.follow_ups
    return asking_hours(rules.hours(settings.department), settings.hours)


def follow_ups_at(
    case: Case, stage: Stage, *, line: int, rules: Rules, at: datetime, new_id: NewId
) -> tuple[FollowUp, ...]:
    """What is planned when a case comes to a stage with line `line` of its history."""
    trigger = OF_STAGE.get(stage)
    plans = [
        plan
        for plan in rules.settings.follow_ups.plans
        if plan.trigger is trigger and (not plan.kinds or case.kind in plan.kinds)
    ]
    return tuple(
        FollowUp(
            id=new_id(),
            # A case that comes here again is asked about again.
            key=f"{plan.name}:{case.id}:{line}",
            plan=plan.name,
            case_id=case.id,
            conversation_id=case.conversation_id,
            customer_name=case.customer_name,
            language=case.language,
            due_at=next_allowed(hours_of_asking(rules), at + timedelta(days=plan.after_days)),
            created_at=at,
        )
        for plan in plans
    )


def period_of(plan: Plan, now: datetime, *, rules: Rules) -> Period | None:
    """The period of a plan that `now` lies in; None for plans that cases make due."""
    zone = hours_of_asking(rules).zone
    today = now.astimezone(zone).date()
    active = timedelta(days=rules.settings.follow_ups.active_days)
    match plan.trigger:
        case Trigger.PERIOD:
            months = today.year * MONTHS + today.month - 1
            year, month = divmod(months - months % plan.every_months, MONTHS)
            starts_at = moment(today.replace(year=year, month=month + 1, day=1), 0, zone)
            query = CustomerQuery(known_before=starts_at, wrote_from=starts_at - active, wrote_until=now)
            return Period(name=f"{year:04d}-{month + 1:02d}", starts_at=starts_at, query=query)
        case Trigger.INQUIRY:
            quiet_since = today - timedelta(days=plan.after_days)
            first, last = moment(quiet_since, 0, zone), moment(quiet_since + timedelta(days=1), 0, zone)
            query = CustomerQuery(known_before=last, wrote_from=first, wrote_until=last)
            return Period(name=quiet_since.isoformat(), starts_at=moment(today, 0, zone), query=query)
        case Trigger.FOLLOW_UP | Trigger.CLOSED:
            return None


def of_period(
    plan: Plan, period: Period, customer: KnownCustomer, *, rules: Rules, since: datetime, at: datetime, new_id: NewId
) -> FollowUp:
    """The follow-up of a customer in a period; customers are spread over the days from `since` on."""
    ahead = zlib.crc32(customer.conversation_id.encode()) % plan.spread_days
    return FollowUp(
        id=new_id(),
        key=f"{plan.name}:{customer.conversation_id}:{period.name}",
        plan=plan.name,
        conversation_id=customer.conversation_id,
        customer_name=customer.name,
        language=customer.language,
        due_at=next_allowed(hours_of_asking(rules), since + timedelta(days=ahead)),
        created_at=at,
    )


def decide_way(
    follow_up: FollowUp, plan: Plan | None, customer: KnownCustomer | None, wish: Wish | None, *, recent: bool
) -> Way:
    """How a planned follow-up is dealt with now; of one that is not in config.yml any more a person decides."""
    if wish is Wish.NEVER:
        return Way.OPTED_OUT
    key_account = customer is not None and customer.key_account
    if plan is not None and not plan.meant_for(key_account=key_account):
        return Way.NOT_MEANT
    if follow_up.case_id is None and recent:
        return Way.RECENT
    chat = wish is Wish.CHAT and customer is not None and plan is not None and plan.by != "person"
    if chat and customer is not None and customer.with_person:
        return Way.LATER
    if chat:
        return Way.CHAT
    return Way.NOT_AGREED if plan is not None and plan.by == "chat" else Way.CALL


def is_taken(follow_up: FollowUp, *, by: str, now: datetime, minutes: int) -> bool:
    """Whether somebody else than `by` has it just now."""
    if follow_up.assignee_id in {None, by} or follow_up.taken_at is None:
        return False
    return now < follow_up.taken_at + timedelta(minutes=minutes)


def may_be_asked(follow_up: FollowUp) -> bool:
    """Whether an answer still counts."""
    return follow_up.state in {FollowUpState.ASKED, FollowUpState.CALL}
