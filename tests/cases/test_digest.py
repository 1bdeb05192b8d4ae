"""tests: what supervisors are told in the morning: once, of what they may see, and only in the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cases.contracts.digest import Supervisor
from cases.settings import CaseSettings, DigestSettings
from kit.contracts import Language
from kit.sql import Database
from nlu.contracts import Severity
from staff.contracts import Role
from staff.contracts.sight import EVERYTHING
from tests.cases.office import Office
from tests.cases.support import MEI, Files, a_complaint, build_files
from tests.cases.test_scopes import editor
from tests.support.clock import MovableClock

MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
"""Half past eight in Shanghai."""


def go_to(files: Files, moment: datetime) -> None:
    files.clock.forward(minutes=int((moment - files.clock()).total_seconds() // 60))


async def some(files: Files) -> dict[str, str]:
    """A complaint that is late in the morning, one promised a call today and one promised a call tomorrow."""
    go_to(files, MORNING - timedelta(days=1))
    late = await files.open(a_complaint("late", severity=Severity.CRITICAL))
    called, waiting = [
        await files.open(a_complaint(name, severity=Severity.NORMAL, conversation_id=name)) for name in ("a", "b")
    ]
    due = MORNING + timedelta(hours=8)
    await files.handling.promise(called.number, text="下午六点前回电", due_at=due, by=MEI, version=1)
    await files.handling.promise(waiting.number, text="明天回电", due_at=due + timedelta(days=1), by=MEI, version=1)
    go_to(files, MORNING)
    return {"late": late.number, "called": called.number, "waiting": waiting.number}


async def test_late_due_today_and_promised_are_told_apart(files: Files) -> None:
    found = await some(files)
    digest = await files.digests.today(EVERYTHING)
    assert digest.day.isoformat() == "2026-11-24"
    assert {each.case.number for each in digest.late} >= {found["late"]}
    assert [each.case.number for each in digest.call_backs] == [found["called"]]
    assert digest.call_back_count == 1
    assert all(MORNING < each.clock.due_at < MORNING + timedelta(hours=15.5) for each in digest.today)
    assert digest.late_count == len(digest.late)
    nothing = await files.digests.today(editor("consultation", account="agent-wu").sight)
    assert (nothing.late, nothing.today, nothing.call_backs) == ((), (), ())
    assert (nothing.late_count, nothing.today_count, nothing.call_back_count) == (0, 0, 0)


async def test_every_supervisor_is_told_once_a_morning_in_their_language(files: Files) -> None:
    await some(files)
    files.supervisors.known = [
        Supervisor(account_id="lin", language=Language.ZH, sight=EVERYTHING),
        Supervisor(account_id="wu", language=Language.EN, sight=editor("consultation", account="wu").sight),
    ]
    assert await files.digests.run_due(MORNING - timedelta(minutes=1)) == 0
    assert await files.digests.run_due(MORNING) == 2
    other_worker = build_files(files.database, files.clock)
    other_worker.supervisors.known = files.supervisors.known
    assert await other_worker.digests.run_due(MORNING) == 0
    assert await files.digests.run_due(MORNING + timedelta(minutes=5)) == 0
    told = dict(files.supervisors.told)
    assert "答应客户的 1" in told["lin"]
    assert told["wu"] == "0 late, 0 due today, 0 promises to customers, 0 to ask."
    assert await files.digests.run_due(MORNING + timedelta(days=1)) == 2


@pytest.mark.parametrize(("at", "hours"), [("", 0), ("08:30", 5), ("23:00", 0)])
async def test_who_is_not_told_in_the_morning_is_not_told_in_the_evening(
    sqlite_database: Database, clock: MovableClock, at: str, hours: int
) -> None:
    files = build_files(sqlite_database, clock, CaseSettings(digest=DigestSettings(at=at)))
    files.supervisors.known = [Supervisor(account_id="lin", language=Language.ZH, sight=EVERYTHING)]
    assert await files.digests.run_due(MORNING + timedelta(hours=hours)) == 0


@pytest.mark.parametrize("language", list(Language))
async def test_the_page_shows_the_same_and_is_for_supervisors(office: Office, language: Language) -> None:
    found = await some(office.files)
    async with office.signed_in(Role.SUPERVISOR, name="lin", language=language) as client:
        page = (await client.get("/cases/digest")).text
        assert found["late"] in page
        assert "下午六点前回电" in page
        assert {"zh": "已超时（", "en": "Late ("}[language.value] in page
        assert "/cases/digest" in (await client.get("/cases")).text
    async with office.signed_in() as agent:
        assert (await agent.get("/cases/digest")).status_code == 403
