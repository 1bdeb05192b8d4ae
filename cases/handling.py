"""cases: what colleagues do with a file: the next step, tasks for departments, promises, with the version they saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from cases.contracts import CaseFile, Closure, Editor, Move, NewCase, Stage
from cases.contracts.clocks import ClockKind, TaskState
from cases.customer import CustomerWord
from cases.draft import Draft, Told
from cases.fields import check_fields
from cases.keeper import Keeper, words_of
from cases.products import check_product
from cases.refusals import NotInTheFuture, NotOpen, StepNotAllowed, TasksOpen, UnknownCategory, UnknownKind
from cases.service import Cases
from cases.settings import Step, Tells
from kit.contracts import Clock, Transactions
from kit.refusals import NotFound

AFTER_TASKS = frozenset({Stage.DECIDED, Stage.TOLD, Stage.CLOSED})
"""Stages that wait until every department has done its part."""


class Handling:
    """The files as colleagues work on them."""

    def __init__(
        self, *, transactions: Transactions, cases: Cases, keeper: Keeper, customer: CustomerWord, clock: Clock
    ) -> None:
        self._transactions, self._cases, self._keeper, self._clock = transactions, cases, keeper, clock
        self._customer = customer

    async def register(self, new: NewCase, *, by: Editor) -> CaseFile:
        """Open a file for a customer.

        Raises UnknownKind, UnknownCategory, UnknownProduct, WordsMissing, CommentTooLong, FieldMissing, FieldUnfit,
        UnknownField.
        """
        settings = self._keeper.rules.settings
        if new.kind not in {kind.name for kind in settings.kinds}:
            raise UnknownKind(field="kind")
        if new.category not in {category.name for category in settings.categories}:
            raise UnknownCategory(field="category")
        check_product(new.product, settings.after_sales)
        story = words_of(new.what_happened, field="what_happened", required=True)
        at, fields = self._clock(), check_fields(settings.fields(new.kind), new.fields)
        checked = replace(new, what_happened=story, fields=fields, told=False)
        case = await self._transactions.write(lambda tx: self._cases.open(tx, checked, at=at, by=by))
        return await self._cases.load(case.number)

    async def move(self, number: str, move: Move, *, by: Editor, version: int) -> CaseFile:
        """Take a file to another step.

        Raises NotFound, CaseChanged, StepNotAllowed, TasksOpen, UnknownDepartment, WordsMissing, CommentTooLong.
        """
        words = words_of(move.words, field="words")
        decision = words_of(move.decision, field="decision")
        grounds = words_of(move.grounds, field="grounds")
        comment = words_of(move.comment, field="comment")
        department = self._keeper.check_department(move.department, field="department") if move.department else None

        def work(draft: Draft) -> None:
            step = self._next(draft, move.to)
            if step.stage is Stage.DECIDED:
                decided = words_of(decision, field="decision", required=True)
                grounded = words_of(grounds, field="grounds", required=True)
                draft.update(replace(draft.case, decision=decided, grounds=grounded))
            elif step.tells is Tells.WORDS:
                words_of(words, field="words", required=True)
            elif step.tells is Tells.DECISION and not draft.case.decision:
                # Short workflows decide and tell in one step.
                decided = words_of(words, field="words", required=True)
                draft.update(replace(draft.case, decision=decided))
            closure = Closure.CONFIRMED if step.stage is Stage.CLOSED else None
            draft.enter(step, Told(words=words, department=department, assignee=move.assignee), closure)
            if comment:
                draft.note("comment", comment)

        return await self._change(number, work, by=by, version=version)

    async def give(self, number: str, *, department: str, to: Editor | None, by: Editor, version: int) -> CaseFile:
        """Another department or person is responsible from now on; without a person whoever of the department takes it.

        Raises NotFound, CaseChanged, UnknownDepartment.
        """
        self._keeper.check_department(department, field="department")

        def work(draft: Draft) -> None:
            draft.update(
                replace(
                    draft.case,
                    department=department,
                    assignee_id=to.id if to else None,
                    assignee_name=to.name if to else "",
                )
            )

        return await self._change(number, work, by=by, version=version)

    async def fill(self, number: str, given: Mapping[str, str], *, by: Editor, version: int) -> CaseFile:
        """Put right what the kind asks for. Raises NotFound, CaseChanged, FieldMissing, FieldUnfit, UnknownField."""

        def work(draft: Draft) -> None:
            fields = self._keeper.rules.settings.fields(draft.case.kind)
            checked = check_fields(fields, given)
            draft.fill({field.name: checked.get(field.name, "") for field in fields})

        return await self._change(number, work, by=by, version=version)

    async def add_words(
        self, number: str, words: str, *, by: Editor, pace: Callable[[CaseFile], None] | None = None
    ) -> CaseFile:
        """More of what happened, at any time. Raises NotFound, WordsMissing, CommentTooLong, and what `pace` does."""
        said = words_of(words, field="words", required=True)
        file = await self._cases.load(number, sight=by.sight)
        if pace is not None:
            pace(file)
        await self._keeper.commit(file.case.id, lambda draft: draft.add(said), by=by, at=self._clock())
        return await self._cases.load(number)

    async def customer_says(self, number: str, *, settled: bool) -> CaseFile:
        """The customer's word on the decision, given on their own page. What comes too late changes nothing."""
        file, at = await self._cases.load(number), self._clock()
        say = self._customer.confirm if settled else self._customer.object_to
        await self._transactions.write(lambda tx: say(tx, file.case.id, at=at))
        return await self._cases.load(number)

    async def add_task(
        self, number: str, *, department: str, what: str, due_at: datetime | None, by: Editor, version: int
    ) -> CaseFile:
        """Ask a department for something. Raises NotFound, CaseChanged, UnknownDepartment, WordsMissing."""
        self._keeper.check_department(department, field="department")
        said = words_of(what, field="what", required=True)
        if due_at is not None and due_at <= self._clock():
            raise NotInTheFuture(field="due_at")
        return await self._change(
            number, lambda draft: draft.add_task(department, said, due_at), by=by, version=version
        )

    async def end_task(self, number: str, task_id: str, state: TaskState, outcome: str, *, by: Editor) -> CaseFile:
        """A task is done (with its outcome) or dropped; no version is asked for, for a task belongs to one department.

        Raises NotFound, NotOpen (somebody was faster), WordsMissing.
        """
        said = words_of(outcome, field="outcome", required=state is TaskState.DONE)

        def work(draft: Draft) -> None:
            task = draft.task(task_id)
            if task is None:
                raise NotFound
            if task.state is not TaskState.OPEN:
                raise NotOpen(field="outcome")
            draft.end_task(task, state, said)

        return await self._change(number, work, by=by, version=None)

    async def promise(self, number: str, *, text: str, due_at: datetime, by: Editor, version: int) -> CaseFile:
        """Something was promised to the customer by a time. Raises NotFound, CaseChanged, NotInTheFuture."""
        said = words_of(text, field="text", required=True)
        if due_at <= self._clock():
            raise NotInTheFuture(field="due_at")
        return await self._change(number, lambda draft: draft.promise(said, due_at), by=by, version=version)

    async def end_promise(self, number: str, clock_id: str, *, kept: bool, by: Editor) -> CaseFile:
        """A promise was kept, or is not owed any more. Raises NotFound, NotOpen."""

        def work(draft: Draft) -> None:
            clock = draft.clock(clock_id)
            if clock is None or clock.kind is not ClockKind.CALL_BACK:
                raise NotFound
            if clock.end is not None:
                raise NotOpen(field="clock")
            draft.stop(clock, done=kept)
            draft.note("promise_kept" if kept else "promise_dropped", clock.text)

        return await self._change(number, work, by=by, version=None)

    async def _change(self, number: str, work: Callable[[Draft], None], *, by: Editor, version: int | None) -> CaseFile:
        file = await self._cases.load(number, sight=by.sight)
        await self._keeper.commit(file.case.id, work, by=by, at=self._clock(), version=version, audited=True)
        return await self._cases.load(number)

    def _next(self, draft: Draft, name: str) -> Step:
        present = draft.step
        step = self._keeper.rules.settings.workflow(draft.case.kind).step(name)
        if step is None or name not in present.next:
            raise StepNotAllowed(field="to", present=present.name, wanted=name)
        count = len(draft.open_tasks())
        if step.stage in AFTER_TASKS and count:
            raise TasksOpen(field="to", count=count)
        return step
