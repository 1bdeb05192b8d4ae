"""bot: whether WeChat can be started at all. Pure; the sentences are for operators, like all faults of config.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings.channels import WeChatSettings
from kit.settings import SettingsFault

APP_ID = re.compile(r"wx[0-9a-f]{16}\Z")
TOKEN = re.compile(r"[A-Za-z0-9]{16,32}\Z")
"""WeChat takes 3 to 32 of these characters; below 16 it could be guessed."""
AES_KEY = re.compile(r"[A-Za-z0-9]{43}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSecrets:
    """WECHAT_SECRET, WECHAT_TOKEN and WECHAT_AES_KEY."""

    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)


class WeChatNotReady(SettingsFault):
    """WeChat is switched on and cannot be started as it is set up; told like every other fault of config.yml."""


def check_wechat(settings: WeChatSettings, secrets: WeChatSecrets, *, config: Path = Path("config.yml")) -> None:
    """Raises `WeChatNotReady` with every fault at once."""
    faults = wechat_faults(settings, secrets)
    if faults:
        raise WeChatNotReady(config, faults)


def wechat_faults(settings: WeChatSettings, secrets: WeChatSecrets) -> list[str]:
    """What keeps WeChat from being started, one sentence each; never holds a secret itself."""
    if not settings.enabled:
        return []
    faults = []
    if not APP_ID.match(settings.app_id):
        faults.append("`wechat.app_id` is not an AppID (wx and 16 digits or letters a to f).")
    if not secrets.secret:
        faults.append("`wechat.enabled` is true, but WECHAT_SECRET is not set; it is the account's AppSecret.")
    if not TOKEN.match(secrets.token):
        faults.append("WECHAT_TOKEN is not of 16-32 letters and digits; anybody could send messages.")
    if settings.encrypted and not AES_KEY.match(secrets.aes_key):
        faults.append("`wechat.encrypted` is true, but WECHAT_AES_KEY is not of 43 letters and digits.")
    return faults
