"""tests: several customers at once, and their books at the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle

from benchmarks.questions import held_out
from tests.faults.ledger import Customer, Stored, faults_in_the_books
from tests.support.running import RunningDesk
from tests.support.wait import until

PATIENCE = 300.0
"""Seconds for everything to settle after a fault; generous, because a worker loads its models first (beside other
work two minutes have been seen)."""


class Crowd:
    """Customers of one desk."""

    def __init__(self, desk: RunningDesk, customers: list[Customer]) -> None:
        self._desk = desk
        self.customers = customers
        self._texts = cycle([question.text for question in held_out()])

    @property
    def acknowledged(self) -> int:
        return sum(len(customer.acknowledged) for customer in self.customers)

    @property
    def sent(self) -> int:
        return sum(len(customer.sent) for customer in self.customers)

    async def talk(self, messages: int) -> None:
        """Each customer writes so many messages, the next one when the last is acknowledged."""

        async def talk(customer: Customer) -> None:
            for _ in range(messages):
                await customer.say_and_wait(next(self._texts))

        await asyncio.gather(*(talk(customer) for customer in self.customers))

    async def settled(self) -> None:
        """Wait until every message was dealt with and every window shows all there is."""
        for customer in self.customers:
            await until(partial(self._is_settled, customer), within=PATIENCE)

    def faults(self) -> dict[str, list[str]]:
        """The broken promises, by customer; none is what is wanted."""
        found = {
            customer.name: faults_in_the_books(customer, self._transcript(customer), self._turns(customer))
            + [f"refused: {frame}" for frame in customer.refused]
            for customer in self.customers
        }
        return {name: faults for name, faults in found.items() if faults}

    def _is_settled(self, customer: Customer) -> bool:
        [(last, due, handled)] = self._desk.rows(
            "SELECT last_seq, due_seq, handled_seq FROM conversations WHERE id = ?", customer.conversation
        )
        everything = len(customer.acknowledged) == len(customer.sent)
        return everything and handled == due and customer.shown.upto == last

    def _transcript(self, customer: Customer) -> list[Stored]:
        rows = self._desk.rows(
            "SELECT seq, kind, key, payload FROM entries WHERE conversation_id = ? ORDER BY seq", customer.conversation
        )
        return [
            Stored(int(str(seq)), str(kind), str(key), _is_public(kind, payload)) for seq, kind, key, payload in rows
        ]

    def _turns(self, customer: Customer) -> list[int]:
        rows = self._desk.rows("SELECT seq FROM turns WHERE conversation_id = ? ORDER BY seq", customer.conversation)
        return [int(str(row[0])) for row in rows]


@asynccontextmanager
async def crowd(desk: RunningDesk, size: int = 4) -> AsyncIterator[Crowd]:
    """`size` customers who have opened their windows."""
    customers = [Customer(desk.address, f"customer {number}", "zh" if number % 2 else "en") for number in range(size)]
    try:
        await asyncio.gather(*(customer.arrive() for customer in customers))
        yield Crowd(desk, customers)
    finally:
        for customer in customers:
            await customer.leave()


def _is_public(kind: object, payload: object) -> bool:
    if kind == "event":
        return json.loads(str(payload)).get("public") is True
    return kind != "note"
