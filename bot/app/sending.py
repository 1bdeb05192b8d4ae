"""bot.app: an outbox over the senders of a process."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.outbox import Outbox
from bot.ports import ChannelSender


def build_outbox(ground: Ground, rooms: Rooms, senders: Mapping[str, ChannelSender]) -> Outbox:
    """What sends the replies of these channels, by name."""
    return Outbox(
        senders=senders,
        outbox=rooms.outbox,
        store=rooms.store,
        transactions=ground.database,
        signals=ground.signals,
        texts=ground.texts,
        clock=ground.clock,
        settings=ground.settings.bot.outbox,
    )
