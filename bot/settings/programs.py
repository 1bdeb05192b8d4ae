"""bot: what an operator may set about other programs: webhooks."""

from __future__ import annotations

from pydantic import Field

from kit.settings import Settings


class WebhookSettings(Settings):
    """The section `webhooks`."""

    allow_private: bool = Field(
        default=False,
        description="Whether webhooks may call addresses inside your own network, and http:// ones; "
        "false: public https:// only.",
    )
    send_seconds: float = Field(default=10.0, gt=0, le=60, description="Deadline of one call, seconds.")
    retry_first_seconds: float = Field(
        default=5.0, gt=0, le=600, description="Wait after a failed call; doubles each time, seconds."
    )
    retry_longest_seconds: float = Field(default=3600.0, gt=0, le=86400, description="Longest such wait, seconds.")
    give_up_hours: float = Field(
        default=72.0, gt=0, le=720, description="After this long a delivery counts as failed, hours."
    )
    keep_days: int = Field(default=30, ge=1, le=365, description="How long deliveries stay in the log, days.")
