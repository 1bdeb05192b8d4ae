from __future__ import annotations

import json
from datetime import timedelta

import pytest
import websockets

from staff.contracts import Role
from tests.support.console import ConsoleHouse, desktop


async def test_who_connects_is_named_and_counts_as_present(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    async with console.signed_in() as client, desktop(address, client, hello=False) as seat:
        await seat.say("hello")
        assert (await seat.hear("ready"))["me"] == {"id": mei.id, "name": "Mei"}
        assert (await seat.hear("queue"))["version"] == 0
    assert [load.agent for load in await console.desk.agents.on_duty()] == [mei]


async def test_each_ping_is_a_sign_of_life(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for _ in range(4):
            console.desk.clock.forward(seconds=20)
            await seat.say("ping")
            await seat.hear("pong")
            assert len(await console.desk.agents.on_duty()) == 1
    console.desk.clock.forward(seconds=41)
    assert await console.desk.agents.on_duty() == ()


@pytest.mark.parametrize(("role", "code"), [(None, 4401), (Role.EDITOR, 4403)])
async def test_who_may_not_work_here_is_turned_away_for_good(
    console: ConsoleHouse, address: str, role: Role | None, code: int
) -> None:
    if role:
        await console.agent("ed", role)
    async with console.web.client() as nobody, console.signed_in("ed") as editor:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            async with desktop(address, editor if role else nobody):
                pass
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


async def test_another_sites_page_cannot_open_the_socket(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        headers = {"Cookie": cookie, "Origin": "https://evil.example"}
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with websockets.connect(address.replace("http", "ws") + "/ws/desk", additional_headers=headers):
                pass
    assert refused.value.response.status_code == 403


async def test_signing_out_elsewhere_ends_the_socket_at_its_next_ping(console: ConsoleHouse, address: str) -> None:
    mei = await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        await console.staff.sign_out_everywhere(mei.id)
        await seat.say("ping")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await seat.hear("pong")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


MALFORMED: list[tuple[dict[str, object], str]] = [
    ({"t": "dance"}, "t"),
    ({"t": "watch"}, "conversation"),
    ({"t": "watch", "conversation": "x" * 41, "after": 0}, "conversation"),
    ({"t": "watch", "conversation": "talk", "after": -1}, "after"),
    ({"t": "watch", "conversation": "talk", "after": True}, "after"),
    ({"t": "send", "conversation": "talk", "text": "x", "epoch": 1}, "key"),
    ({"t": "send", "key": "k", "conversation": "talk", "text": 5, "epoch": 1}, "text"),
    ({"t": "send", "key": "k", "conversation": "talk", "text": "x", "epoch": "1"}, "epoch"),
    ({"t": "typing", "conversation": "talk", "on": "yes"}, "on"),
]
"""(frame, the field that is at fault)"""

IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"t": "watch", "conversation": "nothing", "after": 0}, "not_handed_over"),
    ({"t": "send", "key": "k", "conversation": "nothing", "text": "x", "epoch": 1}, "not_found"),
    ({"t": "send", "key": "k", "conversation": "nothing", "text": " ", "epoch": 1}, "reply_empty"),
    ({"t": "note", "key": "k", "conversation": "nothing", "text": "x" * 4001}, "reply_too_long"),
]
"""(frame, code of the refusal)"""


async def test_a_frame_of_another_form_is_refused_with_its_field_and_the_socket_stays(
    console: ConsoleHouse, address: str
) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for frame, field in MALFORMED:
            await seat.connection.send(json.dumps(frame))
            refused = await seat.hear("refused")
            assert (refused["code"], refused["field"], refused["key"]) == ("malformed", field, frame.get("key")), frame
        await seat.say("ping")
        await seat.hear("pong")


async def test_what_cannot_be_done_is_refused_by_name(console: ConsoleHouse, address: str) -> None:
    await console.agent()
    async with console.signed_in() as client, desktop(address, client) as seat:
        for frame, code in IMPOSSIBLE:
            await seat.connection.send(json.dumps(frame))
            assert (await seat.hear("refused"))["code"] == code, frame


def test_a_console_that_pings_every_ten_seconds_is_never_taken_for_gone() -> None:
    from handoff.adapters.presence import WRITE_EVERY  # noqa: PLC0415 - only for this sum
    from handoff.settings import HandoffSettings  # noqa: PLC0415

    shortest = HandoffSettings(absent_after_seconds=25).absent_after_seconds
    assert timedelta(seconds=10) + WRITE_EVERY <= timedelta(seconds=shortest)
