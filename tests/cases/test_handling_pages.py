"""tests: the pages on which colleagues carry a file on: steps, tasks, promises, a file by hand, the watch list."""

from __future__ import annotations

import re

import pytest

from cases.contracts import Level
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts import Role
from tests.cases.office import Office
from tests.cases.support import MEI, a_complaint

NORMAL = a_complaint("normal", severity=Severity.NORMAL)


async def test_a_file_is_carried_to_a_decision_with_the_forms_of_its_page(office: Office) -> None:
    case = await office.files.open(NORMAL)
    steps = [{"to": "confirmed"}, {"to": "assigned", "mine": "true"}, {"to": "working", "department": "after_sales"}]
    decision = {"to": "decided", "decision": "换新机", "grounds": "三天内故障"}
    async with office.signed_in() as client:
        for form in [*steps, decision, {"to": "told", "words": "给您换新机"}]:
            page = (await client.get(f"/cases/{case.number}")).text
            assert f'name="to" value="{form["to"]}"' in page
            version = re.findall(r'name="version" value="(\d+)"', page)[0]
            answer = await client.post(f"/cases/{case.number}/step", data={"version": version, **form})
            assert answer.status_code == 303
        page = (await client.get(f"/cases/{case.number}")).text
    assert "Customer told" in page
    assert "Acknowledged → Facts confirmed" in page
    assert "Complaints → After-sales" in page
    assert "换新机" in page
    assert office.files.letters.codes() == ["decided"]


async def test_what_a_step_still_needs_is_said_and_what_was_typed_is_kept(office: Office) -> None:
    case = await office.files.open(NORMAL)
    file = await office.files.go(case, "confirmed", "assigned", "working")
    async with office.signed_in() as client:
        form = {"version": file.version, "to": "decided", "decision": "我写了很久的决定", "grounds": ""}
        answer = await client.post(f"/cases/{case.number}/step", data=form)
    assert answer.status_code == 422
    assert "我写了很久的决定" in answer.text
    assert "This needs some words" in answer.text


async def test_a_department_is_asked_and_answers(office: Office) -> None:
    case = await office.files.open(NORMAL)
    async with office.signed_in() as client:
        form = {"version": 1, "department": "technical_support", "what": "检测主板", "due_at": "2026-11-23T18:00"}
        assert (await client.post(f"/cases/{case.number}/tasks", data=form)).status_code == 303
        [task] = (await office.files.cases.load(case.number)).tasks
        watch = (await client.get("/cases/watch", params={"department": "technical_support"})).text
        assert "检测主板" in watch
        done = {"state": "done", "outcome": "主板虚焊"}
        assert (await client.post(f"/cases/{case.number}/tasks/{task.id}", data=done)).status_code == 303
        again = await client.post(f"/cases/{case.number}/tasks/{task.id}", data=done)
        assert again.status_code == 409
        for bad in ({**form, "due_at": "gestern"}, {**form, "due_at": "2020-01-01T00:00"}, {**form, "department": "x"}):
            assert (await client.post(f"/cases/{case.number}/tasks", data={**bad, "version": 3})).status_code == 422
    assert task.due_at.isoformat() == "2026-11-23T10:00:00+00:00"
    assert "主板虚焊" in again.text


async def test_a_promise_is_noted_and_kept(office: Office) -> None:
    case = await office.files.open(NORMAL)
    async with office.signed_in() as client:
        form = {"version": 1, "text": "六点前回电", "due_at": "2026-11-21T18:00"}
        assert (await client.post(f"/cases/{case.number}/promises", data=form)).status_code == 303
        clock = next(clock for clock in (await office.files.cases.load(case.number)).clocks if clock.text)
        assert "六点前回电" in (await client.get(f"/cases/{case.number}")).text
        kept = await client.post(f"/cases/{case.number}/promises/{clock.id}", data={"kept": "true"})
        assert kept.status_code == 303
        assert (await client.post(f"/cases/{case.number}/promises/nobody", data={"kept": "true"})).status_code == 404


async def test_a_file_by_hand_is_one_file_however_often_the_form_is_sent(office: Office) -> None:
    async with office.signed_in() as client:
        page = (await client.get("/cases/new")).text
        [key] = re.findall(r'name="key" value="([^"]+)"', page)
        form = {
            "key": key,
            "kind": "repair",
            "category": "repair_warranty",
            "severity": "normal",
            "language": "zh",
            "what_happened": "洗衣机漏水",
            "contact": "138 0000 6620",
        }
        empty = await client.post("/cases/new", data={**form, "what_happened": " "})
        assert empty.status_code == 422
        assert "138 0000 6620" in empty.text
        answers = [await client.post("/cases/new", data=form) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {"/cases/TS2611-000001?saved"}
    file = await office.files.cases.load("TS2611-000001")
    assert (file.case.kind, file.case.step, file.history[0].by_name) == ("repair", "registered", "Mei")


@pytest.mark.parametrize("language", list(Language))
async def test_the_watch_list_says_what_is_late_and_to_whom_it_went(
    office: Office,
    language: Language,
) -> None:
    late = await office.files.open(NORMAL)
    critical = await office.files.open(a_complaint("c", severity=Severity.CRITICAL))
    office.files.clock.forward(hours=9)
    await office.files.promises.run_due(office.files.clock())
    async with office.signed_in(Role.SUPERVISOR, name="lin", language=language) as client:
        page = (await client.get("/cases/watch")).text
        assert f"/cases/{late.number}" in page
        assert {"zh": "首次联系", "en": "First contact"}[language.value] in page
        alerts = re.findall(r'name="alert" value="([^"]+)"', page)
        assert len(alerts) == 1  # what went to the manager is the manager's
        assert (await client.post("/cases/watch", data={"alert": alerts})).status_code == 303
        assert 'name="alert"' not in (await client.get("/cases/watch")).text
    async with office.signed_in(Role.SUPERVISOR, name="boss", language=language) as client:
        page = (await client.get("/cases/watch")).text
        assert len(re.findall(r'name="alert"', page)) >= 2
        assert critical.number in page


async def test_nobody_takes_an_alert_off_the_list_that_they_are_not_shown(office: Office) -> None:
    await office.files.open()
    [(_, alert)] = await office.files.promises.unseen(up_to=Level.MANAGER)
    async with office.signed_in(Role.AGENT) as client:
        await client.post("/cases/watch", data={"alert": [alert.id]})
    assert len(await office.files.promises.unseen(up_to=Level.MANAGER)) == 1


async def test_only_agents_and_supervisors_and_only_with_the_sessions_token(office: Office) -> None:
    case = await office.files.open(NORMAL)
    paths = ("step", "tasks", "tasks/x", "promises", "promises/x")
    form = {
        "version": 1,
        "to": "confirmed",
        "department": "complaints",
        "what": "x",
        "due_at": "2026-12-01T10:00",
        "text": "x",
        "state": "done",
        "outcome": "x",
        "kept": "true",
    }
    async with office.signed_in(Role.EDITOR, name="ed") as client:
        for path in ("/cases/new", "/cases/watch"):
            assert (await client.get(path)).status_code == 403
        for path in paths:
            assert (await client.post(f"/cases/{case.number}/{path}", data=form)).status_code == 403
    async with office.signed_in() as client:
        del client.headers["X-CSRF-Token"]
        for path in paths:
            assert (await client.post(f"/cases/{case.number}/{path}", data=form)).status_code == 403
    assert (await office.files.cases.load(case.number)).version == 1


async def test_two_who_carry_a_file_on_at_once_the_second_is_told_by_whom_and_what(office: Office) -> None:
    case = await office.files.open(NORMAL)
    await office.files.go(case, "confirmed", by=MEI)
    async with office.signed_in() as client:
        answer = await client.post(f"/cases/{case.number}/step", data={"version": 1, "to": "withdrawn"})
    assert answer.status_code == 409
    assert "小梅 changed: Step" in answer.text
    assert "Facts confirmed" in answer.text
