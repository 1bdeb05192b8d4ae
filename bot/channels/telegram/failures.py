"""bot: Telegram's failures, translated once. Pure."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.contracts import FailureKind, SendFailed

GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid", "chat_write_forbidden")
"""Descriptions of a bad request that mean: nobody is there any more."""
REPLY_LOST = "no reply from Telegram: the message may have arrived and may come twice"


def send_failed(error: TelegramError) -> SendFailed:  # noqa: PLR0911 - a table, one line a failure
    """`error` as the outbox understands it. The reason holds Telegram's description, never an address or a text."""
    match error:
        case RetryAfter():
            return SendFailed(FailureKind.LATER, "too many messages", retry_after=seconds_of(error))
        case Forbidden() | ChatMigrated():
            return SendFailed(FailureKind.GONE, error.message)
        case InvalidToken():
            # Somebody mends the token and everything waiting is sent: not the message's fault.
            return SendFailed(FailureKind.UNAVAILABLE, "Telegram does not accept the bot's token")
        case BadRequest() if any(words in error.message.lower() for words in GONE):
            return SendFailed(FailureKind.GONE, error.message)
        case BadRequest():
            return SendFailed(FailureKind.OURS, error.message)
        case Conflict():
            return SendFailed(FailureKind.UNAVAILABLE, error.message)
        case TimedOut():
            return SendFailed(FailureKind.UNAVAILABLE, REPLY_LOST)
        case _:
            return SendFailed(FailureKind.UNAVAILABLE, f"Telegram cannot be reached ({type(error).__name__})")


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
