"""tests: a file carried from its first step to its end by the people of the desk, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from cases.contracts import CaseStatus, Closure, Editor, Level, Move, NewCase
from cases.contracts.clocks import ClockEnd, ClockKind, TaskState
from cases.refusals import (
    CaseChanged,
    NotInTheFuture,
    NotOpen,
    StepNotAllowed,
    TasksOpen,
    UnknownDepartment,
    UnknownKind,
    WordsMissing,
)
from kit.refusals import NotFound
from nlu.contracts import Severity
from tests.cases.support import COMPLAINT, MEI, Files, a_complaint

TO_WORK = ("confirmed", "assigned", "working")
TO_TOLD = (*TO_WORK, "decided", "told")
QUALITY = Editor(id="agent-tao", name="陶工")


async def test_a_file_goes_its_whole_way_and_the_history_tells_it(files: Files) -> None:
    case = await files.open(a_complaint("a", severity=Severity.NORMAL))
    file = await files.go(case, *TO_TOLD, "follow_up", "closed")
    assert [(line.before, line.after) for line in file.history if line.what == "step"] == [
        ("acknowledged", "confirmed"),
        ("confirmed", "assigned"),
        ("assigned", "working"),
        ("working", "decided"),
        ("decided", "told"),
        ("told", "follow_up"),
        ("follow_up", "closed"),
    ]
    assert (file.case.status, file.case.closure) == (CaseStatus.RESOLVED, Closure.CONFIRMED)
    assert (file.case.decision, file.case.grounds) == ("换新机", "三天内故障")
    assert [letter.slots["words"] for letter in files.letters.letters.values()] == ["请稍候"]
    assert len(file.history) == file.version


async def test_each_step_belongs_to_its_department_and_the_work_to_the_one_of_the_category(files: Files) -> None:
    case = await files.open(a_complaint("a", category="repair_warranty"))
    assert case.department == "complaints"
    assert (await files.go(case, *TO_WORK)).case.department == "after_sales"
    assert (await files.go(case, "decided", "told", "follow_up")).case.department == "follow_up"


async def test_a_person_and_another_department_may_be_named(files: Files) -> None:
    case = await files.open()
    await files.go(case, "confirmed")
    move = Move(to="assigned", department="technical_support", assignee=QUALITY, comment="请看日志")
    file = await files.handling.move(case.number, move, by=MEI, version=(await files.cases.load(case.number)).version)
    assert (file.case.department, file.case.assignee_name) == ("technical_support", "陶工")
    assert file.history[-1].what == "comment"


async def test_only_the_ways_of_the_workflow_are_open(files: Files) -> None:
    case = await files.open()
    for wanted in ("decided", "closed", "acknowledged", "nowhere"):
        with pytest.raises(StepNotAllowed):
            await files.handling.move(case.number, Move(to=wanted), by=MEI, version=1)
    assert (await files.cases.load(case.number)).version == 1


async def test_a_decision_needs_words_and_grounds(files: Files) -> None:
    case = await files.open()
    version = (await files.go(case, *TO_WORK)).version
    for move in (Move(to="decided"), Move(to="decided", decision="换新机"), Move(to="decided", grounds="故障")):
        with pytest.raises(WordsMissing):
            await files.handling.move(case.number, move, by=MEI, version=version)


async def test_a_customer_who_is_asked_hears_what_is_asked(files: Files) -> None:
    case = await files.open()
    with pytest.raises(WordsMissing):
        await files.handling.move(case.number, Move(to="waiting_customer"), by=MEI, version=1)
    await files.go(case, "waiting_customer", words="请发一张铭牌的照片")
    [letter] = files.letters.letters.values()
    assert (letter.code, letter.slots["words"], letter.choices) == ("asked", "请发一张铭牌的照片", ())


async def test_a_decision_waits_for_the_departments_that_were_asked(files: Files) -> None:
    case = await files.open()
    version = (await files.go(case, *TO_WORK)).version
    file = await files.handling.add_task(
        case.number, department="technical_support", what="检测主板", due_at=None, by=MEI, version=version
    )
    [task] = file.tasks
    with pytest.raises(TasksOpen):
        await files.go(case, "decided")
    with pytest.raises(WordsMissing):
        await files.handling.end_task(case.number, task.id, TaskState.DONE, " ", by=QUALITY)
    done = await files.handling.end_task(case.number, task.id, TaskState.DONE, "主板虚焊", by=QUALITY)
    assert (done.tasks[0].state, done.tasks[0].outcome, done.tasks[0].ended_by) == (TaskState.DONE, "主板虚焊", "陶工")
    assert next(clock for clock in done.clocks if clock.id == task.id).end is ClockEnd.KEPT
    with pytest.raises(NotOpen):
        await files.handling.end_task(case.number, task.id, TaskState.DROPPED, "", by=MEI)
    assert (await files.go(case, "decided")).case.step == "decided"


async def test_tasks_of_other_files_and_departments_nobody_knows_are_refused(files: Files) -> None:
    case, other = await files.open(), await files.open(a_complaint("b"))
    task = {"what": "看", "due_at": None, "by": MEI, "version": 1}
    with pytest.raises(UnknownDepartment):
        await files.handling.add_task(case.number, department="weather", **task)  # type: ignore[arg-type]
    file = await files.handling.add_task(case.number, department="complaints", **task)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await files.handling.end_task(other.number, file.tasks[0].id, TaskState.DONE, "好", by=MEI)
    with pytest.raises(NotInTheFuture):
        await files.handling.promise(other.number, text="回电", due_at=files.clock(), by=MEI, version=1)


async def test_two_who_move_a_file_at_once_are_one_mover_and_one_who_is_told(files: Files) -> None:
    case = await files.open()
    moves = await asyncio.gather(
        files.handling.move(case.number, Move(to="confirmed"), by=MEI, version=1),
        files.handling.move(case.number, Move(to="withdrawn"), by=QUALITY, version=1),
        return_exceptions=True,
    )
    [refused] = [outcome for outcome in moves if isinstance(outcome, BaseException)]
    assert isinstance(refused, CaseChanged)
    file = await files.cases.load(case.number)
    assert refused.details["step"] == file.case.step
    assert refused.details["what"].split(",")[0] == "step"


async def test_a_customer_confirms_once_and_an_objection_takes_the_same_file_up_again(files: Files) -> None:
    case = await files.open(a_complaint("a", severity=Severity.NORMAL))
    assert (await files.customer_says(case, settled=True)).step == "acknowledged"  # nothing to confirm yet
    await files.go(case, *TO_TOLD)
    objected = await files.customer_says(case, settled=False)
    assert (objected.step, objected.level, objected.number) == ("working", Level.SUPERVISOR, case.number)
    assert (await files.customer_says(case, settled=False)).updated_at == objected.updated_at
    [(_, alert)] = await files.promises.unseen(up_to=Level.SUPERVISOR)
    assert alert.why == "objected"
    await files.go(case, "decided", "told", decision="退款")
    closed = await files.customer_says(case, settled=True)
    assert (closed.closure, closed.status) == (Closure.CONFIRMED, CaseStatus.RESOLVED)
    again = await files.customer_says(case, settled=False)
    assert (again.reopened, again.closure, again.number) == (1, None, case.number)
    assert [letter.slots["words"] for letter in files.letters.letters.values()] == ["请稍候", "请稍候"]


async def test_withdrawing_drops_tasks_and_promises(files: Files) -> None:
    case = await files.open()
    await files.handling.add_task(case.number, department="complaints", what="看", due_at=None, by=MEI, version=1)
    await files.database.write(lambda tx: files.cases.withdraw(tx, case.id, by="customer", at=files.clock()))
    file = await files.cases.load(case.number)
    assert {clock.end for clock in file.clocks} == {ClockEnd.DROPPED}
    assert (file.tasks[0].state, file.case.promised_at) == (TaskState.DROPPED, None)


async def test_a_colleague_registers_and_the_customer_hears_the_number_with_the_next_step(files: Files) -> None:
    new = NewCase(
        **{
            **{name: getattr(COMPLAINT, name) for name in NewCase.__dataclass_fields__},
            "key": "by-hand",
            "kind": "repair",
            "severity": Severity.NORMAL,
        }
    )
    file = await files.handling.register(new, by=MEI)
    assert (file.case.step, file.case.status, file.history[0].by_name) == ("registered", CaseStatus.OPEN, "小梅")
    await files.handling.register(new, by=MEI)  # the form was sent twice
    assert [(record.action, record.account_id) for record in files.trail.records] == [("cases.opened", "agent-mei")]
    assert {clock.kind for clock in file.clocks} == {
        ClockKind.ACKNOWLEDGEMENT,
        ClockKind.FIRST_CONTACT,
        ClockKind.DECISION,
    }
    await files.go(file.case, "acknowledged")
    [letter] = files.letters.letters.values()
    assert (letter.code, letter.slots["number"]) == ("acknowledged", file.case.number)
    assert letter.slots["until"] == files.clock() + timedelta(hours=8)
    with pytest.raises(UnknownKind):
        await files.handling.register(a_complaint("x", kind="weather"), by=MEI)
    with pytest.raises(WordsMissing):
        await files.handling.register(a_complaint("x", what_happened=" \x00"), by=MEI)


async def test_a_customer_without_a_conversation_is_written_no_letter(files: Files) -> None:
    case = await files.open(a_complaint("a", conversation_id=None))
    await files.go(case, "waiting_customer")
    assert files.letters.letters == {}
