from __future__ import annotations

import asyncio

import pytest

from cases.contracts import CaseQuery, CaseStatus, Correction
from cases.refusals import CaseChanged, CommentTooLong, StepNotAllowed, UnknownCategory
from cases.settings import CaseSettings
from kit.contracts import Language
from kit.refusals import NotFound
from kit.sql import Database
from nlu.contracts import Severity
from staff.contracts import AuditRecord
from tests.cases.support import COMPLAINT, MEI, Files, a_complaint, build_files
from tests.support.clock import MovableClock


async def test_a_file_keeps_everything_that_was_known_when_it_was_opened(files: Files) -> None:
    case = await files.open()
    assert case.number == "TS2611-000001"
    assert case.status is CaseStatus.OPEN
    assert (case.words, case.rule, case.category_confidence) == (COMPLAINT.words, COMPLAINT.rule, 0.91)
    assert case.opened_at == case.updated_at == files.clock()
    assert await files.cases.of_conversation("talk-1") == (case,)


async def test_a_file_grows_with_what_the_customer_adds_and_the_history_says_what_and_when(files: Files) -> None:
    case = await files.open()
    files.clock.forward(minutes=1)
    await files.database.write(
        lambda tx: files.cases.amend(
            tx, case.id, by="customer", at=files.clock(), order_number="CJ2611-088213", wanted="换货", added="还漏水"
        )
    )
    file = await files.cases.load(case.number)
    assert (file.case.order_number, file.case.wanted) == ("CJ2611-088213", "换货")
    assert file.case.what_happened == f"{COMPLAINT.what_happened}\n还漏水"
    assert file.case.updated_at == files.clock()
    assert [(line.what, line.before, line.after, line.by) for line in file.history] == [
        ("opened", "", COMPLAINT.what_happened, "bot"),
        ("order_number", "", "CJ2611-088213", "customer"),
        ("wanted", "", "换货", "customer"),
        ("added", "", "还漏水", "customer"),
    ]
    assert file.version == 4


async def test_saying_the_same_again_changes_nothing(files: Files) -> None:
    case = await files.open()
    for _ in range(2):
        await files.database.write(
            lambda tx: files.cases.amend(tx, case.id, by="customer", at=files.clock(), contact="138 0000 6620")
        )
    assert (await files.cases.load(case.number)).version == 2


async def test_amendments_at_once_are_all_kept(files: Files) -> None:
    case = await files.open()

    async def add(text: str) -> None:
        await files.database.write(
            lambda tx: files.cases.amend(tx, case.id, by="customer", at=files.clock(), added=text)
        )

    await asyncio.gather(*(add(f"第{n}句") for n in range(10)))
    file = await files.cases.load(case.number)
    assert sorted(line.after for line in file.history[1:]) == sorted(f"第{n}句" for n in range(10))
    assert set(file.case.what_happened.split("\n")[1:]) == {f"第{n}句" for n in range(10)}


async def test_a_person_corrects_category_and_severity_and_what_the_classifier_read_stays_beside_it(
    files: Files,
) -> None:
    case = await files.open()
    correction = Correction(category="repair_warranty", severity=Severity.CRITICAL, comment="客户提到冒烟")
    file = await files.cases.correct(case.number, correction, by=MEI, version=1)

    assert (file.case.category, file.case.severity) == ("repair_warranty", Severity.CRITICAL)
    assert (file.read_category, file.read_severity) == ("product_quality", Severity.SERIOUS)
    assert [(line.what, line.before, line.after, line.by_name) for line in file.history[1:]] == [
        ("category", "product_quality", "repair_warranty", "小梅"),
        ("severity", "serious", "critical", "小梅"),
        ("level", "supervisor", "manager", "小梅"),
        ("comment", "", "客户提到冒烟", "小梅"),
    ]


async def test_every_change_by_hand_is_in_the_audit_trail(files: Files) -> None:
    case = await files.open()
    await files.cases.correct(case.number, Correction(severity=Severity.NORMAL), by=MEI, version=1)
    assert files.trail.records == [
        AuditRecord(
            at=files.clock(),
            account_id="agent-mei",
            action="cases.severity",
            subject="case:TS2611-000001",
            before="serious",
            after="normal",
        )
    ]


async def test_the_second_of_two_people_who_change_a_file_sees_what_changed_and_overwrites_nothing(
    files: Files,
) -> None:
    case = await files.open()
    tries = await asyncio.gather(
        files.cases.correct(case.number, Correction(severity=Severity.CRITICAL), by=MEI, version=1),
        files.cases.correct(case.number, Correction(severity=Severity.NORMAL), by=MEI, version=1),
        return_exceptions=True,
    )
    refused = [outcome for outcome in tries if isinstance(outcome, CaseChanged)]
    assert len(refused) == 1
    file = await files.cases.load(case.number)
    assert refused[0].details["severity"] == file.case.severity.value
    assert (refused[0].details["by"], refused[0].details["what"].split(",")[0]) == ("小梅", "severity")
    assert sum(line.what == "severity" for line in file.history) == 1


async def test_a_closed_file_cannot_be_withdrawn(files: Files) -> None:
    case = await files.open()
    await files.go(case, "confirmed", "assigned", "working", "decided", "told", "closed")
    with pytest.raises(StepNotAllowed):
        await files.database.write(lambda tx: files.cases.withdraw(tx, case.id, by="customer", at=files.clock()))
    assert (await files.cases.load(case.number)).case.status is CaseStatus.RESOLVED


async def test_withdrawing_twice_is_withdrawing_once(files: Files) -> None:
    case = await files.open()
    for _ in range(2):
        gone = await files.database.write(lambda tx: files.cases.withdraw(tx, case.id, by="customer", at=files.clock()))
        assert gone.status is CaseStatus.WITHDRAWN
    assert (await files.cases.load(case.number)).version == 2


async def test_wrong_corrections_are_refused_and_change_nothing(files: Files) -> None:
    case = await files.open()
    with pytest.raises(UnknownCategory):
        await files.cases.correct(case.number, Correction(category="weather"), by=MEI, version=1)
    with pytest.raises(CommentTooLong):
        await files.cases.correct(case.number, Correction(comment="长" * 2001), by=MEI, version=1)
    with pytest.raises(NotFound):
        await files.cases.correct("TS2611-999999", Correction(), by=MEI, version=1)
    await files.cases.correct(case.number, Correction(comment=" \x00\n "), by=MEI, version=1)
    assert (await files.cases.load(case.number)).version == 1


async def test_a_category_that_is_not_configured_any_more_is_kept_and_shown_by_its_name(
    sqlite_database: Database, clock: MovableClock
) -> None:
    files = build_files(sqlite_database, clock, CaseSettings(categories=CaseSettings().categories[1:]))
    case = await files.open()
    correction = Correction(category="product_quality", severity=Severity.NORMAL)
    file = await files.cases.correct(case.number, correction, by=MEI, version=1)
    assert file.case.severity is Severity.NORMAL
    assert CaseSettings().label("product_quality", Language.EN) == "Product quality"
    assert CaseSettings().label("weather", Language.EN) == "weather"


async def test_lists_are_filtered_and_paged_newest_first(database: Database, clock: MovableClock) -> None:
    files = build_files(database, clock, CaseSettings(list_limit=10))
    for number in range(25):
        clock.forward(minutes=1)
        severity = Severity.CRITICAL if number % 5 == 0 else Severity.NORMAL
        await files.open(a_complaint(f"k{number}", severity=severity, category="delivery" if number % 2 else "other"))

    first, last = await files.cases.page(CaseQuery()), await files.cases.page(CaseQuery(page=99))
    assert [case.number for case in first.cases][:2] == ["TS2611-000025", "TS2611-000024"]
    assert (first.total, first.page, first.pages, len(first.cases)) == (25, 1, 3, 10)
    assert (last.page, len(last.cases)) == (3, 5)
    critical = await files.cases.page(CaseQuery(severity=Severity.CRITICAL, category="delivery"))
    assert [case.number for case in critical.cases] == ["TS2611-000016", "TS2611-000006"]
    assert (await files.cases.page(CaseQuery(status=CaseStatus.RESOLVED))).total == 0


@pytest.mark.parametrize(
    ("text", "found"), [("ts2611-000001", 1), ("cj2611", 1), ("周", 2), ("%", 0), ("_", 0), ("nobody", 0)]
)
async def test_files_are_found_by_number_order_or_name(files: Files, text: str, found: int) -> None:
    await files.open(a_complaint("a", order_number="CJ2611-088213"))
    await files.open(a_complaint("b"))
    assert (await files.cases.page(CaseQuery(text=text))).total == found


async def test_files_of_another_conversation_are_never_among_ones_own(files: Files) -> None:
    mine = await files.open(a_complaint("a", conversation_id="talk-1"))
    files.clock.forward(seconds=1)
    newer = await files.open(a_complaint("b", conversation_id="talk-1"))
    await files.open(a_complaint("c", conversation_id="talk-2"))
    assert await files.cases.of_conversation("talk-1") == (newer, mine)
