"""bot: how a webhook's receiver knows that it was us: HMAC-SHA256 as Standard Webhooks writes it. Pure.

Signed is `<id>.<timestamp>.<body>`. After a change of the secret both sign for a day, so that nothing is lost while the
receiver takes over the new one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from bot.webhooks.contracts import Webhook

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)


def secret_of(desk: str, webhook_id: str, turn: int) -> str:
    """A webhook's secret. It follows from the desk's own, so that none lies in the database."""
    key = hmac.new(desk.encode(), f"webhook:{webhook_id}:{turn}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(key).decode()


def signature(secret: str, *, event_id: str, timestamp: int, body: str) -> str:
    """One signature, `v1,<base64>`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_for(desk: str, webhook: Webhook, *, event_id: str, body: str, now: datetime) -> dict[str, str]:
    """What travels beside the body."""
    timestamp, turns = int(now.timestamp()), [webhook.secret_turn]
    if webhook.rotated_at is not None and now - webhook.rotated_at < OVERLAP:
        turns.append(webhook.secret_turn - 1)
    signatures = (
        signature(secret_of(desk, webhook.id, turn), event_id=event_id, timestamp=timestamp, body=body)
        for turn in turns
    )
    return {
        "Content-Type": "application/json",
        "Webhook-Id": event_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(signatures),
    }
