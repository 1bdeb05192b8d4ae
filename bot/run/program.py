"""bot.run: what is to be run, as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class PartState(StrEnum):
    """How far a part is."""

    WAITING = "waiting"
    PREPARING = "preparing"
    """Something must be made first, such as Rasa's model."""
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    """It died and will be started again."""
    ABSENT = "absent"
    """It is not run here; `PartStatus.reason` says why."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStatus:
    """What is known of a part now."""

    name: str
    state: PartState
    pid: int | None = None
    starts: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep running."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the supervisor's own, or all there is (`only`)."""
    only: bool = False
    """It gets `environment` and nothing of the supervisor's: no token, no address, no key."""
    folder: Path | None = None
    probe: Callable[[], Awaitable[bool]] | None = None
    """Whether it works, asked from outside; None for a process that says so itself (`kit.notify`)."""
    ready_within: float = 60.0
    """Seconds to become ready; then it is killed and started again."""
    silent_at_most: float = 60.0
    """Seconds without a sign of life (a good probe, or its own WATCHDOG=1) before it counts as hung."""
    stop_within: float = 5.0
    """Seconds between SIGTERM and SIGKILL."""
    handed_on: tuple[int, ...] = ()
    """File descriptors it inherits."""


class PartAbsent(Exception):
    """A part cannot be run on this machine; the text key of the reason and its slots."""

    def __init__(self, reason: str, **slots: str | int) -> None:
        super().__init__(reason)
        self.reason, self.slots = reason, slots
