"""bot: what an operator may set about other programs: chat apps that they attach, webhooks."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from kit.settings import Settings

OWN_CHANNELS = ("web", "telegram", "wechat")
"""Channels the house has itself, in the order in which lists show them."""


class Replies(StrEnum):
    """How replies reach the chat app."""

    POLL = "poll"
    WEBHOOK = "webhook"


class RestChannel(Settings):
    """One chat app."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_-]{0,31}$", description="The channel's name in addresses, lists and figures."
    )
    replies: Replies = Field(
        default=Replies.POLL,
        description="`poll`: the program asks for replies and says what was delivered. `webhook`: a webhook for this "
        "channel with message.created tells them.",
    )

    @property
    def polls(self) -> bool:
        """Whether replies wait until they are fetched and acknowledged."""
        return self.replies is Replies.POLL


class RestSettings(Settings):
    """The section `rest`: chat apps that programs attach (docs/adapters.md)."""

    channels: tuple[RestChannel, ...] = Field(
        default=(), max_length=50, description="One entry a chat app, such as {name: shop-app, replies: poll}."
    )

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        names = [one.name for one in self.channels]
        if len(names) != len(set(names)) or set(OWN_CHANNELS) & set(names):
            message = f"names must differ from each other and from {', '.join(sorted(OWN_CHANNELS))}"
            raise ValueError(message)
        return self


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
