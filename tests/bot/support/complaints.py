"""tests: texts read as complaints, what a decision does about them, and a stored file."""

from __future__ import annotations

from bot.decisions import AmendCase, Ask, OpenCase
from bot.policy.situation import Situation
from bot.state import Field
from cases.contracts import Case, CaseStatus
from kit.contracts import Language
from knowledge_base.contracts import Level
from nlu.contracts import Severity
from tests.bot.support.policy import situation
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


def case_file(number: str = "TS2611-000001", status: CaseStatus = CaseStatus.OPEN) -> Case:
    """A stored file of the conversation."""
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
