"""tests: whoever watches is told at once of what is serious, in their language, of what they may see, and once."""

from __future__ import annotations

from datetime import timedelta

from cases.adapters.promise_store import SqlPromiseStore
from cases.alerting import LATEST, Alerting
from cases.contracts import Level
from cases.contracts.digest import Supervisor
from kit.contracts import Language
from nlu.contracts import Severity
from staff.contracts.sight import EVERYTHING
from tests.cases.support import TEXTS, Files, a_complaint
from tests.cases.test_scopes import editor

LIN = Supervisor(account_id="lin", name="lin", language=Language.ZH, sight=EVERYTHING)
BOSS = Supervisor(account_id="boss", name="boss", language=Language.EN, sight=EVERYTHING)
WU = Supervisor(account_id="wu", name="wu", language=Language.ZH, sight=editor("after_sales", account="wu").sight)


def alerting(files: Files, *managers: str) -> Alerting:
    files.supervisors.known = [LIN, BOSS, WU]
    store = SqlPromiseStore(files.database)
    return Alerting(
        transactions=files.database, store=store, watchers=files.supervisors, managers=managers, texts=TEXTS
    )


async def test_supervisors_hear_of_what_is_serious_and_managers_of_what_is_critical(files: Files) -> None:
    told = alerting(files, "boss")
    normal = await files.open(a_complaint("normal", severity=Severity.NORMAL))
    serious = await files.open(a_complaint("serious", severity=Severity.SERIOUS))
    assert await told.run_due(files.clock()) == 1
    assert [account for account, _ in files.supervisors.told] == ["lin", "boss"]
    assert all(serious.number in words for _, words in files.supervisors.told)
    assert files.supervisors.told[1][1].startswith(f"{serious.number}: Serious case")
    files.supervisors.told.clear()
    critical = await files.open(a_complaint("critical", severity=Severity.CRITICAL))
    assert await told.run_due(files.clock()) == 1
    assert [(account, critical.number in words) for account, words in files.supervisors.told] == [("boss", True)]
    assert await told.run_due(files.clock()) == 0
    assert normal.level is Level.DESK


async def test_where_no_manager_is_named_every_supervisor_hears_of_what_is_critical(files: Files) -> None:
    told = alerting(files)
    await files.open(a_complaint("critical", severity=Severity.CRITICAL))
    assert await told.run_due(files.clock()) == 1
    assert [account for account, _ in files.supervisors.told] == ["lin", "boss"]


async def test_nobody_is_called_for_yesterdays_alert_it_stands_on_the_list(files: Files) -> None:
    told = alerting(files)
    await files.open(a_complaint("old", severity=Severity.CRITICAL))
    assert await told.run_due(files.clock() + LATEST + timedelta(minutes=1)) == 1
    assert files.supervisors.told == []
    assert len(await files.promises.unseen(up_to=Level.MANAGER)) == 1
