"""handoff: customer records in SQL. A customer is named by their first conversation; no row means nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.adapters.customer_joins import join, root_of, separate
from handoff.adapters.rows import customer_of, handoff_of
from handoff.adapters.sight_sql import seen_by
from handoff.adapters.tables import customer_codes, customer_links, customer_notes, customers, handoffs, promises
from handoff.adapters.upsert import put
from handoff.contracts import Customer, CustomerNote, Handoff, Link, Proof, Sight
from kit.contracts import Tx
from kit.sql import Database, compact, connection_of


class SqlCustomerStore:
    """Implements `handoff.store_ports.CustomerStore` and `handoff.customer_ports.CustomerRecordStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, tx: Tx, customer: Customer) -> None:
        connection = connection_of(tx)
        values: dict[str, Any] = {
            "conversation_id": await root_of(connection, customer.conversation_id),
            "key_account": customer.key_account,
            "named_agent_id": customer.named_agent_id,
            "tags": list(customer.tags),
        }
        await put(tx, customers, "conversation_id", values=values)

    async def find(self, tx: Tx, conversation_id: str) -> Customer | None:
        return await _customer(connection_of(tx), conversation_id)

    async def load(self, conversation_id: str) -> Customer:
        async with self._database.read() as connection:
            found = await _customer(connection, conversation_id)
        return found or Customer(conversation_id=conversation_id)

    async def key_accounts(self) -> frozenset[str]:
        own = select(customers.c.conversation_id).where(customers.c.key_account)
        joined = select(customer_links.c.conversation_id).where(customer_links.c.customer_id.in_(own))
        async with self._database.read() as connection:
            return frozenset(row.conversation_id for row in await connection.execute(own.union(joined)))

    async def root(self, conversation_id: str) -> str:
        async with self._database.read() as connection:
            return await root_of(connection, conversation_id)

    async def links(self, root: str) -> tuple[Link, ...]:
        query = select(customer_links).where(customer_links.c.customer_id == root).order_by(customer_links.c.at)
        async with self._database.read() as connection:
            return tuple(
                Link(
                    conversation_id=row.conversation_id,
                    proof=Proof(row.proof),
                    by=row.by,
                    reason=row.reason,
                    at=row.at,
                )
                for row in await connection.execute(query)
            )

    async def join(self, tx: Tx, root: str, other_root: str, link: Link) -> bool:
        return await join(tx, root, other_root, link)

    async def separate(self, tx: Tx, root: str, conversation_id: str) -> bool:
        return await separate(tx, root, conversation_id)

    async def notes(self, root: str) -> tuple[CustomerNote, ...]:
        query = (
            select(customer_notes)
            .where(customer_notes.c.customer_id == root)
            .order_by(customer_notes.c.at.desc(), customer_notes.c.id.desc())
        )
        async with self._database.read() as connection:
            return tuple(
                CustomerNote(id=row.id, by=row.by, text=row.text, at=row.at) for row in await connection.execute(query)
            )

    async def add_note(self, tx: Tx, root: str, note: CustomerNote) -> None:
        values = {"id": note.id, "customer_id": root, "by": note.by, "text": note.text, "at": note.at}
        await connection_of(tx).execute(insert(customer_notes).values(**values))

    async def history(self, conversation_ids: Sequence[str], *, sight: Sight, limit: int) -> tuple[Handoff, ...]:
        query = (
            select(handoffs)
            .where(handoffs.c.conversation_id.in_(conversation_ids), seen_by(sight))
            .order_by(handoffs.c.asked_at.desc(), handoffs.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(handoff_of(row) for row in await connection.execute(query))

    async def search(
        self, words: str, *, number: str, talks: Sequence[str], sight: Sight, limit: int
    ) -> tuple[Handoff, ...]:
        newest = select(func.max(handoffs.c.id)).group_by(handoffs.c.conversation_id)
        found = [handoffs.c.customer_name.icontains(words, autoescape=True)]
        if number:
            # Who wrote in a website's window has no name, but may have given an order, a phone or a case.
            gave = [
                compact(each).icontains(number, autoescape=True) for each in (promises.c.contact, promises.c.number)
            ]
            promised = select(promises.c.conversation_id).where(or_(*gave))
            found += [
                compact(cast(handoffs.c.packet, Text)).icontains(number, autoescape=True),
                handoffs.c.conversation_id.in_(promised),
                handoffs.c.conversation_id.in_(talks),
            ]
        query = (
            select(handoffs)
            .where(or_(*found), handoffs.c.id.in_(newest), seen_by(sight))
            .order_by(handoffs.c.asked_at.desc(), handoffs.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(handoff_of(row) for row in await connection.execute(query))

    async def put_code(self, tx: Tx, conversation_id: str, other: str, digest: str, *, ends_at: datetime) -> None:
        connection = connection_of(tx)
        await connection.execute(delete(customer_codes).where(customer_codes.c.conversation_id == conversation_id))
        values = {"conversation_id": conversation_id, "other": other, "digest": digest, "ends_at": ends_at, "tries": 0}
        await connection.execute(insert(customer_codes).values(**values))

    async def try_code(self, tx: Tx, conversation_id: str, digest: str, *, at: datetime, tries: int) -> str | None:
        connection = connection_of(tx)
        here = customer_codes.c.conversation_id == conversation_id
        # Counted before it is compared, in one step: of many tries at once each counts.
        counted = await connection.execute(
            update(customer_codes)
            .where(here, customer_codes.c.tries < tries, customer_codes.c.ends_at >= at)
            .values(tries=customer_codes.c.tries + 1)
            .returning(customer_codes.c.other, customer_codes.c.digest)
        )
        row = counted.one_or_none()
        if row is None or row.digest != digest:
            return None
        await connection.execute(delete(customer_codes).where(here))
        return str(row.other)


async def _customer(connection: AsyncConnection, conversation_id: str) -> Customer | None:
    query = select(customers).where(customers.c.conversation_id == await root_of(connection, conversation_id))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else customer_of(row, conversation_id)
