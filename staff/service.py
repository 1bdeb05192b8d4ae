"""staff: its service. Accounts, sign-in, sessions, audit trail. Knows no SQL, no web framework, no other room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from kit.contracts import Language, Tx
from kit.refusals import NotFound
from staff.contracts import Account, AuditRecord, Role
from staff.passwords import check_password, clean_display_name, clean_name, new_password
from staff.ports import AuditPage
from staff.refusals import LastAdmin, NameTaken, OwnAccount
from staff.signing import SignedIn, Signing

__all__ = ["NewAccount", "SignedIn", "Staff"]

FIRST_NAME = "admin"
AUDIT_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """A new account, or a reset one, with the password to hand over; it must be changed at the first sign-in."""

    account: Account
    password: str


class Staff(Signing):
    """Who works here: everything `Signing` does, and the accounts."""

    async def change_own(self, account_id: str, *, display_name: str, language: Language) -> Account:
        """Change how one is called and the language one works in. Raises `BadDisplayName`."""
        account = await self._load(account_id)
        changed = replace(account, display_name=clean_display_name(display_name), language=language)

        async def work(tx: Tx) -> None:
            await self._accounts.save(tx, changed)
            await self._note(
                tx, account_id, "change_own", account_id, before=_summary(account), after=_summary(changed)
            )

        if changed != account:
            await self._transactions.write(work)
        return changed

    async def ensure_first_account(self, password: str) -> bool:
        """Create the account `admin` with every role where there is no account at all; whether it was created."""
        hashed = await self._hasher.hash(password)
        account = Account(
            id=self._new_id(),
            name=FIRST_NAME,
            display_name=FIRST_NAME.title(),
            roles=frozenset(Role),
            language=Language.ZH,
            active=True,
            must_change_password=True,
            created_at=self._clock(),
        )

        async def work(tx: Tx) -> bool:
            return not await self._accounts.lock_all(tx) and await self._add(tx, account, hashed, by=None)

        return await self._transactions.write(work)

    async def create_account(
        self,
        *,
        name: str,
        display_name: str,
        roles: Collection[Role],
        language: Language,
        password: str | None = None,
        by: str | None = None,
    ) -> NewAccount:
        """Create an account. Without `password` one is made up, to be changed at the first sign-in.

        Raises `BadName`, `BadDisplayName`, `NameTaken`, `WeakPassword`.
        """
        account = Account(
            id=self._new_id(),
            name=clean_name(name),
            display_name=clean_display_name(display_name),
            roles=frozenset(roles),
            language=language,
            active=True,
            must_change_password=password is None,
            created_at=self._clock(),
        )
        if password is not None:
            check_password(password, name=account.name, length=self._settings.password_length)
        secret = password if password is not None else new_password()
        hashed = await self._hasher.hash(secret)
        if not await self._transactions.write(lambda tx: self._add(tx, account, hashed, by=by)):
            raise NameTaken(field="name")
        return NewAccount(account=account, password=secret)

    async def reset_password(self, account_id: str, *, by: str) -> NewAccount:
        """Give an account a made-up password, to be changed at once, and end its sessions."""
        account = await self._load(account_id)
        secret = new_password()
        hashed = await self._hasher.hash(secret)

        async def work(tx: Tx) -> None:
            await self._accounts.set_password(tx, account_id, hashed, must_change=True)
            await self._sessions.end_all(tx, account_id)
            await self._note(tx, by, "reset_password", account_id)

        await self._transactions.write(work)
        return NewAccount(account=replace(account, must_change_password=True), password=secret)

    async def change_account(
        self, account_id: str, *, by: str, roles: Collection[Role] | None = None, active: bool | None = None
    ) -> Account:
        """Change roles, close or reopen an account; at once, in open sessions too.

        Raises `LastAdmin` when nobody would be left to manage accounts, `OwnAccount` when closing one's own.
        """
        if active is False and by == account_id:
            raise OwnAccount

        async def work(tx: Tx) -> Account:
            every = {account.id: account for account in await self._accounts.lock_all(tx)}
            if account_id not in every:
                raise NotFound
            old = every[account_id]
            new = replace(
                old,
                roles=old.roles if roles is None else frozenset(roles),
                active=old.active if active is None else active,
            )
            every[account_id] = new
            if not any(account.active and Role.ADMIN in account.roles for account in every.values()):
                raise LastAdmin
            if new != old:
                await self._accounts.save(tx, new)
                if not new.active:
                    await self._sessions.end_all(tx, account_id)
                await self._note(tx, by, "change_account", account_id, before=_summary(old), after=_summary(new))
            return new

        return await self._transactions.write(work)

    async def accounts(self) -> tuple[Account, ...]:
        """Every account, by name."""
        return await self._accounts.all()

    async def account(self, account_id: str) -> Account:
        """One account. Raises `NotFound`."""
        return await self._load(account_id)

    async def display_name(self, account_id: str) -> str:
        """What colleagues and customers see; empty for an unknown id."""
        account = await self._accounts.find(account_id)
        return account.display_name if account else ""

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        """Store `record` in the transaction of the change it tells of."""
        await self._audit.add(tx, record)

    async def audit_page(self, *, before: str | None = None, limit: int = AUDIT_PAGE) -> AuditPage:
        """The audit trail, newest first."""
        return await self._audit.page(before=before, limit=limit)

    async def _add(self, tx: Tx, account: Account, password_hash: str, *, by: str | None) -> bool:
        if not await self._accounts.add(tx, account, password_hash):
            return False
        await self._note(tx, by, "create_account", account.id, after=_summary(account))
        return True


def _summary(account: Account) -> str:
    roles = "+".join(sorted(account.roles)) or "-"
    state = "active" if account.active else "closed"
    return f"{account.name} ({account.display_name}), {roles}, {account.language}, {state}"
