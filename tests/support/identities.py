"""tests: what the shop's server signs, and what keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import jwt

from handoff.adapters.customer_store import SqlCustomerStore
from handoff.adapters.identity_store import SqlIdentityStore
from handoff.identities import Identities
from handoff.news import News
from kit.contracts import Clock, Signals
from kit.sql import Database
from staff.ports import AuditLog

SHOP_SECRET = "what-the-shops-server-signs-its-customers-with"


def signed(subject: str, at: datetime, *, secret: str = SHOP_SECRET, **claims: Any) -> str:
    """The shop's word on who somebody is, good for an hour."""
    said = {"sub": subject, "exp": int((at + timedelta(hours=1)).timestamp())} | claims
    return jwt.encode(said, secret, algorithm="HS256")


def build_identities(database: Database, signals: Signals, clock: Clock, audit: AuditLog) -> Identities:
    """As `bot/app/rooms.py` builds them."""
    return Identities(
        transactions=database,
        identities=SqlIdentityStore(),
        records=SqlCustomerStore(database),
        audit=audit,
        news=News(signals),
        clock=clock,
    )
