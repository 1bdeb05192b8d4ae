"""cases: from facts to a report. Pure: the same facts give the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from cases.contracts import Closure, Stage
from cases.contracts.clocks import ClockEnd, ClockKind
from cases.contracts.reports import Kept, Period, Report, Satisfied, Volume, Worst
from cases.reports.facts import Counted, Facts, Filed, Stepped
from cases.rules import ENDED
from cases.settings import CaseSettings
from cases.surveys.figures import figure
from cases.surveys.store_ports import Tally
from nlu.contracts import Severity

WORST = 10
WORDS = 120
"""Characters of how a complaint began."""
RANK = {Severity.CRITICAL: 0, Severity.SERIOUS: 1, Severity.NORMAL: 2}
OWED = (
    ClockKind.ACKNOWLEDGEMENT,
    ClockKind.FIRST_CONTACT,
    ClockKind.DECISION,
    ClockKind.CALL_BACK,
    ClockKind.TASK,
)
"""What we owe; the time to object is the customer's."""


def report_of(
    period: Period,
    facts: Facts,
    tallies: Iterable[Tally],
    *,
    words_of: Mapping[str, str],
    settings: CaseSettings,
    zone: ZoneInfo,
) -> Report:
    """The figures of a period; `words_of` says how each of `worst_of` began."""

    def stage(step: Stepped, name: str) -> Stage | None:
        found = settings.workflow(step.kind).step(name)
        return found.stage if found else None

    ends = Counter[Closure]()
    for step in facts.steps:
        if (end := _end_of(step, stage)) is not None:
            ends[end] += step.count
    # What ended since then was open at the end; what was taken up since then was not.
    undone = sum(step.count * (_ended(step, stage) - _came_back(step, stage)) for step in facts.steps_since)
    days = Counter(filed.opened_at.astimezone(zone).date() for filed in facts.filed)
    length = (period.after - period.first).days
    return Report(
        span=period.span,
        first=period.first,
        last=period.last,
        opened=Volume(name="", count=len(facts.filed), before=len(facts.earlier)),
        by_day=tuple(days[period.first + timedelta(days=number)] for number in range(length)),
        by_kind=_volumes(facts, lambda filed: (filed.kind,)),
        by_category=_volumes(facts, lambda filed: (filed.category,)),
        by_severity=_volumes(facts, lambda filed: (filed.severity.value,)),
        by_department=_volumes(facts, lambda filed: (filed.department,)),
        by_product=_volumes(facts, lambda filed: facts.products_of.get(filed.id, ())),
        confirmed=ends[Closure.CONFIRMED],
        silence=ends[Closure.SILENCE],
        withdrawn=ends[Closure.WITHDRAWN],
        came_back=sum(step.count for step in facts.steps if _came_back(step, stage)),
        open_at_end=facts.open_now + undone,
        repeat=_repeats(facts),
        promises=tuple(
            Kept(
                kind=kind,
                kept=facts.clocks.get((kind, ClockEnd.KEPT), 0),
                late=facts.clocks.get((kind, ClockEnd.LATE), 0),
                became_late=facts.became_late.get(kind, 0),
            )
            for kind in OWED
        ),
        worst=_worst(facts, words_of),
        causes=facts.causes,
        satisfaction=tuple(line for tally in tallies for line in _satisfied(tally)),
    )


StageOf = Callable[[Stepped, str], Stage | None]


def _ended(step: Stepped, stage: StageOf) -> bool:
    return stage(step, step.after) in ENDED and stage(step, step.before) not in ENDED


def _came_back(step: Stepped, stage: StageOf) -> bool:
    return stage(step, step.before) in ENDED and stage(step, step.after) not in ENDED


def _end_of(step: Stepped, stage: StageOf) -> Closure | None:
    match stage(step, step.after):
        case Stage.CLOSED:
            return Closure.SILENCE if step.by_house else Closure.CONFIRMED
        case Stage.WITHDRAWN:
            return Closure.WITHDRAWN
        case _:
            return None


def _volumes(facts: Facts, names: Callable[[Counted], tuple[str, ...]]) -> tuple[Volume, ...]:
    now = Counter(name for filed in facts.filed for name in names(filed))
    before = Counter(name for filed in facts.earlier for name in names(filed))
    found = [Volume(name=name, count=now[name], before=before[name]) for name in now | before]
    return tuple(sorted(found, key=lambda volume: (-volume.count, -volume.before, volume.name)))


def _repeats(facts: Facts) -> int:
    known, repeats = set(facts.known_before), 0
    for filed in sorted(facts.filed, key=lambda each: (each.opened_at, each.id)):
        repeats += bool(known & set(filed.known_by))
        known |= set(filed.known_by)
    return repeats


def worst_of(facts: Facts) -> tuple[Filed, ...]:
    """The files of a period that went worst, the worst first."""

    def badness(filed: Filed) -> tuple[int, int, int, int, str]:
        late, objected = facts.late_of.get(filed.id, 0), facts.objected_of.get(filed.id, 0)
        return (
            RANK[filed.severity],
            -objected - facts.came_back_of.get(filed.id, 0),
            -late,
            -filed.level,
            filed.number,
        )

    bad = [
        filed
        for filed in facts.filed
        if filed.severity is not Severity.NORMAL or facts.late_of.get(filed.id) or facts.objected_of.get(filed.id)
    ]
    return tuple(sorted(bad, key=badness)[:WORST])


def _worst(facts: Facts, words_of: Mapping[str, str]) -> tuple[Worst, ...]:
    return tuple(
        Worst(
            number=filed.number,
            category=filed.category,
            severity=filed.severity,
            words=_begin(words_of.get(filed.id, "")),
            late=facts.late_of.get(filed.id, 0),
            objected=facts.objected_of.get(filed.id, 0),
            came_back=facts.came_back_of.get(filed.id, 0),
        )
        for filed in worst_of(facts)
    )


def _begin(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= WORDS else plain[: WORDS - 1] + "…"


def _satisfied(tally: Tally) -> Iterable[Satisfied]:
    for name, question in tally.questions.items():
        found = figure(question.measure, tally.counts.get(name, {}))
        if found is not None:
            yield Satisfied(
                survey=tally.name,
                measure=question.measure,
                offered=tally.offered,
                answered=tally.answered,
                value=_round(found.value),
                low=None if found.low is None else _round(found.low),
                high=None if found.high is None else _round(found.high),
                count=found.count,
            )


def _round(value: float) -> float:
    """Four places: what is stored is the same on every machine."""
    return round(value, 4) + 0.0
