"""bot: whether Telegram can be started at all. Pure; the sentences are for operators, like all faults of config.yml."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings.channels import TelegramMode, TelegramSettings
from kit.settings import SettingsFault

TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{3,100}\Z")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}\Z")
"""Telegram takes 1 to 256 of these characters; below 16 it could be guessed."""


class TelegramNotReady(SettingsFault):
    """Telegram is switched on and cannot be started as it is set up; told like every other fault of config.yml."""


def check_telegram(settings: TelegramSettings, *, token: str, secret: str, config: Path = Path("config.yml")) -> None:
    """Raises `TelegramNotReady` with every fault at once."""
    faults = telegram_faults(settings, token=token, secret=secret)
    if faults:
        raise TelegramNotReady(config, faults)


def telegram_faults(settings: TelegramSettings, *, token: str, secret: str) -> list[str]:
    """What keeps Telegram from being started, one sentence each; never holds the token or the secret itself."""
    if not settings.wanted(token):
        return []
    faults = []
    if not TOKEN.match(token):
        faults.append(
            "TELEGRAM_TOKEN is not a bot token (digits, a colon, letters)."
            if token
            else "`telegram.enabled` is true, but TELEGRAM_TOKEN is not set; get one from @BotFather."
        )
    if settings.mode is TelegramMode.WEBHOOK and not SECRET.match(secret):
        faults.append(
            "`telegram.mode` is webhook, but TELEGRAM_SECRET is "
            + ("not of 16-256 letters, digits, `_` and `-`." if secret else "not set; anybody could send updates.")
        )
    return faults
