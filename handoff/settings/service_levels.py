"""handoff: the settings of service levels: how soon customers are answered and done, and who hears of it when not."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field, field_validator

from handoff.contracts import Urgency
from kit.settings import Settings

LONGEST = 30 * 86400


class Within(Settings):
    """How soon, by urgency, in seconds of open time."""

    normal_seconds: int = Field(ge=10, le=LONGEST, description="Of a normal conversation, seconds.")
    serious_seconds: int = Field(ge=10, le=LONGEST, description="Of a serious one, seconds.")
    critical_seconds: int = Field(ge=10, le=LONGEST, description="Of a critical one, seconds.")
    key_account_seconds: int = Field(ge=10, le=LONGEST, description="At most, of a key account, seconds.")

    def seconds(self, urgency: Urgency, *, key_account: bool) -> int:
        """The time for an urgency."""
        of = (self.normal_seconds, self.serious_seconds, self.critical_seconds)[urgency]
        return min(of, self.key_account_seconds) if key_account else of


class FirstAnswerSettings(Within):
    """From asking for a person to a person's first word. The queue is ordered by it."""

    normal_seconds: int = Field(600, ge=30, le=86400, description="Of a normal conversation, seconds.")
    serious_seconds: int = Field(180, ge=30, le=86400, description="Of a serious one, seconds.")
    critical_seconds: int = Field(60, ge=10, le=86400, description="Of a critical one, seconds.")
    key_account_seconds: int = Field(120, ge=10, le=86400, description="At most, of a key account, seconds.")


NEXT_ANSWER = Within(normal_seconds=300, serious_seconds=180, critical_seconds=60, key_account_seconds=120)
CALL_BACK = Within(normal_seconds=7200, serious_seconds=3600, critical_seconds=1800, key_account_seconds=3600)
RESOLUTION = Within(
    normal_seconds=4 * 3600, serious_seconds=2 * 3600, critical_seconds=3600, key_account_seconds=2 * 3600
)


class Rung(Settings):
    """One rung of the ladder: who hears of a promise that is late."""

    after_minutes: int = Field(ge=0, le=10_000, description="Minutes of open time after the promised time.")
    to: Literal["supervisor", "manager"] = Field(description="Who hears of it.")


class EscalationSettings(Settings):
    """What happens when a promised time comes near and passes."""

    risk_share: float = Field(0.75, gt=0, lt=1, description="Share of a promised time after which it is at risk.")
    ladder: tuple[Rung, ...] = Field(
        (Rung(after_minutes=0, to="supervisor"), Rung(after_minutes=15, to="manager")),
        description="Who hears of a late promise, and when. At risk, the representative does; of a critical "
        "conversation everybody does, at once.",
    )
    managers: tuple[str, ...] = Field((), description="Sign-in names of the managers; empty: every supervisor is one.")
    silent_minutes: int = Field(
        10,
        ge=0,
        le=1440,
        description="Minutes of open time a customer waits beyond a promised answer before the conversation is given "
        "to others, while others are online; 0 = never.",
    )

    @field_validator("ladder")
    @classmethod
    def _upwards(cls, ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
        if any(later.after_minutes <= sooner.after_minutes for sooner, later in pairwise(ladder)):
            message = "each rung is later than the one before"
            raise ValueError(message)
        if len({rung.to for rung in ladder}) < len(ladder):
            message = "each stands on one rung"
            raise ValueError(message)
        return ladder
