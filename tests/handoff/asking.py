"""tests: colleagues of the desk, and customers who ask for one, with nothing unusual in them."""

from __future__ import annotations

from handoff.contracts import (
    Agent,
    ComplaintNote,
    ContextPacket,
    HandoffReason,
    HandoffRequest,
    Urgency,
)
from kit.contracts import Language

MEI = Agent(id="agent-mei", name="小梅")
CODE = "424242"
"""What customers are sent to prove who they are."""
LIN = Agent(id="agent-lin", name="林静")


def a_packet(want: str = "洗衣机脱水异响，想换货", *, complaint: ComplaintNote | None = None) -> ContextPacket:
    """A packet with nothing unusual in it."""
    return ContextPacket(
        want=want,
        language=Language.ZH,
        intent="exchange",
        intent_confidence=0.91,
        entities=(("order_number", "CJ2611-088213"),),
        given=(("order_number", "CJ2611-088213"),),
        complaint=complaint,
        attempts=(),
        earlier=(),
    )


def a_request(
    conversation_id: str, urgency: Urgency = Urgency.NORMAL, packet: ContextPacket | None = None
) -> HandoffRequest:
    """A customer who asked for a person."""
    return HandoffRequest(
        conversation_id=conversation_id,
        customer_name="周先生",
        channel="web",
        reason=HandoffReason.ASKED,
        urgency=urgency,
        language=Language.ZH,
        packet=packet or a_packet(),
    )
