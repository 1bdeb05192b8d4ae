"""bot.run.doctor: what is looked at and what is found, as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Grade(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    NOTE = "note"
    """The desk works, but less well than it could."""
    FAULT = "fault"
    """The desk, or a promise of it, does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. Its sentence is the text `doctor.<check>.<said>` with `slots`."""

    check: str
    grade: Grade
    said: str
    slots: dict[str, str | int | float] = field(default_factory=dict)
    mend: str = ""
    """The command that mends it; a fault always has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatLook:
    """The WeChat account, as config.yml and the environment give it."""

    app_id: str
    api: str
    secret: str = field(repr=False)
    faults: tuple[str, ...] = ()
    """What keeps it from being started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where to look."""

    root: Path
    """The checkout."""
    config: Path
    data: Path
    encoder: tuple[Path, ...]
    """The files the sentence encoder is made of; none where a hub model is configured."""
    host: str
    port: int
    rasa_enabled: bool
    database_url: str
    redis_url: str | None
    """None: the desk runs its own Valkey."""
    telegram_enabled: bool
    telegram_webhook: bool
    telegram_api: str
    telegram_token: str = field(repr=False)
    telegram_secret: str = field(repr=False)
    wechat: WeChatLook | None = None
    """None: not wanted."""


Check = Callable[[Look], Awaitable[Sequence[Finding]]]


def good(check: str, said: str = "good", **slots: str | float) -> Finding:
    """All is well here."""
    return Finding(check=check, grade=Grade.GOOD, said=said, slots=dict(slots))


def note(check: str, said: str, *, mend: str = "", **slots: str | float) -> Finding:
    """Something worth knowing."""
    return Finding(check=check, grade=Grade.NOTE, said=said, slots=dict(slots), mend=mend)


def fault(check: str, said: str, *, mend: str, **slots: str | float) -> Finding:
    """Something that must be mended, and how."""
    return Finding(check=check, grade=Grade.FAULT, said=said, slots=dict(slots), mend=mend)
