"""handoff: the settings of supervision: what an agent is told of what a supervisor does."""

from __future__ import annotations

from pydantic import Field

from handoff.contracts import Act
from kit.settings import Settings


class SupervisionSettings(Settings):
    """How openly supervisors act. Everything they do is in the audit trail, whatever stands here."""

    tell_agent: tuple[Act, ...] = Field(
        (Act.TAKE_OVER, Act.REASSIGN, Act.URGENCY),
        description="What the agent of a conversation is told of: look, take_over, reassign, urgency. "
        "A whisper is always for them.",
    )
    look_minutes: int = Field(
        30, ge=1, le=1440, description="Opening the same conversation again within this time is not noted twice."
    )
