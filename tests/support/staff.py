"""tests: accounts and audit trail in memory; fits `staff.ports.People` and `AuditLog`."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.contracts import Language, Tx
from staff.contracts import Account, AuditRecord, Role
from staff.ports import People
from tests.support.clock import START


@dataclass(slots=True)
class ScriptedStaff:
    """Who works here, and what they are recorded to have done."""

    people: dict[str, Account] = field(default_factory=dict)
    records: list[AuditRecord] = field(default_factory=list)
    source: People | None = None
    """Where real accounts are; those of `people` come besides."""

    def add(self, account_id: str, name: str, *roles: Role, active: bool = True) -> Account:
        """A new account; an agent unless said otherwise."""
        account = Account(
            id=account_id,
            name=account_id,
            display_name=name,
            roles=frozenset(roles or (Role.AGENT,)),
            language=Language.ZH,
            active=active,
            must_change_password=False,
            created_at=START,
        )
        self.people[account_id] = account
        return account

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        self.records.append(record)

    async def display_name(self, account_id: str) -> str:
        account = self.people.get(account_id)
        if account is None and self.source is not None:
            return await self.source.display_name(account_id)
        return account.display_name if account else ""

    async def accounts(self) -> tuple[Account, ...]:
        real = () if self.source is None else await self.source.accounts()
        return tuple(sorted((*self.people.values(), *real), key=lambda account: account.name))
