"""staff: puts the service together from its real parts."""

from __future__ import annotations

import redis.asyncio

from kit.contracts import Clock, NewId
from kit.ids import new_id, now
from kit.sql import Database
from staff.adapters.account_store import SqlAccountStore
from staff.adapters.argon import ArgonHasher
from staff.adapters.attempts import AttemptsWithSpare, MemoryAttempts, RedisAttempts
from staff.adapters.audit_store import SqlAuditStore
from staff.adapters.session_store import SqlSessionStore
from staff.adapters.token_store import SqlTokenStore
from staff.ports import PasswordHasher
from staff.service import Staff
from staff.settings import StaffSettings
from staff.tokens import Tokens


def build_staff(
    database: Database,
    settings: StaffSettings,
    *,
    client: redis.asyncio.Redis | None = None,
    clock: Clock = now,
    ids: NewId = new_id,
    hasher: PasswordHasher | None = None,
) -> Staff:
    """The service over `database`; without a Redis `client` sign-in attempts are counted in this process only."""
    memory = MemoryAttempts(clock)
    return Staff(
        transactions=database,
        accounts=SqlAccountStore(database),
        sessions=SqlSessionStore(database),
        audit=SqlAuditStore(database),
        hasher=hasher or ArgonHasher(),
        attempts=memory if client is None else AttemptsWithSpare(RedisAttempts(client), memory),
        settings=settings,
        clock=clock,
        new_id=ids,
    )


def build_tokens(
    database: Database,
    settings: StaffSettings,
    *,
    client: redis.asyncio.Redis | None = None,
    clock: Clock = now,
    ids: NewId = new_id,
) -> Tokens:
    """API tokens over `database`; without a Redis `client` calls are counted in this process only."""
    memory = MemoryAttempts(clock)
    return Tokens(
        transactions=database,
        store=SqlTokenStore(database),
        audit=SqlAuditStore(database),
        attempts=memory if client is None else AttemptsWithSpare(RedisAttempts(client), memory),
        calls_per_minute=settings.token_calls_per_minute,
        clock=clock,
        new_id=ids,
    )
