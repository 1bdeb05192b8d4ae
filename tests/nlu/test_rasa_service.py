"""nlu: the real Rasa service, treated badly."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kit.contracts import Language
from nlu.adapters.build import build_stand_in
from nlu.adapters.encoder_service import encoder_service, packed
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.rasa_process import DOOR, VERSION, RasaFault, check_version, is_serving, rasa_python, rasa_server
from nlu.contracts import ComplaintReading, Reading, Source, TextRole
from nlu.ports import Encoder
from nlu.service import NO_OPINION, Nlu
from tests.support.understanding import ServedRasa
from tests.support.wait import until

pytestmark = pytest.mark.rasa
SECRET_TEXT = "zebra-4711"


class NoComplaints:
    def read(self, reading: Reading) -> ComplaintReading:
        return NO_OPINION


@pytest.fixture
async def http(rasa: ServedRasa) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=rasa.url, trust_env=False) as client:
        yield client


@pytest.fixture
def body(encoder: Encoder) -> dict[str, object]:
    return {"text": "你好", "normalised": "你好", "embedding": packed(encoder.encode(["你好"], TextRole.QUERY)[0])}


async def test_the_right_secret_gets_a_parse(
    http: httpx.AsyncClient, rasa: ServedRasa, body: dict[str, object]
) -> None:
    answer = await http.post(DOOR + "/parse", json=body, headers={"X-Desk-Secret": rasa.secret})
    assert answer.status_code == 200
    assert answer.json()["intent_ranking"][0]["name"] == "greet"
    assert answer.json()["model"] == rasa.model.name
    assert 0 <= answer.json()["known"] <= 1


@pytest.mark.parametrize("headers", [{}, {"X-Desk-Secret": ""}, {"X-Desk-Secret": "wrong"}])
@pytest.mark.parametrize("path", ["/parse", "/status"])
async def test_a_wrong_or_missing_secret_is_refused(
    http: httpx.AsyncClient, body: dict[str, object], headers: dict[str, str], path: str
) -> None:
    method = "GET" if path == "/status" else "POST"
    answer = await http.request(method, DOOR + path, json=body, headers=headers)
    assert answer.status_code == 403
    assert "intent" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/model/parse",
        "/conversations/x/messages",
        "/model",
        "/webhooks/rest/webhook",
        "/domain",
        "/conversations/x/tracker",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_there_is_no_other_door(http: httpx.AsyncClient, rasa: ServedRasa, method: str, path: str) -> None:
    answer = await http.request(method, path, headers={"X-Desk-Secret": rasa.secret})
    assert answer.status_code in {404, 405}


@pytest.mark.parametrize(
    "change",
    [
        {"text": None},
        {"text": 3},
        {"normalised": None},
        {"embedding": None},
        {"embedding": "###"},
        {"embedding": ""},
        {"embedding": "AADAfw=="},
    ],
)
async def test_a_malformed_question_is_refused(
    http: httpx.AsyncClient, rasa: ServedRasa, body: dict[str, object], change: dict[str, object]
) -> None:
    answer = await http.post(DOOR + "/parse", json={**body, **change}, headers={"X-Desk-Secret": rasa.secret})
    assert answer.status_code == 422


async def test_the_text_of_a_question_that_breaks_the_pipeline_stays_out_of_the_log(
    http: httpx.AsyncClient, rasa: ServedRasa, encoder: Encoder
) -> None:
    """A vector of the wrong length passes the door and breaks the intent model."""
    short = packed(encoder.encode(["x"], TextRole.QUERY)[0][:7])
    body = {"text": SECRET_TEXT, "normalised": SECRET_TEXT, "embedding": short}
    answer = await http.post(DOOR + "/parse", json=body, headers={"X-Desk-Secret": rasa.secret})
    assert answer.status_code == 500
    assert SECRET_TEXT not in answer.text
    log = rasa.log.read_text(encoding="utf-8", errors="replace")
    assert "parse failed" in log
    assert SECRET_TEXT not in log


def test_the_version_is_asserted() -> None:
    check_version(rasa_python())
    with pytest.raises(RasaFault, match=VERSION):
        check_version(Path(os.sys.executable))  # type: ignore[attr-defined]


def test_serving_another_model_is_noticed(rasa: ServedRasa) -> None:
    assert is_serving(rasa.url, rasa.secret, rasa.model)
    with pytest.raises(RasaFault, match="instead of"):
        is_serving(rasa.url, rasa.secret, Path("nlu-another.tar.gz"))
    with pytest.raises(RasaFault, match="another service"):
        is_serving(rasa.url, "wrong", rasa.model)
    assert not is_serving("http://127.0.0.1:9", rasa.secret, rasa.model)


async def test_rasa_frozen_or_killed_costs_a_message_no_more_than_the_deadline(
    rasa_model: Path, encoder: Encoder, executor: ThreadPoolExecutor, tmp_path: Path
) -> None:
    deadline = 0.5
    with rasa_server(rasa_model, log=tmp_path / "rasa.log") as (url, secret, process):
        client = RasaClient(url, secret, deadline=deadline, breaker=Breaker(2, 0.2), intents=frozenset())
        nlu = Nlu(
            encoder=encoder,
            intents=client,
            stand_in=build_stand_in(encoder),
            complaints=NoComplaints(),
            executor=executor,
        )
        reading = await nlu.read("我的退款到哪了", previous=Language.ZH)

        async def source() -> Source:
            understanding = await nlu.interpret(reading)
            assert understanding.intent.name == "refund_progress"
            return understanding.source

        await until(lambda: _is(source, Source.RASA), within=60)
        os.kill(process.pid, signal.SIGSTOP)
        try:
            for _ in range(4):
                began = time.monotonic()
                assert await source() is Source.STAND_IN
                assert time.monotonic() - began < 10
        finally:
            os.kill(process.pid, signal.SIGCONT)
        await until(lambda: _is(source, Source.RASA), within=60)
        process.kill()
        await asyncio.to_thread(process.wait)
        assert await source() is Source.STAND_IN
        await client.aclose()


async def _is(source: object, wanted: Source) -> bool:
    return await source() is wanted  # type: ignore[operator]


async def test_the_training_service_wants_the_secret_too(encoder: Encoder) -> None:
    with encoder_service(encoder, "right") as url:
        async with httpx.AsyncClient(trust_env=False) as client:
            for secret, status in (("wrong", 403), ("", 403), ("right", 200)):
                answer = await client.post(
                    url, json={"texts": ["退款", "tuikuan"]}, headers={"X-Desk-Secret": secret}, timeout=30
                )
                assert answer.status_code == status
                if status == 200:
                    assert answer.json()["folded"] == ["退款", "退款"]
                    assert len(answer.json()["vectors"]) == 2
