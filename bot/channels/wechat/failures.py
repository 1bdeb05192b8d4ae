"""bot: WeChat's failures, translated once. Pure."""

from __future__ import annotations

from bot.contracts import FailureKind, SendFailed

UNREACHABLE = 0
"""No answer of WeChat's at all; it has no code of its own for that."""
STALE_TOKEN = frozenset({40001, 40014, 42001})
"""The access token is wrong or has run out: fetch another and say it again."""
QUOTA = {45009: 600.0, 45011: 60.0}
"""Seconds to leave the interface alone: the day's quota, the minute's."""
GONE = {
    40003: "no such customer in this account",
    43004: "the customer does not follow the account any more",
    43019: "the customer is on the account's block list",
    45015: "more than 48 hours since the customer's last message",
    45047: "too many messages since the customer's last one",
    48002: "the customer does not take messages",
    50005: "the customer does not follow the account any more",
}
OURS = {
    40007: "no such file at WeChat",
    40008: "a kind of message WeChat does not know",
    44004: "an empty message",
    45002: "a message that is too long",
    47001: "a message WeChat cannot read",
    48001: "the account may not send customer-service messages",
}


class WeChatRefused(Exception):
    """WeChat said no, or nothing. Its words stay out of logs: they may quote what was sent."""

    def __init__(self, code: int, *, wait: float | None = None) -> None:
        super().__init__(f"WeChat answered {code}" if code else "WeChat cannot be reached")
        self.code, self.wait = code, wait


def send_failed(error: WeChatRefused) -> SendFailed:
    """`error` as the outbox understands it."""
    if error.code in QUOTA:
        return SendFailed(FailureKind.LATER, "quota used up", retry_after=error.wait or QUOTA[error.code])
    if error.code in GONE:
        return SendFailed(FailureKind.GONE, GONE[error.code])
    if error.code in OURS:
        return SendFailed(FailureKind.OURS, OURS[error.code])
    return SendFailed(FailureKind.UNAVAILABLE, str(error))
