"""tests: a working day on paper: fifty representatives, bursts or a rush, sick leave. Routing alone, with a seed."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from handoff.contracts import Urgency
from handoff.routing import Seat, Ticket, route
from handoff.settings import RoutingSettings
from kit.contracts import Language
from tests.handoff.routing_support import seat, ticket
from tests.support.clock import START

AGENTS = 50
HOURS = 10
STEP = timedelta(seconds=30)
SETTINGS = RoutingSettings(capacity=3)
DEPARTMENTS = ("consultation", "complaints", "technical_support", "after_sales")
BURSTS = (2.0, 5.5)
"""Hours after opening at which a hundred and fifty customers ask within five minutes."""


@dataclass(slots=True)
class Day:
    """What happened."""

    waits: dict[str, timedelta] = field(default_factory=dict)
    urgency: dict[str, Urgency] = field(default_factory=dict)
    served: dict[str, int] = field(default_factory=dict)
    waiting_at_the_end: int = 0
    longest_queue: int = 0
    claimed: list[tuple[Ticket, datetime]] = field(default_factory=list)


def customers(random: Random) -> list[Ticket]:
    """Everyone who asks on that day, in the order of asking."""
    moments = [random.uniform(0, HOURS * 3600) for _ in range(2600)]
    for burst in BURSTS:
        moments += [burst * 3600 + random.uniform(0, 300) for _ in range(150)]
    return [
        ticket(
            f"{number:05}",
            urgency=random.choices(list(Urgency), weights=[80, 17, 3])[0],
            asked_at=START + timedelta(seconds=seconds),
            department=random.choices(DEPARTMENTS, weights=[40, 15, 20, 25])[0],
            language=random.choices(list(Language), weights=[85, 15])[0],
            channel=random.choice(["web", "telegram"]),
            skill=random.choices([None, "invoices", "repairs"], weights=[80, 10, 10])[0],
            key_account=random.random() < 0.03,
            named=f"agent-{random.randrange(AGENTS):02}",
        )
        for number, seconds in enumerate(sorted(moments))
    ]


def team(random: Random) -> dict[str, Seat]:
    """Fifty representatives of four departments, some with English, some with a skill; a tenth are ill."""
    seats = {}
    for number in range(AGENTS):
        name = f"agent-{number:02}"
        seats[name] = seat(
            name,
            departments=(DEPARTMENTS[number % 4],) if number % 5 else (),
            languages=(Language.ZH, Language.EN) if number % 3 == 0 else (Language.ZH,),
            skills=("invoices",) if number % 7 == 0 else ("repairs",) if number % 7 == 1 else (),
        )
    for name in random.sample(sorted(seats), AGENTS // 10):
        del seats[name]
    return seats


def rush(random: Random) -> list[Ticket]:
    """Customers of a day on which more come than can be served, twice, for an hour and a half each."""
    asked: list[Ticket] = []
    seconds = 0.0
    while seconds < HOURS * 3600:
        load = 0.8 + 0.45 * math.sin(seconds / 3600 * math.pi / 2)
        seconds += random.expovariate(load * 135 / 1200)
        urgency = random.choices(list(Urgency), weights=[80, 17, 3])[0]
        department = random.choices(DEPARTMENTS, weights=[40, 15, 20, 25])[0]
        at = START + timedelta(seconds=seconds)
        asked.append(ticket(f"{len(asked):05}", urgency=urgency, asked_at=at, department=department))
    return asked


Watch = Callable[[Day, list[Ticket], list[Ticket], datetime], None]
"""Called at every step with the day, who has just begun to wait, everybody who waits, and the moment."""


def live_through(seed: int, make: Callable[[Random], list[Ticket]] = customers, *, watch: Watch | None = None) -> Day:
    """The day, in steps of half a minute, until nobody waits or two hours after closing."""
    random, day = Random(seed), Day()
    coming, seats = make(random), team(random)
    day.served = dict.fromkeys(seats, 0)
    waiting: list[Ticket] = []
    busy: list[tuple[datetime, str, str]] = []
    now, end = START, START + timedelta(hours=HOURS + 2)
    while now < end and (coming or waiting or now < START + timedelta(hours=HOURS)):
        while busy and busy[0][0] <= now:
            _, name, channel = heapq.heappop(busy)
            held = dict(seats[name].held)
            held[channel] -= 1
            seats[name] = replace(seats[name], held=tuple(held.items()))
        arrived = 0
        while arrived < len(coming) and coming[arrived].asked_at <= now:
            arrived += 1
        fresh = coming[:arrived]
        waiting += fresh
        del coming[:arrived]
        day.longest_queue = max(day.longest_queue, len(waiting))
        decided = route(waiting, list(seats.values()), settings=SETTINGS, now=now)
        for one in decided.assignments:
            name, given = one.agent.id, one.ticket
            day.waits[given.handoff_id] = now - given.asked_at
            day.urgency[given.handoff_id] = given.waiting.urgency
            day.claimed.append((given, now))
            day.served[name] += 1
            seats[name] = seats[name].given(given, now)
            length = timedelta(minutes=max(3.0, random.gauss(20, 6)))
            heapq.heappush(busy, (now + length, name, given.channel))
        waiting = [one for one, _ in decided.left]
        if watch is not None:
            watch(day, [one for one in fresh if one in waiting], waiting, now)
        now += STEP
    day.waiting_at_the_end = len(waiting) + len(coming)
    return day
