"""nlu: another model is published while customers write. Nobody's turn fails."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.contracts import Language
from nlu.adapters.build import build_stand_in
from nlu.adapters.model_folder import ModelFolder, file_hash
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.rasa_process import rasa_server
from nlu.contracts import Source, Understanding
from nlu.ports import Encoder
from nlu.service import Nlu
from nlu.versions import Card
from tests.nlu.test_rasa_service import NoComplaints
from tests.support.wait import until

pytestmark = pytest.mark.rasa
AT = "2026-11-21T08:00:00+00:00"
FIRST, SECOND, TORN = "nlu-00000000000000aa", "nlu-00000000000000bb", "nlu-00000000000000cc"


@pytest.fixture
def folder(rasa_model: Path, tmp_path: Path) -> ModelFolder:
    """Two whole versions and a torn one; the first is served."""
    made = ModelFolder(tmp_path / "models")
    made.folder.mkdir()
    for name in (FIRST, SECOND, TORN):
        shutil.copyfile(rasa_model, made.path(name))
        if name == TORN:
            made.path(name).write_bytes(rasa_model.read_bytes()[:2_000])
        made.keep_card(
            Card(name=name, made_at=AT, encoder="", code="", examples=1, approved=0, sha256=file_hash(made.path(name)))
        )
    made.publish(FIRST, at=AT)
    return made


async def test_turns_go_on_through_a_publication_a_rollback_and_a_torn_file(
    folder: ModelFolder, encoder: Encoder, executor: ThreadPoolExecutor, tmp_path: Path
) -> None:
    with rasa_server(folder.path(FIRST), log=tmp_path / "rasa.log", follow=folder.folder) as (url, secret, _):
        client = RasaClient(url, secret, deadline=10, breaker=Breaker(99, 1), intents=frozenset())
        nlu = Nlu(
            encoder=encoder,
            intents=client,
            stand_in=build_stand_in(encoder),
            complaints=NoComplaints(),
            executor=executor,
        )
        reading = await nlu.read("我的退款到哪了", previous=Language.ZH)
        answers: list[Understanding] = []

        async def write_on() -> None:
            while True:
                answers.append(await nlu.interpret(reading))

        async def answered_by(name: str) -> bool:
            return bool(answers) and answers[-1].model == f"{name}.tar.gz"

        customers = [asyncio.create_task(write_on()) for _ in range(2)]
        try:
            await until(lambda: answered_by(FIRST), within=60)
            await asyncio.to_thread(folder.publish, SECOND, at=AT)
            await until(lambda: answered_by(SECOND), within=60)
            await asyncio.to_thread(folder.publish, TORN, at=AT)
            await until(lambda: _holds(tmp_path / "rasa.log", "cannot be loaded"), within=60)
            assert await answered_by(SECOND)
            await asyncio.to_thread(folder.roll_back, at=AT)
            await asyncio.to_thread(folder.roll_back, at=AT)
            await until(lambda: answered_by(FIRST), within=60)
        finally:
            for customer in customers:
                customer.cancel()
            await asyncio.gather(*customers, return_exceptions=True)
            await client.aclose()
    assert {answer.source for answer in answers} == {Source.RASA}
    assert {answer.intent.name for answer in answers} == {"refund_progress"}
    assert {answer.model for answer in answers} == {f"{FIRST}.tar.gz", f"{SECOND}.tar.gz"}


async def _holds(log: Path, words: str) -> bool:
    return words in await asyncio.to_thread(log.read_text, encoding="utf-8", errors="replace")
