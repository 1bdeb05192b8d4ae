from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from handoff.contracts import AgentProfile, AgentState
from handoff.web.attendance import BOM
from kit.contracts import Language
from staff.contracts import Role
from tests.support.console import ConsoleHouse

DAY = {"first": "2026-11-21", "last": "2026-11-21"}


async def worked(console: ConsoleHouse, name: str = "mei", display_name: str = "") -> None:
    """An agent of the early shift who came at ten and stayed for two hours."""
    agent = await console.agent(name)
    if display_name:
        await console.staff.change_own(agent.id, display_name=display_name, language=Language.ZH)
    await console.desk.team.save_profile(AgentProfile(account_id=agent.id, shifts=("early",) * 7), by="boss")
    await console.desk.agents.arrive(agent)
    console.desk.clock.forward(hours=2)
    await console.desk.duty.choose(agent, AgentState.OFFLINE)


async def test_the_sheet_shows_clock_in_and_out_and_what_differs_from_the_shift(console: ConsoleHouse) -> None:
    await worked(console)
    await console.agent("su", Role.SUPERVISOR)
    console.desk.clock.forward(hours=6)
    async with console.signed_in("su") as client:
        page = (await client.get("/team/attendance", params=DAY)).text
    assert "1:30 late" in page
    assert "left 4:30 early" in page
    assert "10:00" in page


async def test_the_download_is_a_table_no_cell_of_which_is_run_as_a_formula(console: ConsoleHouse) -> None:
    await worked(console, display_name="=HYPERLINK(1)")
    await console.agent("su", Role.SUPERVISOR)
    async with console.signed_in("su") as client:
        answer = await client.get("/team/attendance.csv", params=DAY)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith(BOM)
    head, line = list(csv.reader(io.StringIO(answer.text.removeprefix(BOM))))
    assert head[:6] == ["Name", "Day", "Shift", "Clock-in", "Clock-out", "On duty"]
    assert line[:6] == ["'=HYPERLINK(1)", "2026-11-21", "Early", "2026-11-21 10:00", "2026-11-21 12:00", "2:00"]


async def test_only_supervisors_see_the_sheet_and_only_for_a_time_that_makes_sense(console: ConsoleHouse) -> None:
    await console.agent("mei")
    await console.agent("su", Role.SUPERVISOR)
    async with console.signed_in("mei") as client:
        for path in ("/team/attendance", "/team/attendance.csv"):
            assert (await client.get(path)).status_code == 403
    async with console.signed_in("su") as client:
        assert "Nobody was on duty" in (await client.get("/team/attendance")).text
        for wrong in ({"first": "yesterday"}, {"first": "0001-01-01"}, {"first": "2026-11-21", "last": "2026-11-20"}):
            assert (await client.get("/team/attendance", params=wrong)).status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"state": "break", "reason": "meal"}, 200),
        ({"state": "busy"}, 200),
        ({"state": "offline"}, 200),
        ({"state": "break"}, 422),
        ({"state": "asleep"}, 422),
        ({"state": "wrapping_up"}, 422),
    ],
)
async def test_an_agent_says_what_they_are_doing(console: ConsoleHouse, body: dict[str, str], status: int) -> None:
    mei = await console.agent("mei")
    await console.desk.agents.arrive(mei)
    async with console.signed_in("mei") as client:
        assert (await client.post("/desk/state", json=body)).status_code == status
        page = (await client.get("/desk/lists")).text
    now = await console.desk.duty.state(mei)
    assert now.state.value == (body["state"] if status == 200 else "online")
    assert f'data-state="{now.state}"' in page


async def test_the_console_clocks_its_agent_in(console: ConsoleHouse) -> None:
    mei = await console.agent("mei")
    await console.desk.agents.arrive(mei)
    spans = await console.desk.duty_store.spans(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [(span.account_id, span.state) for span in spans] == [(mei.id, AgentState.ONLINE)]
