"""bot.app: what comes from the environment and never from config.yml."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.wechat.start import WeChatSecrets

KEPT = "secret"
"""File below the data directory that keeps the desk's own secret where DESK_SECRET is not set."""
LENGTH = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Addresses and keys; never printed, never logged."""

    database_url: str = field(repr=False)
    redis_url: str = field(default="", repr=False)
    rasa_url: str = ""
    """Where the supervisor's own Rasa listens; config.yml names others."""
    telegram_token: str = field(default="", repr=False)
    telegram_secret: str = field(default="", repr=False)
    wechat: WeChatSecrets = field(default=WeChatSecrets(), repr=False)
    identity: str = field(default="", repr=False)
    """What the shop's server signs its customers' names with; empty: nobody's are believed."""
    translator: str = field(default="", repr=False)
    """The key of the translator in `handoff.translator`, where it wants one."""
    desk: str = field(repr=False)

    @property
    def rasa(self) -> str:
        """What the desk's own Rasa service asks for; follows from the desk's secret, so that nobody has to set it."""
        return hmac.new(self.desk.encode(), b"rasa", hashlib.sha256).hexdigest()


def load_secrets(data_dir: Path, environment: Mapping[str, str] = os.environ, *, keep: bool = True) -> Secrets:
    """The secrets of this desk. Without DESK_SECRET one is made once and kept below `data_dir`.

    With `keep` off nothing is made: for looking on.
    """
    return Secrets(
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{data_dir / 'desk.db'}",
        redis_url=environment.get("REDIS_URL", ""),
        rasa_url=environment.get("RASA_URL", ""),
        telegram_token=environment.get("TELEGRAM_TOKEN", ""),
        telegram_secret=environment.get("TELEGRAM_SECRET", ""),
        wechat=WeChatSecrets(
            secret=environment.get("WECHAT_SECRET", ""),
            token=environment.get("WECHAT_TOKEN", ""),
            aes_key=environment.get("WECHAT_AES_KEY", ""),
        ),
        identity=environment.get("DESK_IDENTITY_SECRET", ""),
        translator=environment.get("DESK_TRANSLATOR_KEY", ""),
        desk=environment.get("DESK_SECRET") or (kept_secret(data_dir / KEPT) if keep else ""),
    )


def kept_secret(path: Path) -> str:
    """The secret in `path`, readable by this user alone; made when there is none. Safe against two at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    draft = secrets.token_urlsafe(LENGTH)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(draft)
    return draft
