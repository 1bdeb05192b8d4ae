"""handoff: who works at the desk and what each of them takes; which customers are key accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handoff.contracts import AgentProfile, AgentState, Customer, Offer
from handoff.duty import Duty
from handoff.duty_ports import TeamStore
from handoff.refusals import UnknownChoice
from handoff.routing import Seat
from handoff.settings import HandoffSettings
from handoff.store_ports import CustomerStore, HandoffStore
from kit.contracts import Clock, Transactions, Tx
from staff.contracts import Account, AuditRecord, Role
from staff.ports import AuditLog, People

DAY = timedelta(days=1)
MOST = 50
"""Largest capacity one representative can be given."""
WORKS = frozenset({Role.AGENT, Role.SUPERVISOR})


class Team:
    """Profiles, seats and key accounts."""

    def __init__(
        self,
        *,
        transactions: Transactions,
        store: HandoffStore,
        profiles: TeamStore,
        customers: CustomerStore,
        duty: Duty,
        people: People,
        audit: AuditLog,
        settings: HandoffSettings,
        channels: tuple[str, ...],
        clock: Clock,
    ) -> None:
        """`channels`: where customers can write, in the order in which lists show them."""
        self._transactions, self._store = transactions, store
        self._profiles, self._customers, self._duty = profiles, customers, duty
        self._people, self._audit, self._settings, self._clock = people, audit, settings, clock
        self.channels = channels

    async def seats(self, now: datetime, offers: Sequence[Offer]) -> tuple[Seat, ...]:
        """Everyone who is there now, with what they hold and are offered."""
        there = [one for one in await self._duty.there(now) if one.state is not AgentState.OFFLINE]
        if not there:
            return ()
        profiles, held = await self._profiles.all(), await self._store.loads()
        last = await self._store.last_claims(since=now - DAY)
        waiting = {one.id: one.channel for one in await self._store.by_ids([offer.handoff_id for offer in offers])}
        seats = []
        for one in there:
            agent = one.agent
            load = dict(held.get(agent.id, {}))
            for offer in offers:
                if offer.agent.id == agent.id and offer.handoff_id in waiting:
                    channel = waiting[offer.handoff_id]
                    load[channel] = load.get(channel, 0) + 1
            seats.append(
                Seat(
                    agent=agent,
                    profile=profiles.get(agent.id, AgentProfile(account_id=agent.id)),
                    open_to_offers=one.state is AgentState.ONLINE,
                    held=tuple(sorted(load.items())),
                    last_given=last.get(agent.id),
                )
            )
        return tuple(seats)

    async def members(self) -> tuple[tuple[Account, AgentProfile], ...]:
        """Every account that works at the desk, with its profile, by name."""
        profiles = await self._profiles.all()
        return tuple(
            (account, profiles.get(account.id, AgentProfile(account_id=account.id)))
            for account in await self._people.accounts()
            if account.active and account.roles & WORKS
        )

    async def save_profile(self, profile: AgentProfile, *, by: str) -> None:
        """Store what a representative takes. Raises UnknownChoice."""
        self._check(profile)
        before = (await self._profiles.all()).get(profile.account_id, AgentProfile(account_id=profile.account_id))

        async def work(tx: Tx) -> None:
            await self._profiles.save(tx, profile)
            subject = f"account:{profile.account_id}"
            await self._audit.audit(
                tx, self._record(by, "profile", subject, before=_profile(before), after=_profile(profile))
            )

        if profile != before:
            await self._transactions.write(work)

    async def customer(self, conversation_id: str) -> Customer:
        """What is kept of the customer of a conversation."""
        return await self._customers.load(conversation_id)

    async def key_accounts(self) -> frozenset[str]:
        """Conversation ids of all customers who are key accounts."""
        return await self._customers.key_accounts()

    async def mark_key_account(
        self, conversation_id: str, *, key_account: bool, named_agent_id: str | None, by: str
    ) -> Customer:
        """Mark a customer as a key account, with their own representative; counts from the next handover on.

        Raises UnknownChoice when the representative does not work at the desk.
        """
        if named_agent_id is not None and named_agent_id not in {account.id for account, _ in await self.members()}:
            raise UnknownChoice(field="named_agent", value=named_agent_id)
        before = await self._customers.load(conversation_id)
        after = replace(before, key_account=key_account, named_agent_id=named_agent_id if key_account else None)

        async def work(tx: Tx) -> None:
            await self._customers.save(tx, after)
            subject = f"conversation:{conversation_id}"
            await self._audit.audit(
                tx, self._record(by, "key_account", subject, before=_customer(before), after=_customer(after))
            )

        if after != before:
            await self._transactions.write(work)
        return after

    def _check(self, profile: AgentProfile) -> None:
        allowed = {
            "departments": {one.name for one in self._settings.departments},
            "skills": {one.name for one in self._settings.skills},
            "shifts": {"", *(one.name for one in self._settings.shifts)},
            "channel_capacity": set(self.channels),
        }
        chosen_of = {
            "departments": profile.departments,
            "skills": profile.skills,
            "shifts": frozenset(profile.shifts),
            "channel_capacity": frozenset(channel for channel, _ in profile.channel_capacity),
        }
        for field, chosen in chosen_of.items():
            unknown = sorted(chosen - allowed[field])
            if unknown:
                raise UnknownChoice(field=field, value=", ".join(unknown))
        # Whose shifts somebody works decides by which clocks their days are counted: one department's.
        shifts = [one for one in self._settings.shifts if one.name in profile.shifts and one.department is not None]
        mine = profile.departments or allowed["departments"]
        strange = sorted(one.name for one in shifts if one.department not in mine)
        if strange or len({one.department for one in shifts}) > 1:
            raise UnknownChoice(field="shifts", value=", ".join(strange or sorted(one.name for one in shifts)))
        numbers = [*([] if profile.capacity is None else [profile.capacity]), *(n for _, n in profile.channel_capacity)]
        for number in numbers:
            if not 0 <= number <= MOST:
                raise UnknownChoice(field="capacity", value=str(number))

    def _record(self, by: str, action: str, subject: str, *, before: str, after: str) -> AuditRecord:
        return AuditRecord(
            at=self._clock(), account_id=by, action=f"handoff.{action}", subject=subject, before=before, after=after
        )


def _profile(profile: AgentProfile) -> str:
    parts = [*sorted(profile.departments), *sorted(profile.languages), *sorted(profile.skills)]
    capacity = "-" if profile.capacity is None else str(profile.capacity)
    channels = [f"{channel}={most}" for channel, most in profile.channel_capacity]
    shifts = [f"shifts={'/'.join(name or '-' for name in profile.shifts)}"] if any(profile.shifts) else []
    return ", ".join([*parts, f"capacity={capacity}", *channels, *shifts])


def _customer(customer: Customer) -> str:
    return f"key_account, {customer.named_agent_id or '-'}" if customer.key_account else "-"
