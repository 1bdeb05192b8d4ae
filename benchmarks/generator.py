"""benchmarks: the load, in a process of its own so that measuring does not slow the measured.

python -m benchmarks.generator < plan.json     prints one JSON object
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field

from benchmarks.arrivals import poisson
from benchmarks.customers import Crowd, HandedOver, Unanswered, crowd
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
    handed_over: int = 0
    """Questions the bot rightly said nothing to, because a person had taken over just before."""
    replaced: int = 0
    """Customers who left after a hand-over; somebody new came in their place."""
    seconds: float = 0.0
    """From the first due message to the last answer."""

    def missed(self, reason: str) -> None:
        """Count a question without an answer."""
        self.unanswered[reason] = self.unanswered.get(reason, 0) + 1


async def one_after_another(plan: Plan, people: Crowd) -> Outcome:
    """Each question waits for the answer before it; the bot is otherwise idle."""
    loop, outcome, texts = asyncio.get_running_loop(), Outcome(), endless(seed=plan.seed)
    began = loop.time()
    for _ in range(plan.count):
        await _ask(people, outcome, next(texts), due=loop.time())
    outcome.seconds = loop.time() - began
    return outcome


async def at_a_rate(plan: Plan, people: Crowd) -> Outcome:
    """Questions come when they come, whether or not the earlier ones are answered."""
    loop, outcome, texts = asyncio.get_running_loop(), Outcome(), endless(seed=plan.seed)
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for moment in poisson(plan.rate, plan.seconds, seed=plan.seed):
            await asyncio.sleep(max(0.0, began + moment - loop.time()))
            group.create_task(_ask(people, outcome, next(texts), due=began + moment))
    outcome.seconds = loop.time() - began
    return outcome


async def _ask(people: Crowd, outcome: Outcome, text: str, *, due: float) -> None:
    """One question; its latency counts from when it was due."""
    try:
        await people.ask(text)
        outcome.latencies.append(asyncio.get_running_loop().time() - due)
    except HandedOver:
        outcome.handed_over += 1
    except Unanswered as reason:
        outcome.missed(str(reason))


async def run(plan: Plan) -> Outcome:
    """Carry out `plan`."""
    async with crowd(plan.kind, plan.address, plan.people) as people:
        outcome = await (at_a_rate(plan, people) if plan.rate else one_after_another(plan, people))
        outcome.replaced = people.replaced
        return outcome


def main() -> int:
    """Read the plan, print the outcome."""
    print(json.dumps(asdict(asyncio.run(run(Plan(**json.load(sys.stdin)))))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
