"""handoff: what somebody may see, as a condition on handovers. The one place where the rule stands."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from handoff.adapters.tables import STILL_OPEN, handoffs, invitations, offers
from handoff.contracts import HandoffState, Scope, Sight


def invited(account_id: str) -> ColumnElement[bool]:
    """The handovers that somebody is asked to join, or has joined."""
    mine = (invitations.c.guest_id == account_id) & invitations.c.ended_at.is_(None)
    return handoffs.c.id.in_(select(invitations.c.handoff_id).where(mine))


def seen_by(sight: Sight) -> ColumnElement[bool]:
    """The handovers that `sight` covers."""
    if sight.scope is Scope.ALL:
        return true()
    own = handoffs.c.agent_id == sight.account_id
    # Other departments help out when nobody else has room: what is offered to somebody is theirs to look at.
    offered = handoffs.c.id.in_(select(offers.c.handoff_id).where(offers.c.agent_id == sight.account_id, STILL_OPEN))
    team: ColumnElement[bool] = handoffs.c.department.in_(sorted(sight.departments)) if sight.departments else true()
    if sight.scope is Scope.OWN:
        team = and_(team, handoffs.c.state == HandoffState.WAITING.value)
    asked = and_(handoffs.c.state == HandoffState.ACTIVE.value, invited(sight.account_id))
    return or_(own, offered, asked, team)
