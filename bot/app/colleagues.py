"""bot.app: what gives conversations on to colleagues and asks them in, built for the web process and for the worker."""

from __future__ import annotations

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from handoff.adapters.handoff_store import SqlHandoffStore
from handoff.adapters.invitation_store import SqlInvitationStore
from handoff.adapters.offer_store import SqlOfferStore
from handoff.invitations import Invitations
from handoff.news import News
from handoff.transfers import Transfers


def build_transfers(ground: Ground, rooms: Rooms) -> Transfers:
    """What gives conversations on: to a colleague, a department, the bot."""
    return Transfers(
        transactions=ground.database,
        store=SqlHandoffStore(ground.database),
        offers=SqlOfferStore(ground.database),
        duty=rooms.duty,
        conversations=rooms.conversations,
        audit=rooms.staff,
        news=News(ground.signals),
        settings=ground.settings.handoff,
        clock=ground.clock,
        new_id=ground.new_id,
    )


def build_invitations(ground: Ground, rooms: Rooms) -> Invitations:
    """What asks colleagues into conversations."""
    return Invitations(
        transactions=ground.database,
        store=SqlInvitationStore(ground.database),
        handoffs=SqlHandoffStore(ground.database),
        transfers=build_transfers(ground, rooms),
        notices=rooms.floor.notices,
        conversations=rooms.conversations,
        audit=rooms.staff,
        news=News(ground.signals),
        settings=ground.settings.handoff,
        clock=ground.clock,
        new_id=ground.new_id,
    )
