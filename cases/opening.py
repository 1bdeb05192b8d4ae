"""cases: how a file begins. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cases.clocks import promised, promised_until
from cases.contracts import STATUS_OF, Alert, Case, Level, NewCase, Stage
from cases.contracts.clocks import Clock, ClockKind
from cases.products import product_in
from cases.rules import LEVEL_OF, Rules
from kit.contracts import NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A file about to be stored: everything but its number."""

    case: Case
    """With an empty number."""
    clocks: tuple[Clock, ...]
    alerts: tuple[Alert, ...]


def start_of(new: NewCase, *, rules: Rules, case_id: str, at: datetime, new_id: NewId) -> Start:
    """Where a file begins, what is promised with it, and who hears of it at once."""
    stage = Stage.ACKNOWLEDGED if new.told else Stage.REGISTERED
    step = rules.step_at(new.kind, stage)
    level = LEVEL_OF[new.severity]
    case = Case(
        id=case_id,
        number="",
        kind=new.kind,
        conversation_id=new.conversation_id,
        customer_name=new.customer_name,
        language=new.language,
        category=new.category,
        category_confidence=new.category_confidence,
        severity=new.severity,
        severity_confidence=new.severity_confidence,
        rule=new.rule,
        what_happened=new.what_happened,
        order_number=new.order_number,
        wanted=new.wanted,
        contact=new.contact,
        words=new.words,
        fields=dict(new.fields),
        product=new.product or product_in(new.what_happened, rules.settings.after_sales.products),
        step=step.name,
        stage=stage,
        status=STATUS_OF[stage],
        department=rules.department(step, new.category),
        level=level,
        opened_at=at,
        updated_at=at,
    )
    kinds = [] if new.told else [ClockKind.ACKNOWLEDGEMENT]
    if rules.settings.workflow(new.kind).at(Stage.CONFIRMED) is not None:
        kinds.append(ClockKind.FIRST_CONTACT)
    kinds.append(ClockKind.DECISION)
    clocks = tuple(promised(rules, case, kind, clock_id=new_id(), at=at) for kind in kinds)
    alerts = (Alert(id=new_id(), case_id=case_id, to=level, why=new.severity.value, at=at),)
    return Start(
        case=replace(case, promised_at=promised_until(clocks)),
        clocks=clocks,
        alerts=alerts if level is not Level.DESK else (),
    )
