"""bot: what an operator may set about the customer's channels. Secrets are not here: they come from the environment."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from kit.settings import Settings

ORIGIN = re.compile(r"https?://[^/\s;,*'\"]+")


def address_of(value: str) -> str:
    """`value` without a slash at its end. Raises ValueError when it is no address of a web service."""
    if urlsplit(value).scheme not in {"http", "https"}:
        raise ValueError("an address that starts with https:// or http:// is needed")
    return value.rstrip("/")


class TelegramMode(StrEnum):
    """How updates reach the desk."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class TelegramSettings(Settings):
    """The section `telegram`. The token is TELEGRAM_TOKEN, the webhook's secret TELEGRAM_SECRET."""

    enabled: bool | Literal["auto"] = Field(
        default="auto",
        description="Whether the desk answers on Telegram. `auto`: when TELEGRAM_TOKEN is set; `true`: it must be set; "
        "`false`: never.",
    )
    mode: TelegramMode = Field(
        default=TelegramMode.POLLING,
        description="`polling`: the worker asks Telegram, works anywhere. `webhook`: Telegram calls the web process, "
        "needs a public https address and TELEGRAM_SECRET; the mode for more than one worker.",
    )
    webhook_url: str = Field(
        default="", description="Public https address of this desk for webhook mode, such as https://desk.example.com."
    )
    poll_seconds: int = Field(
        default=25, ge=0, le=50, description="How long one call for updates waits for news at Telegram, seconds."
    )
    messages_per_second: float = Field(
        default=25.0,
        gt=0,
        le=1000,
        description="Most calls to Telegram in a second, all chats together; Telegram allows 30.",
    )
    seconds_between_messages: float = Field(
        default=1.0, ge=0, le=60, description="Least time between two messages to one chat, seconds; Telegram wants 1."
    )
    api_url: str = Field(
        default="https://api.telegram.org",
        description="Address of the Bot API; another one for a Bot API server of your own.",
    )

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return address_of(value)

    @model_validator(mode="after")
    def _webhook_has_address(self) -> Self:
        if (
            self.enabled is not False
            and self.mode is TelegramMode.WEBHOOK
            and not self.webhook_url.startswith("https://")
        ):
            raise ValueError("mode webhook needs `webhook_url`, an address that starts with https://")
        return self

    def wanted(self, token: str) -> bool:
        """Whether Telegram is to be answered, with `token` from the environment (empty where there is none)."""
        return bool(token) if self.enabled == "auto" else self.enabled


class WeChatSettings(Settings):
    """The section `wechat`. Secrets are WECHAT_SECRET (AppSecret), WECHAT_TOKEN and WECHAT_AES_KEY."""

    enabled: bool = Field(
        default=False,
        description="Whether the desk answers in a WeChat Official Account; its secrets must then be set.",
    )
    app_id: str = Field(default="", description="The account's AppID, such as wx0123456789abcdef.")
    encrypted: bool = Field(
        default=True,
        description="Whether messages are encrypted (安全模式), as the account is set up; needs WECHAT_AES_KEY.",
    )
    reply_seconds: float = Field(
        default=4.5,
        ge=0,
        lt=5,
        description="How long a call of WeChat waits for the reply, seconds; WeChat waits 5. Later replies leave as "
        "customer-service messages.",
    )
    messages_per_second: float = Field(
        default=20.0, gt=0, le=1000, description="Most customer-service messages in a second, all customers together."
    )
    api_url: str = Field(default="https://api.weixin.qq.com", description="Address of WeChat's interface.")

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return address_of(value)


class WidgetSettings(Settings):
    """The section `widget`: the chat window on the shop's pages."""

    embed_origins: tuple[str, ...] = Field(
        default=("*",),
        description="Sites that may show the widget, such as https://shop.example.com; `*` = every site, "
        "an empty list = the desk's own pages only.",
    )
    visitor_days: int = Field(
        default=30, ge=1, le=365, description="How long a visitor who stays away keeps the conversation, days."
    )
    messages_per_minute: int = Field(
        default=30,
        ge=1,
        le=600,
        description="Most messages one visitor may send in a minute; more are refused, not lost.",
    )

    typing_preview: bool = Field(
        default=True,
        description="Whether a representative sees what the customer is writing to them before it is sent; the window "
        "says so. `false`: only that something is being written.",
    )

    @field_validator("embed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is not an origin; write scheme and host only, such as https://shop.example.com"
                )
        return value
