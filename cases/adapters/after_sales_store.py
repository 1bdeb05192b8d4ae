"""cases: repairs in SQL: the ledger of parts, visits, costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.after_sales_tables import (
    case_costs,
    case_repairs,
    case_visits,
    part_movements,
    part_needs,
    part_stock,
)
from cases.contracts.after_sales import Cost, Movement, Need, NeedState, Repair, Stock, Visit
from kit.contracts import Tx
from kit.sql import Database, connection_of


class SqlAfterSalesStore:
    """Implements `cases.ports.AfterSalesStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def repair(self, case_id: str) -> Repair:
        async with self._database.read() as connection:
            noted = (
                await connection.execute(select(case_repairs).where(case_repairs.c.case_id == case_id))
            ).one_or_none()
            needs = [_need(row) for row in await connection.execute(_of_case(part_needs, case_id))]
            visits = [_visit(row) for row in await connection.execute(_of_case(case_visits, case_id))]
            costs = [_cost(row) for row in await connection.execute(_of_case(case_costs, case_id))]
        return Repair(
            bought_on=noted.bought_on if noted else None,
            needs=tuple(needs),
            visits=tuple(visits),
            costs=tuple(costs),
        )

    async def save_purchase(self, tx: Tx, case_id: str, bought_on: date | None) -> None:
        connection = connection_of(tx)
        await connection.execute(
            _insert(connection)(case_repairs)
            .values(case_id=case_id, bought_on=bought_on)
            .on_conflict_do_update(index_elements=["case_id"], set_={"bought_on": bought_on})
        )

    async def stock(self, tx: Tx, part: str) -> Stock:
        connection = connection_of(tx)
        await connection.execute(
            _insert(connection)(part_stock)
            .values(part=part, on_hand=0, reserved=0)
            .on_conflict_do_nothing(index_elements=["part"])
        )
        query = select(part_stock).where(part_stock.c.part == part).with_for_update()
        row = (await connection.execute(query)).one()
        return Stock(part=row.part, on_hand=row.on_hand, reserved=row.reserved)

    async def save_stock(self, tx: Tx, stock: Stock) -> None:
        await connection_of(tx).execute(
            update(part_stock)
            .where(part_stock.c.part == stock.part)
            .values(on_hand=stock.on_hand, reserved=stock.reserved)
        )

    async def stocks(self) -> Mapping[str, Stock]:
        waits = (
            select(part_needs.c.part, func.sum(part_needs.c.pieces).label("waiting"))
            .where(part_needs.c.state == NeedState.WAITING.value)
            .group_by(part_needs.c.part)
        )
        async with self._database.read() as connection:
            found = {
                row.part: Stock(part=row.part, on_hand=row.on_hand, reserved=row.reserved)
                for row in await connection.execute(select(part_stock))
            }
            for row in await connection.execute(waits):
                kept = found.get(row.part, Stock(part=row.part))
                found[row.part] = replace(kept, waiting=int(row.waiting))
        return found

    async def add_movement(self, tx: Tx, movement: Movement) -> bool:
        connection = connection_of(tx)
        added = await connection.execute(
            _insert(connection)(part_movements)
            .values(**_values(part_movements, movement))
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(part_movements.c.id)
        )
        return added.one_or_none() is not None

    async def movements(self, *, limit: int) -> tuple[Movement, ...]:
        query = select(part_movements).order_by(part_movements.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(_movement(row) for row in await connection.execute(query))

    async def add_need(self, tx: Tx, need: Need) -> None:
        await connection_of(tx).execute(insert(part_needs).values(**_values(part_needs, need)))

    async def set_need(self, tx: Tx, need: Need, state: NeedState) -> None:
        await connection_of(tx).execute(update(part_needs).where(part_needs.c.id == need.id).values(state=state.value))

    async def need(self, tx: Tx, case_id: str, need_id: str) -> Need | None:
        query = select(part_needs).where(part_needs.c.id == need_id, part_needs.c.case_id == case_id)
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else _need(row)

    async def waiting(self, tx: Tx, part: str) -> tuple[Need, ...]:
        query = (
            select(part_needs)
            .where(part_needs.c.part == part, part_needs.c.state == NeedState.WAITING.value)
            .order_by(part_needs.c.id)
        )
        return tuple(_need(row) for row in await connection_of(tx).execute(query))

    async def waits(self, tx: Tx, case_id: str) -> bool:
        query = select(part_needs.c.id).where(
            part_needs.c.case_id == case_id, part_needs.c.state == NeedState.WAITING.value
        )
        return (await connection_of(tx).execute(query.limit(1))).one_or_none() is not None

    async def book(self, tx: Tx, visit: Visit, *, seats: int) -> bool:
        connection = connection_of(tx)
        for seat in range(1, seats + 1):
            added = await connection.execute(
                _insert(connection)(case_visits)
                .values(**_values(case_visits, replace(visit, seat=seat)))
                .on_conflict_do_nothing()
                .returning(case_visits.c.id)
            )
            if added.one_or_none() is not None:
                return True
        return False

    async def call_off(self, tx: Tx, case_id: str, visit_id: str) -> Visit | None:
        here = (case_visits.c.id == visit_id, case_visits.c.case_id == case_id)
        row = (await connection_of(tx).execute(delete(case_visits).where(*here).returning(case_visits))).one_or_none()
        return None if row is None else _visit(row)

    async def taken(self, begins: datetime, ends: datetime) -> Mapping[datetime, int]:
        query = (
            select(case_visits.c.begins_at, func.count().label("taken"))
            .where(case_visits.c.begins_at >= begins, case_visits.c.begins_at <= ends)
            .group_by(case_visits.c.begins_at)
        )
        async with self._database.read() as connection:
            return {row.begins_at: int(row.taken) for row in await connection.execute(query)}

    async def add_cost(self, tx: Tx, cost: Cost) -> None:
        await connection_of(tx).execute(insert(case_costs).values(**_values(case_costs, cost)))


def _of_case(table: Table, case_id: str) -> Any:
    return select(table).where(table.c.case_id == case_id).order_by(table.c.id)


def _insert(connection: AsyncConnection) -> Any:
    return sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert


def _values(table: Table, value: object) -> dict[str, Any]:
    """The columns of a value whose fields have their names."""
    return {column.name: getattr(value, column.name) for column in table.c}


def _need(row: Row[Any]) -> Need:
    return Need(
        id=row.id,
        case_id=row.case_id,
        part=row.part,
        pieces=row.pieces,
        state=NeedState(row.state),
        at=row.at,
        by_name=row.by_name,
    )


def _movement(row: Row[Any]) -> Movement:
    return Movement(
        id=row.id,
        key=row.key,
        part=row.part,
        pieces=row.pieces,
        case_id=row.case_id,
        at=row.at,
        by=row.by,
        by_name=row.by_name,
        note=row.note,
    )


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        id=row.id,
        case_id=row.case_id,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        seat=row.seat,
        by_name=row.by_name,
    )


def _cost(row: Row[Any]) -> Cost:
    return Cost(
        id=row.id,
        case_id=row.case_id,
        what=row.what,
        cents=row.cents,
        by_customer=row.by_customer,
        at=row.at,
        by_name=row.by_name,
    )
