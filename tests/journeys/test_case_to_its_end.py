"""tests: a complaint carried to its end, on the website and in Telegram, in both languages.

Complaint, facts, department's task, late and escalated, decision told, objection, supervisor, second decision, settled.
"""

from __future__ import annotations

from datetime import timedelta

from cases.contracts import CaseFile, Closure, Editor, Level, Move, Stage
from cases.contracts.clocks import TaskState
from cases.contracts.reports import Span
from cases.contracts.surveys import SurveyViewer
from handoff.contracts import Agent
from kit.contracts import Language
from tests.journeys.customers import Customer, heard, offered
from tests.journeys.test_both_channels import NUMBER, words
from tests.support.desk import RunningDesk
from tests.support.wait import until

MEI = Editor(id="agent-mei", name="小梅")
SAID: dict[str, dict[Language, str]] = {
    "decision": {Language.ZH: "给您换一台新冰箱", Language.EN: "You get a new fridge"},
    "better": {Language.ZH: "换新并退还运费", Language.EN: "A new fridge and your postage back"},
    "status": {Language.ZH: "我的投诉处理得怎么样了", Language.EN: "where is my complaint"},
    "working": {Language.ZH: "处理中", Language.EN: "in hand"},
    "settled": {Language.ZH: "已解决", Language.EN: "It is settled"},
    "no": {Language.ZH: "不认可", Language.EN: "I do not agree"},
    "again": {Language.ZH: "由主管重新处理", Language.EN: "A supervisor will look"},
    "closed": {Language.ZH: "已结案", Language.EN: "is closed"},
    "survey": {Language.ZH: "您对这次处理满意吗", Language.EN: "how this was handled"},
    "easy": {Language.ZH: "容易吗", Language.EN: "How easy"},
}


async def go(desk: RunningDesk, number: str, *steps: str, words: str = "") -> CaseFile:
    file = await desk.rooms.cases.files.load(number)
    for step in steps:
        move = Move(to=step, words=words, decision=words, grounds="三天内故障")
        file = await desk.rooms.cases.handling.move(number, move, by=MEI, version=file.version)
    return file


async def at_stage(desk: RunningDesk, number: str, stage: Stage) -> bool:
    return (await desk.rooms.cases.files.load(number)).case.stage is stage


async def test_a_complaint_is_carried_to_its_end(
    desk: RunningDesk, customer: Customer, agent: Agent, language: Language
) -> None:
    cases = desk.rooms.cases
    await customer.arrive()
    await customer.say(words("complaint", language))
    found = NUMBER.search(await heard(customer, "TS"))
    assert found is not None
    number = found[0]
    await customer.say(words("order", language))

    async def order_is_filed() -> bool:
        return (await cases.files.load(number)).case.order_number is not None

    await until(order_is_filed)  # whoever works on a file while the customer adds to it is told so
    file = await go(desk, number, "confirmed", "assigned", "working")
    before = len(customer.house())
    await customer.say(SAID["status"][language])
    assert number in await heard(customer, SAID["working"][language], since=before)
    file = await cases.handling.add_task(
        number,
        department="technical_support",
        what="检测压缩机",
        due_at=desk.ground.clock() + timedelta(minutes=1),
        by=MEI,
        version=file.version,
    )
    assert await cases.promises.run_due(desk.ground.clock() + timedelta(minutes=2)) == 1
    late = await cases.files.load(number)
    assert late.case.level >= Level.SUPERVISOR
    assert "late" in {line.what for line in late.history}
    await cases.handling.end_task(number, late.tasks[0].id, TaskState.DONE, "压缩机坏了", by=MEI)

    await go(desk, number, "decided", "told", words=SAID["decision"][language])
    await heard(customer, SAID["decision"][language])
    await offered(customer, SAID["no"][language])
    await customer.press(SAID["no"][language])
    await heard(customer, SAID["again"][language])
    await until(lambda: at_stage(desk, number, Stage.WORKING))
    assert "objected" in {alert.why for _, alert in await cases.promises.unseen(up_to=Level.SUPERVISOR)}

    before = len(customer.house())
    await go(desk, number, "decided", "told", words=SAID["better"][language])
    await heard(customer, SAID["better"][language], since=before)
    await customer.press(SAID["settled"][language])
    await heard(customer, SAID["closed"][language], since=before)
    await until(lambda: at_stage(desk, number, Stage.CLOSED))
    closed = (await cases.files.load(number)).case
    assert (closed.number, closed.closure, closed.decision) == (number, Closure.CONFIRMED, SAID["better"][language])
    assert sum(SAID["better"][language] in text for text in customer.house()) == 1

    await heard(customer, SAID["survey"][language], since=before)
    await offered(customer, "★★★★☆")
    await customer.press("★★★★☆")
    await heard(customer, SAID["easy"][language], since=before)
    [(survey, answers)] = await cases.results.of_case(closed.id, SurveyViewer(id="boss", watches=True))
    assert [(answer.question, answer.value) for answer in answers] == [("satisfied", 4)]
    assert survey.conversation_id == closed.conversation_id
    report = (await cases.reports.show(cases.reports.period(Span.MONTH))).report
    assert (report.confirmed, report.satisfaction[0].value) == (1, 1.0)
