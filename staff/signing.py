"""staff: signing in and out, sessions and one's own password; the first half of the service (staff/service.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.contracts import Clock, NewId, Transactions, Tx
from kit.refusals import NotFound, TooMany
from staff.contracts import Account, AuditRecord, Person
from staff.passwords import PASSWORD_LIMIT, check_password, clean_name, hash_token, new_token
from staff.ports import AccountStore, Attempts, AuditStore, PasswordHasher, SessionStore
from staff.refusals import BadName, PasswordMustChange, SamePassword, WrongCredentials, WrongPassword
from staff.settings import StaffSettings

TOUCH_EVERY = timedelta(minutes=5)
"""A session's last use is written down at most so often: most requests then only read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and is kept nowhere else."""

    token: str
    person: Person
    must_change_password: bool


class Signing:
    """Who is signed in."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        accounts: AccountStore,
        sessions: SessionStore,
        audit: AuditStore,
        hasher: PasswordHasher,
        attempts: Attempts,
        settings: StaffSettings,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._transactions = transactions
        self._accounts = accounts
        self._sessions = sessions
        self._audit = audit
        self._hasher = hasher
        self._attempts = attempts
        self._settings = settings
        self._clock = clock
        self._new_id = new_id
        self._nobody_hash: str | None = None

    async def sign_in(self, *, name: str, password: str, address: str, old_token: str | None = None) -> SignedIn:
        """A new session for the right name and password; `old_token` (of the same browser) ends.

        Raises `WrongCredentials` (the same, after the same work, for an unknown name, a wrong password and a closed
        account) or `TooMany`.
        """
        folded = _fold(name)
        by_name, by_address = _by_name(folded, address), _by_address(address)
        # Before the password is looked at: a hundred guesses at once are too many.
        await self._count_attempt(by_name, limit=self._settings.sign_in_attempts)
        await self._count_attempt(by_address, limit=self._settings.address_attempts)
        found = await self._accounts.find_by_name(folded)
        account, password_hash = found or (None, await self._hash_of_nobody())
        right = await self._hasher.matches(password_hash, password[: PASSWORD_LIMIT + 1])
        if account is None or not right or not account.active:
            raise WrongCredentials(field="password")
        await self._attempts.clear(by_name)
        fresh_hash = await self._hasher.hash(password) if self._hasher.is_outdated(password_hash) else None
        token, csrf, now = new_token(), new_token(), self._clock()

        async def work(tx: Tx) -> None:
            if old_token:
                await self._sessions.end(tx, hash_token(old_token))
            await self._sessions.purge(tx, unseen_since=now - self._idle)
            await self._sessions.add(tx, token_hash=hash_token(token), account_id=account.id, csrf=csrf, at=now)
            if fresh_hash:
                must_change = account.must_change_password
                await self._accounts.set_password(tx, account.id, fresh_hash, must_change=must_change)
            await self._note(tx, account.id, "sign_in", account.id)

        await self._transactions.write(work)
        return SignedIn(token=token, person=_person(account, csrf), must_change_password=account.must_change_password)

    async def session(self, token: str, *, may_change_password: bool = False) -> Person | None:
        """The person behind a session's token; None when there is none (any more).

        Raises `PasswordMustChange` unless `may_change_password` (the page for it) is set.
        """
        found = await self._sessions.find(hash_token(token))
        now = self._clock()
        if found is None or not found.account.active or self._is_over(found.created_at, found.seen_at, now):
            return None
        if now - found.seen_at > TOUCH_EVERY:
            await self._transactions.write(lambda tx: self._sessions.touch(tx, found.token_hash, at=now))
        if found.account.must_change_password and not may_change_password:
            raise PasswordMustChange
        return _person(found.account, found.csrf)

    async def sign_out(self, token: str) -> None:
        """End one session; an unknown one is no fault."""
        found = await self._sessions.find(hash_token(token))

        async def work(tx: Tx) -> None:
            await self._sessions.end(tx, hash_token(token))
            if found:
                await self._note(tx, found.account.id, "sign_out", found.account.id)

        await self._transactions.write(work)

    async def sign_out_everywhere(self, account_id: str) -> int:
        """End every session of an account; how many there were."""

        async def work(tx: Tx) -> int:
            await self._note(tx, account_id, "sign_out_everywhere", account_id)
            return await self._sessions.end_all(tx, account_id)

        return await self._transactions.write(work)

    async def change_password(self, account_id: str, *, present: str, new: str) -> SignedIn:
        """Change one's own password. Every session ends; the one returned takes their place.

        Raises `WrongPassword`, `WeakPassword`, `SamePassword`, `TooMany`.
        """
        account = await self._load(account_id)
        own = _by_name(account.name, "own")
        await self._count_attempt(own, limit=self._settings.sign_in_attempts)
        stored = await self._accounts.password_hash(account_id) or await self._hash_of_nobody()
        if not await self._hasher.matches(stored, present[: PASSWORD_LIMIT + 1]):
            raise WrongPassword(field="present")
        await self._attempts.clear(own)
        if present == new:
            raise SamePassword(field="password")
        check_password(new, name=account.name, length=self._settings.password_length)
        hashed = await self._hasher.hash(new)
        token, csrf, now = new_token(), new_token(), self._clock()

        async def work(tx: Tx) -> None:
            await self._accounts.set_password(tx, account_id, hashed, must_change=False)
            await self._sessions.end_all(tx, account_id)
            await self._sessions.add(tx, token_hash=hash_token(token), account_id=account_id, csrf=csrf, at=now)
            await self._note(tx, account_id, "change_password", account_id)

        await self._transactions.write(work)
        return SignedIn(token=token, person=_person(account, csrf), must_change_password=False)

    @property
    def _idle(self) -> timedelta:
        return timedelta(hours=self._settings.session_hours)

    def _is_over(self, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
        return now - seen_at > self._idle or now - created_at > timedelta(days=self._settings.session_days)

    async def _count_attempt(self, key: str, *, limit: int) -> None:
        hits = await self._attempts.hit(key, window=self._settings.sign_in_window)
        if hits.count > limit:
            raise TooMany(seconds=max(1, hits.seconds_left))

    async def _hash_of_nobody(self) -> str:
        """A hash no password matches, made once with today's parameters: an unknown name costs as much work."""
        if self._nobody_hash is None:
            self._nobody_hash = await self._hasher.hash(new_token())
        return self._nobody_hash

    async def _load(self, account_id: str) -> Account:
        account = await self._accounts.find(account_id)
        if account is None:
            raise NotFound
        return account

    async def _note(
        self, tx: Tx, by: str | None, verb: str, account_id: str, *, before: str = "", after: str = ""
    ) -> None:
        record = AuditRecord(
            at=self._clock(),
            account_id=by,
            action=f"staff.{verb}",
            subject=f"account:{account_id}",
            before=before,
            after=after,
        )
        await self._audit.add(tx, record)


def _person(account: Account, csrf: str) -> Person:
    return Person(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        roles=account.roles,
        language=account.language,
        csrf=csrf,
    )


def _fold(name: str) -> str:
    try:
        return clean_name(name)
    except BadName:
        return ""  # no account has it; the answer is the same as for any wrong name


def _by_name(name: str, address: str) -> str:
    # Hashed: people sometimes type their password where the name goes.
    return f"name:{hash_token(f'{name} {address}')}"


def _by_address(address: str) -> str:
    return f"address:{hash_token(address)}"
