"""tests: whatever a program can ask of the knowledge base a shell can, by the same names, with the same refusals."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from kit.contracts import Language
from kit.sql import Database
from kit.texts import Texts
from kit.web.api_document import DOCUMENT, METHODS
from knowledge_base.web.calling import do_operation
from knowledge_base.web.local_desk import client_of
from knowledge_base.web.operations import PREFIX, operations_of
from staff.adapters.build import build_staff
from staff.contracts import Person
from staff.settings import StaffSettings
from tests.support.articles import ANN, MEI, REFUND, STORE, SmallBase
from tests.support.clock import MovableClock

Shell = Callable[..., Awaitable[Any]]


@pytest.fixture
async def base(sqlite_database: Database, clock: MovableClock, tmp_path: Path) -> SmallBase:
    base = SmallBase(sqlite_database, clock=clock, folder=tmp_path)
    await base.parts.search.open()
    return base


@pytest.fixture
async def client(base: SmallBase, sqlite_database: Database, texts: Texts) -> AsyncIterator[httpx.AsyncClient]:
    """Mei's."""
    async with _client(base, sqlite_database, texts, MEI) as client:
        yield client


def _client(base: SmallBase, database: Database, texts: Texts, by: Person) -> httpx.AsyncClient:
    return client_of(base.desk(texts), people=build_staff(database, StaffSettings()), by=by, texts=texts)


@pytest.fixture
def shell(client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Gives a command that succeeds; what it printed."""

    async def run(name: str, *given: str, file: Path | None = None) -> Any:
        assert await do_operation(client, name, given, file) == 0, capsys.readouterr().err
        said = capsys.readouterr().out
        return json.loads(said) if said else None

    return run


async def test_every_operation_of_the_interface_is_a_command(client: httpx.AsyncClient) -> None:
    document = (await client.get(DOCUMENT)).json()
    there = [
        (path, method)
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations and path.startswith(PREFIX)
    ]
    found = operations_of(document)
    assert sorted((each.path, each.method.lower()) for each in found.values()) == sorted(there)
    assert all(each.summary for each in found.values())


async def test_an_article_lives_its_life_by_key(shell: Shell, tmp_path: Path) -> None:
    paper = tmp_path / "terms.pdf"
    paper.write_bytes(b"%PDF-1.7 terms")
    kept = await shell("add_attachment", "name=terms.pdf", file=paper)
    side = {"language": "en", "title": "Do you engrave rings?", "answer": "Yes.", "short": "Yes."}
    texts = json.dumps([side | {"attachments": [{"id": kept["id"], "name": kept["name"]}]}])
    made = await shell("create_article", "key=rings", "category=shops", f"texts={texts}")
    assert made["content"]["texts"][0]["attachments"] == [{"id": kept["id"], "name": "terms.pdf"}]
    assert (await shell("submit_article", "article_id=rings", "note=please look"))["status"] == "in_review"
    assert (await shell("publish_article", "article_id=rings"))["status"] == "published"
    changed = json.dumps(made["content"] | {"texts": [side | {"answer": "Yes, for a fee."}]})
    assert (await shell("save_article", "article_id=rings", f"content={changed}"))["stale_shorts"] == ["en"]
    assert (await shell("confirm_short", "article_id=rings", "language=en"))["stale_shorts"] == []
    [change, _] = await shell("compare_versions", "article_id=rings", "before=1", "after=2")
    assert change["field"] == "en.answer"
    assert (await shell("retire_article", "article_id=rings"))["status"] == "retired"
    assert await shell("delete_draft", "article_id=rings") is None
    assert (await shell("undelete_article", "article_id=rings"))["content"]["key"] == "rings"


async def test_without_a_name_what_there_is_is_listed(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await do_operation(client, "", (), None) == 0
    said = capsys.readouterr().out
    assert "confirm_short article_id=… expected_version=… language=…" in said
    assert "add_image --file FILE" in said


async def test_refusals_say_what_is_wrong_and_who_may_not(
    base: SmallBase,
    sqlite_database: Database,
    client: httpx.AsyncClient,
    texts: Texts,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await base.editing.create(MEI, REFUND)
    await base.editing.create(MEI, STORE)
    with pytest.raises(ValueError, match="no operation 'publsh'; there are: add_attachment"):
        await do_operation(client, "publsh", (), None)
    with pytest.raises(ValueError, match="no colour; usage: load_article article_id=…"):
        await do_operation(client, "load_article", ["article_id=refund", "colour=red"], None)
    with pytest.raises(ValueError, match="article_id is missing"):
        await do_operation(client, "load_article", (), None)
    with pytest.raises(ValueError, match="write NAME=VALUE"):
        await do_operation(client, "load_article", ["refund"], None)
    assert await do_operation(client, "load_article", ["article_id=nobody"], None) == 1
    stale = ["article_id=refund", "expected_version=7"]
    assert await do_operation(client, "publish_article", stale, None) == 3
    assert "article_changed: " in capsys.readouterr().err
    body = ["category=", f'texts=[{{"language": "{Language.EN}", "title": "x"}}]']
    assert await do_operation(client, "create_article", body, None) == 3
    assert "category: knowledge_base.fault.category_empty" in capsys.readouterr().err
    async with _client(base, sqlite_database, texts, ANN) as anns:
        assert await do_operation(anns, "retire_article", ["article_id=refund"], None) == 3
    assert "not_allowed: " in capsys.readouterr().err


async def test_a_desk_that_does_not_answer_is_said() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse), base_url="http://desk") as client:
        with pytest.raises(ValueError, match="no desk answers at http://desk"):
            await do_operation(client, "", (), None)
