"""bot.app: the turn over its rooms, for the worker and for the ask command."""

from __future__ import annotations

from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.doors import Doors
from bot.ports import Search, Understand
from bot.turn import Turn


def build_turn(ground: Ground, rooms: Rooms, *, understand: Understand, search: Search) -> Turn:
    """The turn over the rooms."""
    doors = Doors(
        transactions=ground.database,
        store=rooms.store,
        turns=rooms.turns,
        search=search,
        questions=rooms.questions,
        cases=rooms.cases.files,
        evidence=rooms.cases.chat_evidence,
        answers=rooms.cases.customer,
        surveys=rooms.cases.answers,
        follow_ups=rooms.cases.follow_up_chat,
        desk=rooms.desk,
        wording=rooms.wording,
    )
    return Turn(
        doors=doors,
        understand=understand,
        policy=rooms.policy,
        signals=ground.signals,
        clock=ground.clock,
        new_id=ground.new_id,
        settings=ground.settings.bot.turn,
    )
