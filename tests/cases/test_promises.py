"""tests: promises as clocks, with a clock that only moves when the test moves it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from cases.contracts import CaseStatus, Closure, Level
from cases.contracts.clocks import ClockEnd, ClockKind
from nlu.contracts import Severity
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_handling import TO_TOLD, TO_WORK

NORMAL = a_complaint("normal", severity=Severity.NORMAL)


async def sweep(files: Files) -> int:
    return await files.promises.run_due(files.clock())


async def test_a_promise_is_in_open_time_and_the_customer_can_be_told_it(files: Files) -> None:
    files.clock.forward(hours=8)  # 18:00 of a Saturday; the desk closes at 22:00 and opens at 08:30
    case = await files.open(NORMAL)
    assert case.promised_at == files.clock() + timedelta(hours=4 + 10.5 + 4)


async def test_a_worse_file_is_promised_more_and_hears_of_it_higher_up(files: Files) -> None:
    serious, critical = await files.open(), await files.open(a_complaint("b", severity=Severity.CRITICAL))
    assert serious.promised_at == files.clock() + timedelta(hours=2)
    assert critical.promised_at == files.clock() + timedelta(minutes=30)
    assert [(case.number, alert.to) for case, alert in await files.promises.unseen(up_to=Level.SUPERVISOR)] == [
        (serious.number, Level.SUPERVISOR)
    ]
    assert len(await files.promises.unseen(up_to=Level.MANAGER)) == 2


async def test_a_file_that_gets_worse_is_hurried_from_its_beginning(files: Files) -> None:
    case = await files.open(NORMAL)
    began = files.clock()
    files.clock.forward(minutes=10)
    await files.database.write(
        lambda tx: files.cases.amend(tx, case.id, by="customer", at=files.clock(), severity=Severity.CRITICAL)
    )
    file = await files.cases.load(case.number)
    assert (file.case.level, file.case.promised_at) == (Level.MANAGER, began + timedelta(minutes=30))


async def test_a_late_promise_climbs_the_ladder_rung_by_rung_and_each_is_heard_once(files: Files) -> None:
    case = await files.open(NORMAL)
    files.clock.forward(hours=7.9)
    assert await sweep(files) == 0
    [watched] = await files.promises.at_risk()
    assert (watched.case.number, watched.clock.kind) == (case.number, ClockKind.FIRST_CONTACT)
    files.clock.forward(hours=0.1)
    assert [await sweep(files), await sweep(files)] == [1, 0]
    file = await files.cases.load(case.number)
    assert file.case.level is Level.SUPERVISOR
    assert [(line.what, line.by) for line in file.history[1:]] == [("late", "house"), ("level", "house")]
    files.clock.forward(hours=4)
    assert [await sweep(files), await sweep(files)] == [1, 0]
    assert (await files.cases.load(case.number)).case.level is Level.MANAGER
    alerts = await files.promises.unseen(up_to=Level.MANAGER)
    assert [alert.why for _, alert in alerts] == ["late_first_contact"] * 2


async def test_two_workers_that_look_at_once_escalate_once(files: Files) -> None:
    await files.open(NORMAL)
    files.clock.forward(hours=8)
    assert sum(await asyncio.gather(*(sweep(files) for _ in range(4)))) == 1
    assert len(await files.promises.unseen(up_to=Level.MANAGER)) == 1


async def test_after_a_standstill_the_highest_rung_is_heard_not_each(files: Files) -> None:
    case = await files.open(NORMAL)
    await files.go(case, "confirmed")  # only the decision is left, three days of open time
    files.clock.forward(days=10)
    assert await sweep(files) == 1
    assert [alert.to for _, alert in await files.promises.unseen(up_to=Level.MANAGER)] == [Level.MANAGER]


async def test_a_promise_kept_in_time_is_told_from_one_kept_late(files: Files) -> None:
    case = await files.open(NORMAL)
    files.clock.forward(hours=8)
    await files.go(case, "confirmed")
    late = await files.open(a_complaint("late", severity=Severity.NORMAL))
    files.clock.forward(days=1)
    await files.go(late, "confirmed")
    ends = []
    for each in (case, late):
        file = await files.cases.load(each.number)
        ends += [clock.end for clock in file.clocks if clock.kind is ClockKind.FIRST_CONTACT]
    assert ends == [ClockEnd.KEPT, ClockEnd.LATE]


async def test_time_rests_while_the_customer_is_asked(files: Files) -> None:
    case = await files.open(NORMAL)
    before = (await files.go(case, *TO_WORK)).case.promised_at
    waiting = await files.go(case, "waiting_customer")
    assert waiting.case.promised_at is None
    files.clock.forward(days=30)
    assert await sweep(files) == 0
    resumed = await files.go(case, "working")
    assert before is not None
    assert resumed.case.promised_at == before + timedelta(days=30)


async def test_silence_after_a_decision_closes_a_file_and_is_told_from_a_yes(files: Files) -> None:
    silent, confirmed = await files.open(NORMAL), await files.open(a_complaint("b", severity=Severity.NORMAL))
    for case in (silent, confirmed):
        await files.go(case, *TO_TOLD)
    await files.customer_says(confirmed, settled=True)
    files.clock.forward(days=6.9)
    assert await sweep(files) == 0
    files.clock.forward(days=0.1)
    assert await sweep(files) == 1
    closures = [(await files.cases.load(case.number)).case.closure for case in (silent, confirmed)]
    assert closures == [Closure.SILENCE, Closure.CONFIRMED]
    assert files.letters.codes() == ["decided", "decided", "silence"]
    reopened = await files.customer_says(silent, settled=False)
    assert (reopened.status, reopened.reopened, reopened.closure) == (CaseStatus.IN_PROGRESS, 1, None)
    assert reopened.promised_at is not None


async def test_a_promise_made_by_a_person_is_a_clock_of_its_own(files: Files) -> None:
    case = await files.open(NORMAL)
    due = files.clock() + timedelta(hours=3)
    file = await files.handling.promise(case.number, text="下午一点前回电", due_at=due, by=MEI, version=1)
    assert file.case.promised_at == due
    promise = next(clock for clock in file.clocks if clock.kind is ClockKind.CALL_BACK)
    files.clock.forward(hours=3)
    assert await sweep(files) == 1
    assert [alert.why for _, alert in await files.promises.unseen(up_to=Level.MANAGER)] == ["late_call_back"]
    kept = await files.handling.end_promise(case.number, promise.id, kept=True, by=MEI)
    assert next(clock for clock in kept.clocks if clock.id == promise.id).end is ClockEnd.KEPT
    assert kept.history[-1].what == "promise_kept"


async def test_a_promise_made_in_the_chat_is_a_clock_of_the_open_file(files: Files) -> None:
    over, case = await files.open(a_complaint("a")), await files.open(NORMAL)
    await files.database.write(lambda tx: files.cases.withdraw(tx, over.id, by="customer", at=files.clock()))

    async def say(text: str, conversation: str = "talk-1") -> bool:
        return await files.database.write(
            lambda tx: files.ears.overhear(tx, conversation, text, by=MEI, at=files.clock())
        )

    assert not await say("我们会尽快联系您。")
    assert not await say("我们会在下午1点前给您回电。", "talk-of-somebody-else")
    assert await say("我们会在下午1点前给您回电。")
    file = await files.cases.load(case.number)
    assert file.case.promised_at == files.clock() + timedelta(hours=3)
    assert (file.history[-1].what, file.history[-1].by_name) == ("promise", "小梅")
    assert (await files.cases.load(over.number)).version == 2


async def test_an_overdue_task_is_escalated_and_stands_on_its_departments_list(files: Files) -> None:
    case = await files.open(NORMAL)
    due = files.clock() + timedelta(hours=1)
    await files.handling.add_task(
        case.number, department="technical_support", what="检测主板", due_at=due, by=MEI, version=1
    )
    assert [task.what for _, task in await files.promises.tasks(department="technical_support")] == ["检测主板"]
    assert await files.promises.tasks(department="complaints") == ()
    files.clock.forward(hours=1)
    assert await sweep(files) == 1
    assert (await files.cases.load(case.number)).case.level is Level.SUPERVISOR


async def test_an_alert_is_seen_once(files: Files) -> None:
    await files.open()
    [(_, alert)] = await files.promises.unseen(up_to=Level.MANAGER)
    assert [await files.promises.see([alert.id], by=MEI) for _ in range(2)] == [1, 0]
    assert await files.promises.unseen(up_to=Level.MANAGER) == ()


async def test_the_list_at_risk_is_of_one_department_where_one_is_named(files: Files) -> None:
    case = await files.open(NORMAL)
    files.clock.forward(hours=9)
    assert [each.case.id for each in await files.promises.at_risk(department="complaints")] == [case.id]
    assert await files.promises.at_risk(department="after_sales") == ()
