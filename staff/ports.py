"""staff: what it needs from its adapters, and what other rooms may ask of it, as Protocols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kit.contracts import Tx
from staff.contracts import Account, ApiToken, AuditRecord, Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stored session with its account. The token itself is never stored, only its SHA-256."""

    token_hash: str
    account: Account
    csrf: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Attempts counted under one key, this one included, and how long the counting goes on."""

    count: int
    seconds_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Lines of the audit trail, newest first; `before` names the next page, None where there is none."""

    records: tuple[AuditRecord, ...]
    before: str | None


class AccountStore(Protocol):
    """Accounts in SQL."""

    async def add(self, tx: Tx, account: Account, password_hash: str) -> bool:
        """Store a new account; False when its name is taken."""
        ...

    async def save(self, tx: Tx, account: Account) -> None: ...

    async def set_password(self, tx: Tx, account_id: str, password_hash: str, *, must_change: bool) -> None: ...

    async def lock_all(self, tx: Tx) -> tuple[Account, ...]:
        """Every account, held until the transaction ends: two who demote each other must not both succeed."""
        ...

    async def find(self, account_id: str) -> Account | None: ...

    async def find_by_name(self, name: str) -> tuple[Account, str] | None:
        """The account of a sign-in name, with its password hash."""
        ...

    async def password_hash(self, account_id: str) -> str | None: ...

    async def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        ...


class SessionStore(Protocol):
    """Sessions in SQL."""

    async def add(self, tx: Tx, *, token_hash: str, account_id: str, csrf: str, at: datetime) -> None: ...

    async def find(self, token_hash: str) -> Session | None: ...

    async def touch(self, tx: Tx, token_hash: str, *, at: datetime) -> None: ...

    async def end(self, tx: Tx, token_hash: str) -> None: ...

    async def end_all(self, tx: Tx, account_id: str) -> int:
        """End every session of an account; how many there were."""
        ...

    async def purge(self, tx: Tx, *, unseen_since: datetime) -> int:
        """Remove sessions nobody used since; how many."""
        ...


class TokenStore(Protocol):
    """API tokens in SQL."""

    async def add(self, tx: Tx, token: ApiToken, *, token_hash: str) -> None: ...

    async def find(self, token_hash: str) -> ApiToken | None:
        """The token of a secret's hash, live or not."""
        ...

    async def by_id(self, token_id: str) -> ApiToken | None: ...

    async def all(self) -> tuple[ApiToken, ...]:
        """Every token, the newest first."""
        ...

    async def touch(self, tx: Tx, token_id: str, *, at: datetime) -> None: ...

    async def revoke(self, tx: Tx, token_id: str, *, at: datetime) -> bool:
        """False when it was revoked before, or never was."""
        ...


class AuditStore(Protocol):
    """The audit trail in SQL; only ever added to."""

    async def add(self, tx: Tx, record: AuditRecord) -> None: ...

    async def page(self, *, before: str | None, limit: int) -> AuditPage: ...


class PasswordHasher(Protocol):
    """Slow on purpose; run off the event loop."""

    async def hash(self, password: str) -> str: ...

    async def matches(self, password_hash: str, password: str) -> bool: ...

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with weaker parameters than today's."""
        ...


class Attempts(Protocol):
    """Counts attempts. Redis and memory pass tests/contracts/test_attempts.py."""

    async def hit(self, key: str, *, window: int) -> Hits:
        """Count one attempt under `key`; counting starts anew `window` seconds after the first."""
        ...

    async def clear(self, key: str) -> None: ...


class AuditLog(Protocol):
    """For every room: who did what. `staff.service.Staff` fits."""

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        """Store `record` in the transaction of the change it tells of."""
        ...


class People(Protocol):
    """For every room: the names behind account ids. `staff.service.Staff` fits."""

    async def display_name(self, account_id: str) -> str:
        """What colleagues and customers see; empty for an unknown id."""
        ...

    async def accounts(self) -> tuple[Account, ...]: ...


class WebRequest(Protocol):
    """As much of a request or socket handshake as the gate looks at."""

    @property
    def cookies(self) -> Mapping[str, str]: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def state(self) -> Any: ...


class Gate(Protocol):
    """For every room's routes: who asks, and may they. `staff.web.gate.CookieGate` fits.

    Requests that change something (POST, PUT, PATCH, DELETE) must carry the session's CSRF token, as the header
    `X-CSRF-Token` or the form field `csrf`; `person` and `require` check that too.
    """

    async def person(self, request: WebRequest) -> Person:
        """Who makes this request. Raises `NotSignedIn`, `PasswordMustChange` or `PageExpired`."""
        ...

    async def require(self, request: WebRequest, *roles: Role) -> Person:
        """The same, and raises `NotAllowed` unless the person holds one of `roles` (an admin may everything)."""
        ...

    async def check_csrf(self, request: WebRequest) -> None:
        """Raise `PageExpired` unless the request carries the token; only for routes that ask nothing else."""
        ...
