"""Promised answers as cases: in the complaint that is open, else in a file of their own."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.desk_files import DeskFiles
from bot.render import Wording
from cases.contracts import CaseStatus
from handoff.contracts import Handoff, HandoffReason, HandoffState, Placing, Promise, PromiseKind, PromiseState, Urgency
from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from nlu.contracts import Severity
from tests.cases.support import Files as Office
from tests.cases.support import a_complaint, build_files
from tests.handoff.asking import a_packet
from tests.support.clock import START, MovableClock

PROMISE = Promise(
    id="promise-1",
    conversation_id="talk-1",
    handoff_id="handoff-1",
    department="consultation",
    kind=PromiseKind.MESSAGE,
    begins_at=START,
    due_by=START,
    number="",
    contact="13800138000",
    state=PromiseState.OPEN,
    made_at=START,
)
HANDOFF = Handoff(
    id="handoff-1",
    conversation_id="talk-1",
    customer_name="周先生",
    channel="web",
    reason=HandoffReason.ASKED,
    urgency=Urgency.SERIOUS,
    language=Language.ZH,
    state=HandoffState.WAITING,
    packet=a_packet("想换货"),
    asked_at=START,
    returned_to_queue=0,
    agent_id=None,
    agent_name=None,
    claimed_at=None,
    ended_at=None,
    epoch=1,
    placing=Placing(
        department="consultation", skill=None, key_account=False, named_agent_id=None, answer_by=START, why=()
    ),
)


@pytest.fixture
def office(database: Database, clock: MovableClock) -> Office:
    return build_files(database, clock)


@pytest.fixture
def files(office: Office, texts: Texts) -> DeskFiles:
    return DeskFiles(cases=office.cases, wording=Wording(texts=texts, categories={}, zone=ZoneInfo("Asia/Shanghai")))


async def test_a_promise_of_no_complaint_gets_a_file_with_words_time_and_contact(
    office: Office, files: DeskFiles
) -> None:
    number = await office.database.write(lambda tx: files.file(tx, HANDOFF, PROMISE, "请回电", at=START))
    case = (await office.cases.load(number)).case
    assert case.what_happened == "想换货\n请回电\n客户留言，承诺 2026-11-21 10:00 前回复。"
    assert (case.contact, case.order_number, case.severity) == ("13800138000", "CJ2611-088213", Severity.SERIOUS)
    assert await office.database.write(lambda tx: files.file(tx, HANDOFF, PROMISE, "请回电", at=START)) == number


async def test_a_promise_is_added_to_the_complaint_that_is_open(office: Office, files: DeskFiles) -> None:
    filed = await office.database.write(lambda tx: office.cases.open(tx, a_complaint("turn-1"), at=START))
    callback = replace(PROMISE, kind=PromiseKind.CALLBACK, contact=None)
    number = await office.database.write(lambda tx: files.file(tx, HANDOFF, callback, "", at=START))
    case = (await office.cases.load(number)).case
    assert (number, case.status) == (filed.number, CaseStatus.OPEN)
    assert case.what_happened.endswith("客户约在 2026-11-21 10:00 联系。")
    promise = replace(callback, number=number)
    await office.database.write(lambda tx: files.add_contact(tx, promise, "13900139000", at=START))
    assert (await office.cases.load(number)).case.contact == "13900139000"


@pytest.mark.parametrize("typed", ["13800138000", "CJ2611088213", "ts2611000001"])
async def test_a_number_on_a_file_leads_to_the_conversation_it_was_given_in(
    office: Office, files: DeskFiles, typed: str
) -> None:
    contact = "138 0013-8000"
    await office.open(a_complaint("turn-1", contact=contact, order_number="CJ2611-088213"))
    await office.open(a_complaint("turn-2", contact="13900139000", conversation_id="talk-2"))
    await office.open(a_complaint("turn-3", contact=contact, conversation_id=None))
    assert await files.talks_with(typed) == ("talk-1",)
