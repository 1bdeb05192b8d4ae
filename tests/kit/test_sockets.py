"""tests: the server's side of a live socket, through a real server."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest
import websockets
from fastapi import APIRouter, WebSocket

from kit.refusals import TooMany
from kit.rooms import template_folders
from kit.texts import Texts
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from kit.web.sockets import FRAME_BYTES, FrameSocket
from tests.support.serving import serving
from tests.support.wait import until


class Probe:
    """A socket route that answers, floods or refuses as told."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.open: list[FrameSocket] = []
        self.flooded = False
        self.ended = 0
        self.taken: list[object] = []

    async def flood(self, frames: FrameSocket) -> None:
        """Send without end, as a hub would: others are served in between."""
        for _ in range(100_000):
            if not frames.send({"t": "news", "words": "x" * 4096}):
                self.flooded = True
                return
            await asyncio.sleep(0)

    async def serve(self, socket: WebSocket) -> None:
        try:
            async with FrameSocket(socket, self.texts) as frames:
                self.open.append(frames)
                while (frame := await frames.receive()) is not None:
                    self.taken.append(frame["t"])
                    match frame["t"]:
                        case "close":
                            frames.close(1012)
                        case "flood":
                            await self.flood(frames)
                        case "refuse":
                            frames.refuse(TooMany(seconds=3), key="k1")
                        case "bye":
                            frames.send({"t": "bye"})
                            break
                        case _:
                            frames.send({"t": "echo", "frame": frame})
        finally:
            self.ended += 1


@pytest.fixture
def probe(texts: Texts) -> Probe:
    return Probe(texts)


@pytest.fixture
async def address(texts: Texts, probe: Probe) -> AsyncIterator[str]:
    router = APIRouter()
    router.websocket("/ws")(probe.serve)
    app = build_application(Pages(texts, template_folders()), [router], WebSettings(), static=[])
    async with serving(app) as http:
        yield f"{http.replace('http', 'ws')}/ws"


async def ask(socket: websockets.ClientConnection, text: str | bytes) -> dict[str, object]:
    await socket.send(text)
    answer: dict[str, object] = json.loads(await asyncio.wait_for(socket.recv(), 10))
    return answer


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[1]", '"t"', "null", '{"t": 1}', "{}", '{"t": "x"', "[" * 50_000, b"\x00\x01", '{"t": NaN'],
)
async def test_what_is_no_frame_is_refused_and_the_connection_stays(address: str, text: str | bytes) -> None:
    async with websockets.connect(address, proxy=None) as socket:
        refused = await ask(socket, text)
        assert (refused["t"], refused["code"], refused["key"]) == ("refused", "malformed", None)
        assert refused["text"]
        assert await ask(socket, '{"t": "你好", "n": [1]}') == {"t": "echo", "frame": {"t": "你好", "n": [1]}}


async def test_a_refusal_names_its_frame_and_speaks_the_clients_language(address: str) -> None:
    for language, words in (("en", "Too many attempts"), ("zh-CN,zh;q=0.9", "尝试次数过多")):
        headers = {"Accept-Language": language}
        async with websockets.connect(address, proxy=None, additional_headers=headers) as socket:
            refused = await ask(socket, '{"t": "refuse"}')
        assert (refused["t"], refused["key"], refused["code"]) == ("refused", "k1", "too_many")
        assert str(refused["text"]).startswith(words)


@pytest.mark.parametrize("size", [FRAME_BYTES + 1, 200_000])
async def test_a_frame_too_large_ends_the_connection(address: str, size: int) -> None:
    async with websockets.connect(address, proxy=None) as socket:
        await socket.send("x" * size)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_what_was_sent_last_still_arrives_before_the_end(address: str, probe: Probe) -> None:
    async with websockets.connect(address, proxy=None) as socket:
        assert await ask(socket, '{"t": "bye"}') == {"t": "bye"}
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
    await until(lambda: probe.ended == 1)


async def test_a_client_that_stops_reading_is_let_go_and_holds_up_nobody(address: str, probe: Probe) -> None:
    async with websockets.connect(address, proxy=None, max_queue=1) as stuck:
        await stuck.send('{"t": "flood"}')
        # Not reading: the client's buffers fill, then the server's, then its queue.
        await until(lambda: probe.flooded)
        async with websockets.connect(address, proxy=None) as other:
            assert (await ask(other, '{"t": "hi"}'))["t"] == "echo"
        assert not probe.open[0].send({"t": "more"})
        await until(lambda: probe.ended == 2)
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(stuck.recv(), 10)


async def test_nothing_is_taken_any_more_once_the_desk_has_closed(address: str, probe: Probe) -> None:
    async with websockets.connect(address, proxy=None) as socket:
        for text in ('{"t": "close"}', '{"t": "late"}', '{"t": "later"}'):
            await socket.send(text)
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 10)
    await until(lambda: probe.ended == 1)
    assert probe.taken == ["close"]


async def test_a_client_that_vanishes_ends_its_route(address: str, probe: Probe) -> None:
    socket = await websockets.connect(address, proxy=None)
    await ask(socket, '{"t": "hi"}')
    socket.transport.abort()
    await until(lambda: probe.ended == 1)
    assert not probe.open[0].send({"t": "news"})
