"""handoff: the settings of routing: who is offered what, how soon, and how much one representative holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from kit.settings import Settings


class Mode(StrEnum):
    """How conversations reach representatives."""

    PUSH = "push"
    """Offered to one representative after the other; anybody may still take one by hand."""
    PULL = "pull"
    """Taken from the queue by hand."""


class RoutingSettings(Settings):
    """Who gets what."""

    mode: Mode = Field(Mode.PUSH, description="push: conversations are offered; pull: taken by hand from the queue.")
    accept_seconds: int = Field(20, ge=5, le=300, description="Time to accept an offer; then it is passed on, seconds.")
    capacity: int = Field(
        5, ge=0, le=50, description="Conversations a representative is offered at most at the same time."
    )
    critical_extra: int = Field(
        1, ge=0, le=10, description="Critical conversations offered beyond the capacity when nobody has room."
    )
    widen_after_seconds: int = Field(
        120, ge=0, le=3600, description="Waiting time after which language and skill no longer matter, seconds."
    )
    wrap_up_seconds: int = Field(
        0, ge=0, le=600, description="Time after a conversation in which nothing is offered, seconds; 0 = none."
    )
    lapses: int = Field(
        2, ge=0, le=10, description="Offers in a row not answered after which a representative is busy; 0 = never."
    )
    overflow_after_seconds: int = Field(
        300, ge=0, le=7200, description="Waiting time after which other departments help out, seconds."
    )

    invitation_seconds: int = Field(
        180, ge=10, le=3600, description="Time a colleague has to join a conversation they are asked into, seconds."
    )

    @model_validator(mode="after")
    def _wishes_give_way_in_order(self) -> Self:
        """A stranger from another department who must still speak the language could be passed over for ever."""
        if self.overflow_after_seconds < self.widen_after_seconds:
            raise ValueError(
                f"overflow_after_seconds ({self.overflow_after_seconds}) must be at least "
                f"widen_after_seconds ({self.widen_after_seconds}): language and skill give way before the department"
            )
        return self
