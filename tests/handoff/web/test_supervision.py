from __future__ import annotations

import pytest

from handoff.contracts import Claimed, Handoff, Urgency
from staff.contracts import Role
from tests.support.console import ConsoleHouse

ACTS: dict[str, dict[str, object]] = {
    "whisper": {"key": "w1", "text": "先道歉"},
    "take-over": {"epoch": 0},
    "reassign": {"epoch": 0, "to": "nobody"},
    "urgency": {"urgency": 2},
}


async def held(console: ConsoleHouse) -> Handoff:
    """A conversation that Mei holds."""
    mei = await console.agent()
    outcome = await console.desk.agents.claim((await console.desk.ask()).id, mei)
    assert isinstance(outcome, Claimed)
    return outcome.handoff


@pytest.mark.parametrize("name", ["mei", "ed"])
async def test_only_supervisors_supervise(console: ConsoleHouse, name: str) -> None:
    handoff = await held(console)
    await console.agent("ed", Role.EDITOR)
    where = f"/desk/conversations/{handoff.conversation_id}"
    async with console.signed_in(name) as client:
        for act, body in ACTS.items():
            assert (await client.post(f"{where}/{act}", json=body)).status_code == 403
        assert (await client.get(f"{where}/supervise")).status_code == 403
        assert (await client.get("/floor")).status_code == 403
        assert (await client.get("/floor/board")).status_code == 403
        assert (await client.post("/floor/broadcast", json={"text": "hi"})).status_code == 403
    assert console.desk.staff.records == []


async def test_opening_somebodys_conversation_is_audited_and_a_change_follows(console: ConsoleHouse) -> None:
    handoff = await held(console)
    await console.agent("su", Role.SUPERVISOR)
    where = f"/desk/conversations/{handoff.conversation_id}"
    async with console.signed_in("su") as client:
        await client.get(where)
        await client.get(where)
        changed = await client.post(f"{where}/urgency", json={"urgency": 2})
        taken = await client.post(f"{where}/take-over", json={"epoch": handoff.epoch})
        late = await client.post(f"{where}/take-over", json={"epoch": handoff.epoch})
    assert (changed.status_code, taken.status_code, late.status_code) == (200, 200, 409)
    assert taken.json()["state"]["agent"]["name"] == "Su"
    assert (await console.desk.agents.load(handoff.id)).urgency is Urgency.CRITICAL
    assert [record.action for record in console.desk.staff.records] == [
        "handoff.look",
        "handoff.urgency",
        "handoff.take_over",
    ]


async def test_a_notice_is_read_by_whom_it_is_for(console: ConsoleHouse) -> None:
    handoff = await held(console)
    await console.agent("su", Role.SUPERVISOR)
    async with console.signed_in("su") as client:
        where = f"/desk/conversations/{handoff.conversation_id}/whisper"
        await client.post(where, json={"key": "w", "text": "<b>先道歉</b>"})
        assert "data-notice" not in (await client.get("/desk/notices")).text
    async with console.signed_in() as client:
        shown = (await client.get("/desk/notices")).text
        assert "&lt;b&gt;先道歉" in shown
        notice = shown.partition('data-notice="')[2].partition('"')[0]
        assert (await client.post(f"/desk/notices/{notice}/read", json={})).json() == {"read": True}
        assert "data-notice" not in (await client.get("/desk/notices")).text
