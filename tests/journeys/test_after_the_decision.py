"""tests: both languages, in Telegram: a follow-up that asks until it is settled, a repair; anywhere: a foreign case."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import httpx
import pytest

from bot.settings import DeskSettings
from cases.adapters.follow_up_store import SqlFollowUpStore
from cases.contracts import Case, Closure, Level, NewCase, Stage
from cases.contracts.after_sales import NeedState
from cases.contracts.clocks import TaskState
from cases.contracts.reports import Span
from handoff.contracts import NoticeKind
from handoff.settings import Department
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts import Role
from tests.bot.test_entry_files import PNG
from tests.journeys.conftest import CHAT, Channels
from tests.journeys.customers import LOCALES, TelegramCustomer, heard, offered
from tests.journeys.test_both_channels import NUMBER, words
from tests.journeys.test_case_to_its_end import MEI, SAID, at_stage, go
from tests.journeys.test_telegram import PHOTO
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi
from tests.support.wait import until
from tests.support.web import PASSWORD, sign_in

NEW: dict[str, dict[Language, str]] = {
    "comes": {Language.ZH: "师傅明天上午来", Language.EN: "A technician comes tomorrow morning"},
    "parts": {Language.ZH: "配件", Language.EN: "part"},
    "repaired": {Language.ZH: "排水泵已更换", Language.EN: "The drain pump is replaced"},
    "survey": {Language.ZH: "您对这次维修服务满意吗", Language.EN: "satisfied are you with this repair"},
    "foreign": {Language.ZH: "{number} 到哪了，电话 13900001111", Language.EN: "where is {number}, phone 13900001111"},
    "no_file": {Language.ZH: "看不了图片", Language.EN: "can't open pictures"},
    "nothing": {Language.ZH: "没有找到编号", Language.EN: "I can't find"},
}


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """With a department for quality, which only colleagues ask for something."""
    desk = settings.handoff
    quality = Department(name="quality", zh="质量", en="Quality")
    return settings.model_copy(
        update={"handoff": desk.model_copy(update={"departments": (*desk.departments, quality)})}
    )


async def told_of(desk: RunningDesk, account_id: str, number: str, why: str, language: Language) -> int:
    """How often somebody was told of a case, and why."""
    words = desk.ground.texts(f"cases.alert.{why}", language)
    told = await desk.rooms.floor.notices.unread(account_id)
    return sum(one.kind is NoticeKind.CASE and number in one.text and words in one.text for one in told)


@pytest.fixture
def caller(api: FakeBotApi, language: Language) -> TelegramCustomer:
    """Somebody in Telegram."""
    return TelegramCustomer(api=api, chat=CHAT, language=language)


async def complained(desk: RunningDesk, caller: TelegramCustomer) -> Case:
    """The customer has complained and given the order number."""
    await caller.arrive()
    await caller.say(words("complaint", caller.language))
    found = NUMBER.search(await heard(caller, "TS"))
    assert found is not None
    await caller.say(words("order", caller.language))
    files = desk.rooms.cases.files

    async def order_is_filed() -> bool:
        return (await files.load(found[0])).case.order_number is not None

    await until(order_is_filed)
    return (await files.load(found[0])).case


async def a_colleague_asks(desk: RunningDesk, days: int, *answers: tuple[str, str]) -> None:
    """The follow-up that is due some days from now is made by telephone, with these answers."""
    follow_ups = desk.rooms.cases.follow_ups
    [one] = await SqlFollowUpStore(desk.ground.database).due(desk.ground.clock() + timedelta(days=days), limit=9)
    for question, answer in answers:
        await follow_ups.answer(one.id, question, answer, by=MEI)


async def test_a_follow_up_takes_the_complaint_up_again_until_it_is_settled(
    desk: RunningDesk, caller: TelegramCustomer, language: Language
) -> None:
    cases, clock = desk.rooms.cases, desk.ground.clock
    made = await desk.rooms.staff.create_account(
        name="boss", display_name="主管", roles=[Role.SUPERVISOR], language=language, password=PASSWORD
    )
    boss = made.account.id
    case = await complained(desk, caller)
    number = case.number
    file = await go(desk, number, "confirmed", "assigned", "working")
    due = clock() + timedelta(minutes=1)
    asked = {"department": "quality", "what": "检测压缩机", "due_at": due}
    file = await cases.handling.add_task(number, **asked, by=MEI, version=file.version)  # type: ignore[arg-type]
    [(_, task)] = await cases.promises.tasks(department="quality")
    assert task.what == "检测压缩机"
    await cases.promises.run_due(due + timedelta(minutes=1))
    late = await cases.files.load(number)
    assert late.case.level >= Level.SUPERVISOR
    assert "late_task" in {alert.why for found, alert in await cases.promises.unseen(up_to=late.case.level)}
    await cases.handling.end_task(number, late.tasks[0].id, TaskState.DONE, "压缩机坏了", by=MEI)
    await go(desk, number, "decided", "told", words=SAID["decision"][language])
    await offered(caller, SAID["no"][language])
    await caller.press(SAID["no"][language])
    await until(lambda: at_stage(desk, number, Stage.WORKING))
    # Whoever supervises hears of both by themselves, once, in their own language.
    for why in ("late_task", "objected"):
        assert await until(partial(told_of, desk, boss, number, why, language)) == 1
    await go(desk, number, "decided", "told", "follow_up", words=SAID["better"][language])

    await a_colleague_asks(desk, 2, ("solved", "no"))
    assert (await cases.files.load(number)).case.stage is Stage.WORKING
    before = len(caller.house())
    await go(desk, number, "decided", "told", "follow_up", words=SAID["better"][language])
    await a_colleague_asks(desk, 20, ("solved", "yes"), ("content", "yes"))
    closed = await cases.files.load(number)
    assert (closed.case.number, closed.case.closure) == (number, Closure.CONFIRMED)
    told = [line.after for line in closed.history if line.what == "follow_up"]
    assert told == ["unsolved", "reached"]

    await heard(caller, SAID["survey"][language], since=before)
    await caller.press("★★★★★")
    await heard(caller, SAID["easy"][language], since=before)
    report = (await cases.reports.show(cases.reports.period(Span.MONTH))).report
    assert (report.confirmed, report.came_back, report.satisfaction[0].value) == (1, 0, 1.0)


async def test_a_picture_sent_in_the_chat_is_evidence_of_the_complaint(
    desk: RunningDesk, api: FakeBotApi, caller: TelegramCustomer, language: Language
) -> None:
    api.files["A"] = PNG
    await caller.arrive()
    await heard(caller, words("hello", language))
    api.send(CHAT, language=LOCALES[language], photo=PHOTO)
    await heard(caller, NEW["no_file"][language])
    case = await complained(desk, caller)
    before = len(caller.house())
    api.send(CHAT, language=LOCALES[language], photo=PHOTO)
    await heard(caller, case.number, since=before)
    file = await desk.rooms.cases.files.load(case.number)
    assert [line.by for line in file.history if line.what == "evidence"] == ["customer", "customer"]
    await desk.rooms.staff.create_account(
        name="mei", display_name="小梅", roles=[Role.AGENT], language=language, password=PASSWORD
    )
    async with httpx.AsyncClient(base_url=desk.url, follow_redirects=True) as browser:
        await sign_in(browser, "mei")
        page = (await browser.get(f"/cases/{case.number}")).text
        [first, _] = re.findall(rf'href="(/cases/{case.number}/files/[^"]+)"', page)
        assert (await browser.get(first)).content == PNG


async def test_a_repair_waits_for_a_part_and_a_visit_and_its_customer_hears_of_both(
    desk: RunningDesk, caller: TelegramCustomer, language: Language
) -> None:
    rooms, clock = desk.rooms.cases, desk.ground.clock
    talk = (await complained(desk, caller)).conversation_id
    new = NewCase(
        key="repair",
        kind="repair",
        conversation_id=talk,
        customer_name="周先生",
        language=language,
        category="repair_warranty",
        category_confidence=1.0,
        severity=Severity.NORMAL,
        severity_confidence=1.0,
        rule=None,
        what_happened="洗衣机不排水",
    )
    number = (await desk.ground.database.write(lambda tx: rooms.files.open(tx, new, at=clock()))).number
    await go(desk, number, "confirmed", "working")
    await rooms.after_sales.set_product(number, "washer", clock().date() - timedelta(days=90), by=MEI)
    before = len(caller.house())
    await rooms.after_sales.need(number, "drain_pump", 1, by=MEI)
    assert (await rooms.files.load(number)).case.stage is Stage.WAITING
    await heard(caller, NEW["parts"][language], since=before)
    await rooms.after_sales.move_stock("drain_pump", 1, "", key="stock:01", by=MEI)
    file = await rooms.files.load(number)
    assert file.case.stage is Stage.WORKING
    begins, _ = (await rooms.after_sales.free_visits(file.case))[0]
    before = len(caller.house())
    await rooms.after_sales.book(number, begins, by=MEI)
    await go(desk, number, "visit", words=NEW["comes"][language])
    await heard(caller, NEW["comes"][language], since=before)
    repair = await rooms.after_sales.repair(file.case)
    assert len(repair.visits) == 1
    assert repair.needs[0].state is NeedState.RESERVED
    await rooms.after_sales.end_need(number, repair.needs[0].id, used=True, by=MEI)
    await go(desk, number, "decided", "told", words=NEW["repaired"][language])
    await heard(caller, NEW["repaired"][language], since=before)
    await caller.press(SAID["settled"][language])
    await until(lambda: at_stage(desk, number, Stage.CLOSED))
    await heard(caller, NEW["survey"][language], since=before)


async def test_whoever_asks_for_somebody_elses_case_hears_what_they_hear_of_none(
    desk: RunningDesk, caller: TelegramCustomer, channels: Channels, channel: str, language: Language
) -> None:
    number = (await complained(desk, caller)).number
    answers = []
    for which, asked in enumerate((number, "TS2611-999999"), start=1):
        stranger = await channels.customer(channel, language, number=which)
        await stranger.arrive()
        await stranger.say(NEW["foreign"][language].format(number=asked))
        answer = await heard(stranger, NEW["nothing"][language])
        answers.append(answer.replace(asked, ""))
    assert answers[0] == answers[1]
