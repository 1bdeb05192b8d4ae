"""staff: API tokens, a program's way in. Made and revoked by administrators; checked at every call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.refusals import NotFound, TooMany
from staff.contracts import ApiToken, AuditRecord, Person, Role, Scope
from staff.passwords import hash_token, new_token
from staff.ports import Attempts, AuditStore, TokenStore
from staff.refusals import BadTokenName, NoScopes, ScopeMissing, TokenInvalid

PREFIX = "desk_"
"""Begins every secret, so that people and scanners of leaked secrets know one when they see it."""
NAME_LIMIT = 40
HINT = 4
TOUCH_EVERY = timedelta(minutes=1)
"""A token's last use is written down at most so often."""
MINUTE = 60

ROLES = {
    Scope.KNOWLEDGE_READ: Role.AGENT,
    Scope.KNOWLEDGE_WRITE: Role.EDITOR,
    Scope.KNOWLEDGE_PUBLISH: Role.EDITOR,
    Scope.DESK_READ: Role.AGENT,
    Scope.DESK_WRITE: Role.AGENT,
    Scope.CASES_READ: Role.AGENT,
    Scope.CASES_WRITE: Role.AGENT,
}
"""As whom the rooms see a program; never as supervisor or administrator, whatever it may, but where a gate says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A fresh token with its secret, which is shown once and kept nowhere."""

    token: ApiToken
    secret: str = field(repr=False)


class Tokens:
    """API tokens."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: TokenStore,
        audit: AuditStore,
        attempts: Attempts,
        calls_per_minute: int,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions, self._store, self._audit, self._attempts = transactions, store, audit, attempts
        self._calls_per_minute, self._clock, self._new_id = calls_per_minute, clock, new_id

    async def make(
        self,
        *,
        name: str,
        scopes: Collection[Scope],
        days: int | None,
        by: Person,
        departments: Collection[str] = (),
    ) -> NewToken:
        """A new token, good for `days` (None: until it is revoked). Raises `BadTokenName`, `NoScopes`."""
        clean = " ".join(name.split())
        if not 1 <= len(clean) <= NAME_LIMIT or not clean.isprintable():
            raise BadTokenName(field="name", limit=NAME_LIMIT)
        if not scopes:
            raise NoScopes(field="scopes")
        at, secret = self._clock(), PREFIX + new_token()
        token = ApiToken(
            id=self._new_id(),
            name=clean,
            hint=secret[-HINT:],
            scopes=frozenset(scopes),
            made_by=by.display_name,
            made_at=at,
            expires_at=None if days is None else at + timedelta(days=days),
            used_at=None,
            revoked_at=None,
            departments=frozenset(departments),
        )

        async def work(tx: Tx) -> None:
            await self._store.add(tx, token, token_hash=hash_token(secret))
            summary = f"{token.name}: {' '.join((*sorted(token.scopes), *sorted(token.departments)))}"
            await self._note(tx, "make_token", by=by.id, token=token, after=summary)

        await self._transactions.write(work)
        return NewToken(token=token, secret=secret)

    async def revoke(self, token_id: str, *, by: Person) -> ApiToken:
        """End a token at once; ending it again changes nothing. Raises `NotFound`."""
        token = await self._store.by_id(token_id)
        if token is None:
            raise NotFound

        async def work(tx: Tx) -> None:
            if await self._store.revoke(tx, token_id, at=self._clock()):
                await self._note(tx, "revoke_token", by=by.id, token=token, before=token.name)

        await self._transactions.write(work)
        return token

    async def all(self) -> tuple[ApiToken, ...]:
        """Every token, the newest first."""
        return await self._store.all()

    def is_live(self, token: ApiToken) -> bool:
        """Whether calls with it are answered now."""
        return token.is_live(self._clock())

    async def name(self, token_id: str) -> str:
        """What a token is called; empty for an unknown id."""
        token = await self._store.by_id(token_id)
        return token.name if token else ""

    async def admit(self, secret: str, scope: Scope, *, call: str | None) -> Person:
        """The program behind a secret, as the rooms see it. `call` names what it is about to change, if anything.

        Raises `TokenInvalid`, `ScopeMissing`, `TooMany`.
        """
        token, now = await self._store.find(hash_token(secret)), self._clock()
        if token is None or not token.is_live(now):
            raise TokenInvalid
        hits = await self._attempts.hit(f"token:{token.id}", window=MINUTE)
        if hits.count > self._calls_per_minute:
            raise TooMany(seconds=max(1, hits.seconds_left))
        if scope not in token.scopes:
            raise ScopeMissing(scope=scope.value)
        stale = token.used_at is None or now - token.used_at > TOUCH_EVERY

        async def work(tx: Tx) -> None:
            if stale:
                await self._store.touch(tx, token.id, at=now)
            if call is not None:
                await self._note(tx, "token_call", by=token.id, token=token, after=call)

        if stale or call is not None:
            await self._transactions.write(work)
        return Person(
            id=token.id,
            name=token.name,
            display_name=token.name,
            roles=frozenset(ROLES[scope] for scope in token.scopes if scope in ROLES),
            language=Language.ZH,
            csrf="",
            departments=token.departments,
        )

    async def _note(self, tx: Tx, verb: str, *, by: str, token: ApiToken, before: str = "", after: str = "") -> None:
        record = AuditRecord(
            at=self._clock(),
            account_id=by,
            action=f"staff.{verb}",
            subject=f"token:{token.id}",
            before=before,
            after=after,
        )
        await self._audit.add(tx, record)
