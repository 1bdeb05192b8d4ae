"""tests: a file outside what somebody may see is, for them, a file that does not exist; and who looked is noted."""

from __future__ import annotations

import pytest

from cases.contracts import Case, CaseQuery, Correction, Editor, Level, Move
from cases.contracts.clocks import TaskState
from cases.contracts.linked import LinkKind
from cases.contracts.reports import CauseKind
from kit.contracts import Language
from kit.refusals import NotFound
from nlu.contracts import Severity
from staff.contracts import Role
from staff.contracts.sight import Scope, Sight
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint
from tests.cases.test_evidence import PNG

QUALITY, SALES = "technical_support", "after_sales"


def editor(*departments: str, scope: Scope = Scope.TEAM, account: str = "agent-li") -> Editor:
    return Editor(
        id=account, name="小李", sight=Sight(account_id=account, scope=scope, departments=frozenset(departments))
    )


async def some(files: Files) -> dict[str, Case]:
    """A file of complaints, one of after-sales, one whose person is Li, one that asks Li's department, Li's own."""
    named = {
        name: await files.open(a_complaint(name, severity=Severity.NORMAL))
        for name in ("complaints", "sales", "assigned", "asked")
    }
    await files.go(named["sales"], "confirmed", "assigned")
    version = (await files.cases.load(named["sales"].number)).version
    move = Move(to="working", department=SALES)
    await files.handling.move(named["sales"].number, move, by=MEI, version=version)
    mine = Move(to="confirmed", assignee=editor())
    await files.handling.move(named["assigned"].number, mine, by=MEI, version=1)
    await files.handling.add_task(
        named["asked"].number, department=QUALITY, what="检测主板", due_at=None, by=MEI, version=1
    )
    opened = await files.handling.register(a_complaint("opened", conversation_id=None), by=editor(QUALITY))
    return named | {"opened": opened.case}


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (editor(SALES, scope=Scope.ALL), {"complaints", "sales", "assigned", "asked", "opened"}),
        (editor(), {"complaints", "sales", "assigned", "asked", "opened"}),
        (editor(SALES), {"sales", "assigned", "opened"}),
        (editor(QUALITY), {"assigned", "asked", "opened"}),
        (editor(SALES, account="agent-wu"), {"sales"}),
        (editor("complaints", scope=Scope.OWN), {"complaints", "assigned", "asked", "opened"}),
        (editor("complaints", scope=Scope.OWN, account="agent-wu"), {"complaints", "asked", "opened"}),
        (editor("consultation", account="agent-wu"), set()),
    ],
)
async def test_lists_and_opening_agree_on_what_somebody_sees(files: Files, by: Editor, names: set[str]) -> None:
    every = await some(files)
    page = await files.cases.page(CaseQuery(), sight=by.sight)
    assert {case.number for case in page.cases} == {every[name].number for name in names}
    assert page.total == len(names)
    for name, case in every.items():
        assert await files.cases.sees(case.number, by.sight) is (name in names)


async def test_every_change_of_a_file_one_does_not_see_is_refused_as_if_it_were_not_there(files: Files) -> None:
    case = (await some(files))["complaints"]
    stranger, number = editor(SALES, account="agent-wu"), case.number
    later = files.clock().replace(year=2027)
    for attempt in (
        files.cases.correct(number, Correction(comment="x"), by=stranger, version=1),
        files.handling.move(number, Move(to="confirmed"), by=stranger, version=1),
        files.handling.add_words(number, "x", by=stranger),
        files.handling.add_task(number, department=SALES, what="x", due_at=None, by=stranger, version=1),
        files.handling.end_task(number, "x", TaskState.DONE, "x", by=stranger),
        files.handling.promise(number, text="x", due_at=later, by=stranger, version=1),
        files.handling.end_promise(number, "x", kept=True, by=stranger),
        files.attaching.add(number, name="a.png", content=PNG, by=stranger),
        files.handling.give(number, department=SALES, to=stranger, by=stranger, version=1),
        files.linking.link(number, LinkKind.ARTICLE, "art-1", by=stranger, language=Language.ZH),
        files.linking.take_off(number, "x", by=stranger),
        files.after_sales.set_product(number, "washer", None, by=stranger),
        files.causes.name(number, kind=CauseKind.CAUSE, product="", what="x", by=stranger),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await files.cases.load(number)).version == 1
    with pytest.raises(NotFound):  # also when the file went to others between looking and saving
        await files.keeper.commit(case.id, lambda draft: draft.note("comment", "x"), by=stranger, at=files.clock())


async def test_lists_of_promises_tasks_alerts_and_examples_keep_to_the_scope(files: Files) -> None:
    every = await some(files)
    quality, stranger = editor(QUALITY), editor("consultation", account="agent-wu")
    await files.causes.name(every["complaints"].number, kind=CauseKind.CAUSE, product="", what="主板虚焊", by=MEI)
    files.clock.forward(hours=30)
    await files.promises.run_due(files.clock())
    asked, opened = every["asked"].number, every["opened"].number
    assert {each.case.number for each in await files.promises.at_risk(sight=quality.sight)} >= {asked, opened}
    assert every["complaints"].number not in {
        each.case.number for each in await files.promises.at_risk(sight=quality.sight)
    }
    assert [case.number for case, _ in await files.promises.tasks(sight=quality.sight)] == [asked]
    for found in (
        await files.promises.at_risk(sight=stranger.sight),
        await files.promises.tasks(sight=stranger.sight),
        await files.promises.unseen(up_to=Level.MANAGER, sight=stranger.sight),
    ):
        assert found == ()
    [counted] = await files.causes.counts(sight=stranger.sight)
    assert (counted.count, counted.examples) == (1, ())


async def test_a_file_of_others_and_one_that_does_not_exist_get_the_same_answer(office: Office) -> None:
    case = await office.files.open()
    kept = await office.files.attaching.add(case.number, name="a.png", content=PNG, by=MEI)
    for language in Language:
        account = f"wu-{language.value}"
        async with office.signed_in(Role.AGENT, Role.SUPERVISOR, name=account, language=language) as client:
            [one] = [each for each in await office.house.staff.accounts() if each.name == account]
            office.sights.limit(one.id, "consultation")
            assert case.number not in (await client.get("/cases")).text
            for path in ("/cases/{}", "/case-evidence/{}/" + kept.id):
                there, nowhere = [await client.get(path.format(number)) for number in (case.number, "TS2611-999999")]
                assert there.status_code == nowhere.status_code == 404
                assert there.text.replace(case.number, "") == nowhere.text.replace("TS2611-999999", "")
            form = {"version": 1, "to": "confirmed"}
            assert (await client.post(f"/cases/{case.number}/step", data=form)).status_code == 404
            assert (await client.get("/cases/reports")).status_code == 403  # a report is about the whole house


async def test_whoever_gives_a_file_to_others_is_told_and_sees_it_no_more(office: Office) -> None:
    case = await office.files.open(a_complaint("n", severity=Severity.NORMAL))
    await office.files.go(case, "confirmed", "assigned")
    async with office.signed_in() as client:
        [one] = await office.house.staff.accounts()
        office.sights.limit(one.id, "complaints")
        version = (await office.files.cases.load(case.number)).version
        form = {"version": version, "to": "working", "department": SALES}
        answer = await client.post(f"/cases/{case.number}/step", data=form)
        assert answer.headers["location"] == "/cases?passed_on"
        assert "with another department" in (await client.get("/cases?passed_on")).text
        assert (await client.get(f"/cases/{case.number}")).status_code == 404


async def test_who_opens_a_file_or_its_evidence_stands_in_the_audit_trail(office: Office) -> None:
    case = await office.files.open()
    kept = await office.files.attaching.add(case.number, name="a.png", content=PNG, by=MEI)
    async with office.signed_in() as client:
        await client.get(f"/cases/{case.number}")
        await client.get(f"/case-evidence/{case.number}/{kept.id}")
        await client.get("/cases/TS2611-999999")
    trail = (await office.house.staff.audit_page(before=None)).records
    read = [(line.action, line.subject, line.after) for line in trail if line.action.endswith("read")]
    assert read == [
        ("cases.evidence_read", f"case:{case.number}", "a.png"),
        ("cases.read", f"case:{case.number}", ""),
    ]
