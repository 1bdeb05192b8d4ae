"""tests: the morning after a complaint nobody has looked at: every supervisor is told once, in their own language."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.contracts import NoticeKind
from kit.contracts import Language
from staff.contracts import Role
from tests.journeys.customers import WebCustomer, heard
from tests.journeys.test_both_channels import words
from tests.support.desk import RunningDesk
from tests.support.web import PASSWORD

TOLD = {Language.ZH: re.compile("已超时 [1-9]"), Language.EN: re.compile("^[1-9][0-9]* late")}


@pytest.mark.parametrize("language", [Language.EN], indirect=True)
async def test_supervisors_hear_in_the_morning_what_is_owed(
    desk: RunningDesk, visitor: WebCustomer, language: Language
) -> None:
    bosses = {
        spoken: await desk.rooms.staff.create_account(
            name=f"boss-{spoken}", display_name="主管", roles=[Role.SUPERVISOR], language=spoken, password=PASSWORD
        )
        for spoken in Language
    }
    await visitor.arrive()
    await visitor.say(words("complaint", language))
    await heard(visitor, "TS")

    zone = ZoneInfo(desk.ground.settings.cases.time_zone)
    days = timedelta(days=3)  # what was promised by then is late, whatever the time of day at which this runs
    morning = datetime.combine(desk.ground.clock().astimezone(zone).date() + days, time(8, 30), zone)
    told = [await desk.rooms.digests.run_due(morning) for _ in range(2)]
    supervisors = [one for one in await desk.rooms.staff.accounts() if Role.SUPERVISOR in one.roles]
    assert told == [len(supervisors), 0]
    for spoken, boss in bosses.items():
        notices = await desk.rooms.floor.notices.unread(boss.account.id)
        [digest] = [one.text for one in notices if one.kind is NoticeKind.DIGEST]
        assert TOLD[spoken].search(digest)
