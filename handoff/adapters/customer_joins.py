"""handoff: two customer records becoming one in SQL, and becoming two again.

A link keeps what both records were when it was made (`before`); taking it back needs nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff.adapters.rows import customer_of
from handoff.adapters.tables import customer_links, customer_notes, customers
from handoff.adapters.upsert import put
from handoff.contracts import Customer, Link
from handoff.joins import merged, without
from kit.contracts import Tx
from kit.sql import connection_of

Kept = Mapping[str, Any]
"""One record's marks as JSON."""


async def join(tx: Tx, root: str, other_root: str, link: Link) -> bool:
    """As `handoff.customer_ports.CustomerRecordStore.join` says."""
    connection = connection_of(tx)
    await _hold(connection, root, other_root)
    if [await root_of(connection, one) for one in (root, other_root)] != [root, other_root]:
        return False  # somebody joined one of them meanwhile
    mine, theirs = await _record(connection, root), await _record(connection, other_root)
    links = await connection.execute(
        update(customer_links)
        .where(customer_links.c.customer_id == other_root)
        .values(customer_id=root)
        .returning(customer_links.c.conversation_id)
    )
    notes = await connection.execute(
        update(customer_notes)
        .where(customer_notes.c.customer_id == other_root)
        .values(customer_id=root)
        .returning(customer_notes.c.id)
    )
    before = {
        "links": sorted(links.scalars()),
        "notes": sorted(notes.scalars()),
        "mine": _marks(mine),
        "theirs": _marks(theirs),
    }
    moved = {
        "conversation_id": other_root,
        "customer_id": root,
        "proof": link.proof.value,
        "by": link.by,
        "reason": link.reason,
        "at": link.at,
        "before": before,
    }
    await connection.execute(insert(customer_links).values(**moved))
    await connection.execute(delete(customers).where(customers.c.conversation_id == other_root))
    await _put(tx, merged(mine, theirs))
    return True


async def separate(tx: Tx, root: str, conversation_id: str) -> bool:
    """As `handoff.customer_ports.CustomerRecordStore.separate` says."""
    connection = connection_of(tx)
    await _hold(connection, root, conversation_id)
    here = (customer_links.c.conversation_id == conversation_id) & (customer_links.c.customer_id == root)
    taken = (await connection.execute(delete(customer_links).where(here).returning(customer_links.c.before))).all()
    if not taken:
        return False
    before: Kept = taken[0].before or {}
    for table, name in ((customer_links, "conversation_id"), (customer_notes, "id")):
        back = table.c[name].in_(before.get("links" if table is customer_links else "notes", ()))
        await connection.execute(
            update(table).where(back, table.c.customer_id == root).values(customer_id=conversation_id)
        )
    gone = _customer(conversation_id, before.get("theirs", {}))
    mine = _customer(root, before.get("mine", {}))
    still = select(customer_links.c.conversation_id, customer_links.c.before)
    rest = {
        row.conversation_id: row.before
        for row in await connection.execute(still.where(customer_links.c.customer_id == root))
        if row.before
    }
    brought = {name: _customer(name, kept["theirs"]) for name, kept in rest.items()}
    await _put(tx, without(await _record(connection, root), gone, [mine, *brought.values()]))
    await _put(tx, gone)
    for name, kept in rest.items():
        # What a later join found on the first record may have come from this one.
        others = [mine, *(one for other, one in brought.items() if other != name)]
        found = _marks(without(_customer(root, kept["mine"]), gone, others))
        await connection.execute(
            update(customer_links)
            .where(customer_links.c.conversation_id == name)
            .values(before={**kept, "mine": found})
        )
    return True


async def root_of(connection: AsyncConnection, conversation_id: str) -> str:
    """The first conversation of the customer; itself where nothing is linked."""
    query = select(customer_links.c.customer_id).where(customer_links.c.conversation_id == conversation_id)
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found or conversation_id


async def _hold(connection: AsyncConnection, *roots: str) -> None:
    """Hold the rows of these customers, made for it where there are none, until the transaction ends."""
    dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    for one in sorted(roots):  # in one order, so that two who hold the same ones wait and do not block each other
        await connection.execute(
            dialect_insert(customers)
            .values(conversation_id=one, key_account=False, named_agent_id=None, tags=[])
            .on_conflict_do_nothing()
        )
    held = select(customers.c.conversation_id).where(customers.c.conversation_id.in_(roots))
    await connection.execute(held.order_by(customers.c.conversation_id).with_for_update())


async def _record(connection: AsyncConnection, root: str) -> Customer:
    query = select(customers).where(customers.c.conversation_id == root)
    return customer_of((await connection.execute(query)).one(), root)


async def _put(tx: Tx, customer: Customer) -> None:
    values: dict[str, Any] = {"conversation_id": customer.conversation_id, **_marks(customer)}
    await put(tx, customers, "conversation_id", values=values)


def _marks(customer: Customer) -> dict[str, Any]:
    return {
        "key_account": customer.key_account,
        "named_agent_id": customer.named_agent_id,
        "tags": list(customer.tags),
    }


def _customer(conversation_id: str, kept: Kept) -> Customer:
    return Customer(
        conversation_id=conversation_id,
        key_account=bool(kept.get("key_account")),
        named_agent_id=kept.get("named_agent_id"),
        tags=tuple(kept.get("tags", ())),
    )
