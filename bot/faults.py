"""bot: the steps of one turn that broke or took too long. The customer gets a reply all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from bot.refusals import TurnLost

T = TypeVar("T")
log = structlog.get_logger("bot.turn")


@dataclass(slots=True)
class Faults:
    """Collects the steps of one turn that failed; the only thing in a turn that is written to along the way."""

    conversation_id: str
    names: list[str] = field(default_factory=list)

    async def within(self, step: str, seconds: float, work: Awaitable[T]) -> T | None:
        """What `work` gives within `seconds`; None (and a recorded fault) when it breaks or takes longer."""
        return await self.by(step, asyncio.get_running_loop().time() + seconds, work)

    async def by(self, step: str, deadline: float, work: Awaitable[T]) -> T | None:
        """The same until `deadline`, a time of the event loop, so that several steps may share one."""
        try:
            async with asyncio.timeout_at(deadline):
                return await work
        except TurnLost:
            raise
        except Exception as error:  # noqa: BLE001 - whatever broke, the customer still gets a reply
            self.add(step, error)
            return None

    def add(self, step: str, error: Exception) -> None:
        """Record a failed step. The error's own words may quote the customer, so only its kind is kept."""
        self.names.append(f"{step}: {type(error).__name__}")
        log.warning(
            "turn.fault", conversation=self.conversation_id, step=step, fault=type(error).__name__, exc_info=error
        )
