"""benchmarks: the load, in a process of its own so that measuring does not slow the measured.

python -m benchmarks.generator < plan.json     prints one JSON object
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from dataclasses import asdict, dataclass, field

from benchmarks.arrivals import poisson
from benchmarks.customers import Customer, Unanswered, customers
from benchmarks.questions import endless


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do: `count` questions one after another, or `rate` a second for `seconds`."""

    kind: str
    address: str
    count: int = 0
    rate: float = 0.0
    seconds: float = 0.0
    people: int = 1
    seed: int = 1


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of it. `latencies` in seconds; under a rate they count from when the message was due."""

    latencies: list[float] = field(default_factory=list)
    unanswered: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    """From the first due message to the last answer."""

    def missed(self, reason: str) -> None:
        """Count a question without an answer."""
        self.unanswered[reason] = self.unanswered.get(reason, 0) + 1


async def one_after_another(plan: Plan, people: list[Customer]) -> Outcome:
    """Each question waits for the answer before it; the desk is otherwise idle."""
    loop, outcome, texts = asyncio.get_running_loop(), Outcome(), endless(seed=plan.seed)
    began = loop.time()
    for number in range(plan.count):
        asked = loop.time()
        try:
            await people[number % len(people)].ask(next(texts))
            outcome.latencies.append(loop.time() - asked)
        except Unanswered as reason:
            outcome.missed(str(reason))
    outcome.seconds = loop.time() - began
    return outcome


async def at_a_rate(plan: Plan, people: list[Customer]) -> Outcome:
    """Questions come when they come, whether or not the earlier ones are answered."""
    loop, outcome, texts = asyncio.get_running_loop(), Outcome(), endless(seed=plan.seed)
    free, freed = deque(people), asyncio.Condition()
    began = loop.time()

    async def ask(due: float, text: str) -> None:
        async with freed:
            await freed.wait_for(lambda: free)
            customer = free.popleft()
        try:
            await customer.ask(text)
            outcome.latencies.append(loop.time() - began - due)
        except Unanswered as reason:
            outcome.missed(str(reason))
        finally:
            async with freed:
                free.append(customer)
                freed.notify()

    async with asyncio.TaskGroup() as group:
        for due in poisson(plan.rate, plan.seconds, seed=plan.seed):
            await asyncio.sleep(max(0.0, began + due - loop.time()))
            group.create_task(ask(due, next(texts)))
    outcome.seconds = loop.time() - began
    return outcome


async def run(plan: Plan) -> Outcome:
    """Carry out `plan`."""
    async with customers(plan.kind, plan.address, plan.people) as people:
        return await (at_a_rate(plan, people) if plan.rate else one_after_another(plan, people))


def main() -> int:
    """Read the plan, print the outcome."""
    print(json.dumps(asdict(asyncio.run(run(Plan(**json.load(sys.stdin)))))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
