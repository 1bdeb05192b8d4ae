"""nlu: the client of the Rasa service against a server that misbehaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from kit.contracts import Language
from nlu.adapters.rasa_client import Breaker, Nonsense, RasaClient, read_answer
from nlu.contracts import Reading, TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import IntentsUnavailable

INTENTS = frozenset({"greet", "goodbye", "unknown"})
GOOD = {
    "intent_ranking": [{"name": "greet", "confidence": 0.9}, {"name": "goodbye", "confidence": 0.1}],
    "entities": [{"kind": "product", "value": "x", "start": 0, "end": 2}],
    "model": "m.tar.gz",
}
READING = Reading(
    text="你好",
    normalised="你好",
    language=Language.ZH,
    vector=HashingEncoder().encode(["你好"], TextRole.QUERY)[0],
    encoder="e",
)


class Server:
    """Answers every request with `body` and `status`; `silent` accepts and says nothing."""

    def __init__(self) -> None:
        self.body: bytes = json.dumps(GOOD).encode()
        self.status = "200 OK"
        self.silent = False
        self.requests: list[bytes] = []
        self._gone = asyncio.Event()
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._gone.set()
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self._gone.is_set():
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                if self.silent:
                    await self._gone.wait()
                    return
                answer = f"HTTP/1.1 {self.status}\r\nContent-Length: {len(self.body)}\r\n\r\n".encode()
                writer.write(answer + self.body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


class Hand:
    """A clock moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def client(server: Server, hand: Hand) -> AsyncIterator[RasaClient]:
    breaker = Breaker(2, 5.0, clock=hand)
    client = RasaClient(f"http://127.0.0.1:{server.port}", "s3cret", deadline=3, breaker=breaker, intents=INTENTS)
    yield client
    await client.aclose()


async def test_a_good_answer_becomes_values(server: Server, client: RasaClient) -> None:
    ranking, entities, model = await client.parse(READING)
    assert [(s.name, s.confidence) for s in ranking] == [("greet", 0.9), ("goodbye", 0.1)]
    assert [(e.kind, e.value) for e in entities] == [("product", "你好")]
    assert model == "m.tar.gz"
    assert b"x-desk-secret: s3cret" in server.requests[0].lower()


@pytest.mark.parametrize(
    "change",
    [
        {"intent_ranking": []},
        {"intent_ranking": "greet"},
        {"intent_ranking": [{"name": "greet"}]},
        {"intent_ranking": [{"name": "greet", "confidence": "high"}]},
        {"intent_ranking": [{"name": "greet", "confidence": 7}]},
        {"intent_ranking": [{"name": "greet", "confidence": -0.1}]},
        {"intent_ranking": [{"name": "greet", "confidence": True}]},
        {"intent_ranking": [{"name": "buy_bitcoin", "confidence": 0.9}]},
        {"intent_ranking": None},
        {"entities": None},
        {"entities": [{"kind": "product", "start": 0, "end": 99}]},
        {"entities": [{"kind": "product", "start": 1, "end": 1}]},
        {"entities": ["product"]},
        {"model": None},
    ],
)
async def test_nonsense_is_no_answer(server: Server, client: RasaClient, change: dict[str, object]) -> None:
    server.body = json.dumps({**GOOD, **change}).encode()
    with pytest.raises(IntentsUnavailable, match="Nonsense"):
        await client.parse(READING)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"intent_ranking": [{"name": "greet", "confidence": NaN}], "entities": [], "model": "m"}',
        b"\xff\xfe",
    ],
)
async def test_a_broken_body_is_no_answer(server: Server, client: RasaClient, body: bytes) -> None:
    server.body = body
    with pytest.raises(IntentsUnavailable):
        await client.parse(READING)


@pytest.mark.parametrize("status", ["500 Internal Server Error", "403 Forbidden", "404 Not Found", "302 Found"])
async def test_another_status_is_no_answer(server: Server, client: RasaClient, status: str) -> None:
    server.status = status
    with pytest.raises(IntentsUnavailable):
        await client.parse(READING)


async def test_a_silent_service_is_given_up_at_the_deadline(server: Server, client: RasaClient) -> None:
    server.silent = True
    async with asyncio.timeout(5):
        with pytest.raises(IntentsUnavailable):
            await client.parse(READING)


async def test_after_failures_the_service_is_left_alone_and_then_tried_again(
    server: Server, client: RasaClient, hand: Hand
) -> None:
    server.status = "500 Oops"
    for _ in range(2):
        with pytest.raises(IntentsUnavailable):
            await client.parse(READING)
    server.status = "200 OK"
    with pytest.raises(IntentsUnavailable, match="resting"):
        await client.parse(READING)
    assert len(server.requests) == 2
    hand.now += 5.1
    await client.parse(READING)
    await client.parse(READING)
    assert len(server.requests) == 4


async def test_while_one_message_tries_again_the_others_do_not_wait(
    server: Server, client: RasaClient, hand: Hand
) -> None:
    server.status = "500 Oops"
    for _ in range(2):
        with pytest.raises(IntentsUnavailable):
            await client.parse(READING)
    hand.now += 5.1
    results = await asyncio.gather(*(client.parse(READING) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(result, IntentsUnavailable) for result in results)
    assert len(server.requests) == 3


async def test_nobody_listening_is_no_answer() -> None:
    probe = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    client = RasaClient(f"http://127.0.0.1:{port}", "s", deadline=1, breaker=Breaker(9, 1), intents=INTENTS)
    with pytest.raises(IntentsUnavailable):
        await client.parse(READING)
    await client.aclose()


async def test_the_text_of_a_failed_message_stays_out_of_the_log(
    server: Server, client: RasaClient, capfd: pytest.CaptureFixture[str]
) -> None:
    server.body = "<html>你好 rejected</html>".encode()
    with pytest.raises(IntentsUnavailable):
        await client.parse(READING)
    told = capfd.readouterr()
    assert "rasa.failed" in told.out + told.err
    assert "你好" not in told.out + told.err


def test_an_entity_takes_its_words_from_the_text_not_from_the_answer() -> None:
    _, entities, _ = read_answer(
        {**GOOD, "entities": [{"kind": "k", "value": "<b>", "start": 1, "end": 2}]}, "你好", frozenset()
    )
    assert entities[0].value == "好"


def test_an_answer_that_is_no_object_is_nonsense() -> None:
    with pytest.raises(Nonsense):
        read_answer([GOOD], "你好", frozenset())
