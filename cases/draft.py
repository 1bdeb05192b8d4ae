"""cases: one file being changed: everything one transaction does to it, decided without touching the world. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.clocks import confirmation, hurried, kept_at, paused, promised, promised_until, resumed, stopped, until
from cases.contracts import STATUS_OF, Alert, Case, CaseChange, CaseFile, Changed, Closure, Editor, Letter, Level, Stage
from cases.contracts.clocks import Clock, ClockEnd, ClockKind, Task, TaskState
from cases.contracts.follow_ups import FollowUp
from cases.follow_ups.planning import follow_ups_at
from cases.rules import ENDED, LEVEL_OF, Rules
from cases.settings import RESPONSIBLE, Step, Tells
from kit.contracts import NewId
from nlu.contracts import Severity

RANK = {Severity.NORMAL: 0, Severity.SERIOUS: 1, Severity.CRITICAL: 2}
CONFIRM, OBJECT = "confirm", "object"
ASKED_ABOUT = frozenset({Stage.TOLD, Stage.FOLLOW_UP, Stage.CLOSED})
"""Stages in which a planned follow-up still has something to ask."""
VALUES = (
    "order_number",
    "product",
    "wanted",
    "contact",
    "category",
    "severity",
    "department",
    "assignee_name",
    "decision",
)
"""Values whose change is a line of the history by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What comes with a step: words for the customer, and another department or person than the step's own."""

    words: str = ""
    department: str | None = None
    assignee: Editor | None = None
    silently: bool = False
    """The customer hears it from whoever makes the step."""


class Draft:
    """A file as it was loaded (and locked), and what is to become of it."""

    def __init__(self, file: CaseFile, *, rules: Rules, by: Editor, at: datetime, new_id: NewId) -> None:
        self._before, self.case, self._rules, self._by, self._at, self._new_id = (
            file.case,
            file.case,
            rules,
            by,
            at,
            new_id,
        )
        self._version = file.version
        self._clocks = {clock.id: clock for clock in file.clocks}
        self._loaded = dict(self._clocks)
        self._tasks = {task.id: task for task in file.tasks}
        self._loaded_tasks = dict(self._tasks)
        self._lines: list[CaseChange] = []
        self._alerts: list[Alert] = []
        self._letters: list[Letter] = []
        self._follow_ups: tuple[FollowUp, ...] = ()
        self._drops_follow_ups = False

    @property
    def step(self) -> Step:
        """Where the file stands now."""
        return self._rules.step_of(self.case)

    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks nobody has finished."""
        return tuple(task for task in self._tasks.values() if task.state is TaskState.OPEN)

    def note(self, what: str, after: str, before: str = "") -> None:
        """A line of the history."""
        self._lines.append(
            CaseChange(
                case_id=self.case.id,
                at=self._at,
                by=self._by.id,
                by_name=self._by.name,
                what=what,
                before=before,
                after=after,
            )
        )

    def update(self, changed: Case) -> None:
        """Take over values of `changed`; each one that differs is a line, and a worse severity has its effects."""
        before, self.case = self.case, changed
        for what in VALUES:
            was, now = getattr(before, what) or "", getattr(changed, what) or ""
            if was != now:
                self.note(what, str(now), str(was))
        if changed.category != before.category:
            self._follow_category(before)
        if RANK[changed.severity] > RANK[before.severity]:
            self._clocks = {key: hurried(self._rules, self.case, clock) for key, clock in self._clocks.items()}
            self.raise_to(LEVEL_OF[changed.severity], changed.severity.value)

    def fill(self, fields: Mapping[str, str]) -> None:
        """What the kind asks for; a field that is not configured any more keeps what it holds."""
        before = self.case.fields
        for name, value in fields.items():
            if before.get(name, "") != value:
                self.note("field", value, name)
        filled = {**before, **fields}
        self.case = replace(self.case, fields={name: value for name, value in filled.items() if value})

    def running(self) -> tuple[Clock, ...]:
        """Promises that have not ended."""
        return tuple(clock for clock in self._clocks.values() if clock.end is None)

    def merge_into(self, number: str) -> None:
        """The matter goes on under another number; nothing is owed under this one any more, and the customer knows."""
        case = self.case
        self.note("merged_into", number)
        step = self._rules.step_at(case.kind, Stage.WITHDRAWN)
        self.enter(step, Told(department=case.department, silently=True), Closure.MERGED)
        self.case = replace(self.case, merged_into=number)
        self.letter("merged", words=number)

    def come_out(self, step_name: str, merged_at: datetime) -> None:
        """Go on at the step from which it was merged, with the promises that ran then; their time went on meanwhile."""
        way, left = self._rules.settings.workflow(self.case.kind), self.step
        step = way.step(step_name) or self._rules.step_at(self.case.kind, Stage.WORKING)
        self.note("parted_from", self.case.merged_into or "")
        self.note("step", step.name, left.name)
        self.case = replace(
            self.case,
            step=step.name,
            stage=step.stage,
            status=STATUS_OF[step.stage],
            closure=None,
            merged_into=None,
        )
        for clock in list(self._clocks.values()):
            # One that has ended never changes: what runs again is another clock with the same time.
            if clock.end is ClockEnd.DROPPED and clock.ended_at == merged_at:
                self._add(replace(clock, id=self._new_id(), ended_at=None, end=None, next_at=clock.due_at))
        self.letter("parted")

    def add(self, words: str) -> None:
        """More of what happened."""
        self.case = replace(self.case, what_happened="\n".join(filter(None, (self.case.what_happened, words))))
        self.note("added", words)

    def enter(self, step: Step, told: Told | None = None, closure: Closure | None = None) -> None:
        """Come to a step: who is responsible, what the customer hears, which promises are kept, begin or rest."""
        told = told or Told()
        left, was = self.step, self.case
        self.note("step", step.name, left.name)
        again = left.stage in ENDED and step.stage not in ENDED
        self.update(
            replace(
                was,
                department=told.department or self._rules.department(step, was.category),
                assignee_id=told.assignee.id if told.assignee else was.assignee_id,
                assignee_name=told.assignee.name if told.assignee else was.assignee_name,
            )
        )
        self.case = replace(
            self.case,
            step=step.name,
            stage=step.stage,
            status=STATUS_OF[step.stage],
            closure=_closure(step.stage, closure),
            reopened=was.reopened + again,
        )
        self._turn_clocks(left.stage, step.stage)
        line = self._version + len(self._lines)
        self._follow_ups = follow_ups_at(
            self.case, step.stage, line=line, rules=self._rules, at=self._at, new_id=self._new_id
        )
        # Who has just said that it is settled is not asked whether it is.
        self._drops_follow_ups = step.stage not in ASKED_ABOUT or self.case.closure is Closure.CONFIRMED
        if not told.silently:
            self._tell(step, told.words)

    def raise_to(self, level: Level, why: str) -> None:
        """Somebody above hears of it; who watches already hears of it again."""
        if level is Level.DESK:
            return
        if level > self.case.level:
            self.note("level", level.name.lower(), self.case.level.name.lower())
            self.case = replace(self.case, level=level)
        alert = Alert(id=self._new_id(), case_id=self.case.id, to=level, why=why, at=self._at)
        self._alerts.append(alert)

    def promise(self, text: str, due_at: datetime) -> None:
        """A promise made to this customer becomes a clock."""
        self._add(
            until(self._rules, self.case, ClockKind.CALL_BACK, due_at, clock_id=self._new_id(), at=self._at, text=text)
        )
        self.note("promise", text)

    def stop(self, clock: Clock, *, done: bool = True) -> None:
        """A promise is kept, or not owed any more."""
        self._clocks[clock.id] = stopped(clock, self._at, done=done)

    def climb(self, clock: Clock, rung: int, next_at: datetime | None) -> None:
        """A late promise has climbed to `rung` of the ladder."""
        self._clocks[clock.id] = replace(clock, rung=rung, next_at=next_at)

    def clock(self, clock_id: str) -> Clock | None:
        """A promise as it is now."""
        return self._clocks.get(clock_id)

    def task(self, task_id: str) -> Task | None:
        """A task as it is now."""
        return self._tasks.get(task_id)

    def add_task(self, department: str, what: str, due_at: datetime | None) -> None:
        """A department has something to do."""
        minutes = self._rules.settings.promises.task_minutes
        due = due_at or self._rules.after(department, self._at, minutes)
        task = Task(
            id=self._new_id(),
            case_id=self.case.id,
            department=department,
            what=what,
            due_at=due,
            state=TaskState.OPEN,
            outcome="",
            created_at=self._at,
            created_by=self._by.name,
            ended_at=None,
            ended_by="",
        )
        self._tasks[task.id] = task
        self._add(until(self._rules, self.case, ClockKind.TASK, due, clock_id=task.id, at=self._at, text=what))
        self.note("task", what, department)

    def end_task(self, task: Task, state: TaskState, outcome: str) -> None:
        """A task is done or dropped."""
        ended = replace(task, state=state, outcome=outcome, ended_at=self._at, ended_by=self._by.name)
        self._tasks[task.id] = ended
        self.note(f"task_{state.value}", outcome, task.what)
        clock = self._clocks.get(task.id)
        if clock is not None:
            self.stop(clock, done=state is TaskState.DONE)

    def changed(self) -> Changed | None:
        """All of it as one value; None when nothing changed."""
        case = replace(self.case, promised_at=promised_until(self._clocks.values()))
        clocks = tuple(clock for key, clock in self._clocks.items() if self._loaded.get(key) != clock)
        tasks = tuple(task for key, task in self._tasks.items() if self._loaded_tasks.get(key) != task)
        if case == self._before and not (self._lines or clocks or tasks or self._alerts):
            return None
        return Changed(
            case=replace(case, updated_at=self._at),
            lines=tuple(self._lines),
            clocks=clocks,
            tasks=tasks,
            alerts=tuple(self._alerts),
            letters=tuple(self._letters),
            follow_ups=self._follow_ups,
            drops_follow_ups=self._drops_follow_ups,
        )

    def letter(self, code: str, *, words: str = "", choices: tuple[str, ...] = ()) -> None:
        """The customer is told, in their channel, once."""
        until_then = promised_until(self._clocks.values())
        slots: dict[str, str | datetime] = {"number": self.case.number, "words": words}
        if until_then is not None:
            slots["until"] = until_then
        key = f"case:{self.case.id}:{self._version + len(self._lines)}"
        self._letters.append(Letter(key=key, code=code, slots=slots, choices=choices))
        self.note("told", words)

    def _add(self, clock: Clock) -> None:
        self._clocks[clock.id] = clock

    def _start(self, kind: ClockKind) -> None:
        self._add(promised(self._rules, self.case, kind, clock_id=self._new_id(), at=self._at))

    def _follow_category(self, before: Case) -> None:
        step = self.step
        was, now = (self._rules.department(step, case.category) for case in (before, self.case))
        if step.owner == RESPONSIBLE and self.case.department == was != now:
            self.note("department", now, was)
            self.case = replace(self.case, department=now)

    def _turn_clocks(self, left: Stage, stage: Stage) -> None:
        done = kept_at(stage)
        for clock in [clock for clock in self._clocks.values() if clock.end is None]:
            if clock.kind in done:
                self.stop(clock)
            elif stage is Stage.WITHDRAWN:
                self.stop(clock, done=False)
            elif clock.kind is ClockKind.CONFIRMATION and stage not in {Stage.TOLD, Stage.FOLLOW_UP}:
                self.stop(clock, done=stage is Stage.CLOSED)
            elif stage is Stage.WAITING and clock.kind is ClockKind.DECISION:
                self._clocks[clock.id] = paused(clock, self._at)
            else:
                self._clocks[clock.id] = resumed(self._rules, self.case, clock, self._at)
        running = {clock.kind for clock in self._clocks.values() if clock.end is None}
        if stage is Stage.TOLD and ClockKind.CONFIRMATION not in running:
            self._add(confirmation(self._rules, self.case, clock_id=self._new_id(), at=self._at))
        if stage is Stage.WORKING and ClockKind.DECISION not in running:
            self._start(ClockKind.DECISION)
        if stage is Stage.WITHDRAWN:
            for task in self.open_tasks():
                self.end_task(task, TaskState.DROPPED, "")

    def _tell(self, step: Step, words: str) -> None:
        match step.tells:
            case Tells.NOTHING:
                return
            case Tells.NUMBER:
                self.letter("acknowledged")
            case Tells.WORDS:
                self.letter("asked", words=words)
            case Tells.DECISION:
                self.letter("decided", words=words or self.case.decision, choices=(CONFIRM, OBJECT))


def _closure(stage: Stage, closure: Closure | None) -> Closure | None:
    match stage:
        case Stage.CLOSED:
            return closure or Closure.CONFIRMED
        case Stage.WITHDRAWN:
            return closure or Closure.WITHDRAWN
        case _:
            return None
