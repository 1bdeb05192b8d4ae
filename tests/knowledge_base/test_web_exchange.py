"""tests: import, export, the gate and golden questions over HTTP, refusals included."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, a_side, an_article, refusal

IMPORTS = "/api/v1/knowledge/imports"
IMPORT = f"{IMPORTS}?name=faq.csv"
GOLDEN = "/api/v1/knowledge/golden"
ROWS = "key,category,en.title,en.answer\nring-engraving,shops,Do you engrave rings?,Yes.\n"


async def sent(mei: httpx.AsyncClient, library: Library, content: str, query: str = "") -> dict[str, Any]:
    """Send a file and wait until nothing is going on any more."""
    answer = await mei.post(f"{IMPORT}{query}", content=content)
    assert answer.status_code == 202
    return await looked_at(mei, library, answer.json()["id"])


async def looked_at(mei: httpx.AsyncClient, library: Library, import_id: str) -> dict[str, Any]:
    """How far an import is when nothing is going on any more."""
    await library.desk.imports.settled()
    found: dict[str, Any] = (await mei.get(f"{IMPORTS}/{import_id}")).json()
    return found


async def test_a_dry_run_stores_nothing_and_an_import_everything(library: Library, mei: httpx.AsyncClient) -> None:
    tried = await sent(mei, library, ROWS, "&dry_run=true")
    report = tried["report"]
    assert (tried["state"], report["created"], report["rows"][0]["key"]) == ("checked", 1, "ring-engraving")
    assert (await mei.get(ARTICLES, params={"words": "engrave rings"})).json()["total"] == 0
    assert (await mei.post(f"{IMPORTS}/{tried['id']}/store")).status_code == 202
    done = await looked_at(mei, library, tried["id"])
    assert (done["state"], done["report"]["refused"], done["report"]["columns"]["2"]) == ("done", 0, "en.title")
    assert (await mei.get(ARTICLES, params={"words": "engrave rings"})).json()["total"] == 1
    again = (await sent(mei, library, ROWS))["report"]
    assert (again["created"], again["same"]) == (0, 1)
    assert refusal(await mei.post(f"{IMPORTS}/{tried['id']}/store"), 409)["code"] == "import_not_ready"
    assert (await mei.delete(f"{IMPORTS}/{tried['id']}")).status_code == 204
    assert refusal(await mei.get(f"{IMPORTS}/{tried['id']}"), 404)["code"] == "not_found"


async def test_rows_that_cannot_be_taken_are_named(library: Library, mei: httpx.AsyncClient) -> None:
    found = await sent(mei, library, ROWS + "Bad Key,shops,A?,B\n")
    assert (found["state"], found["report"]["refused"], found["report"]["rows"][0]["row"]) == ("checked", 1, 3)
    unknown = await sent(mei, library, "Spalte\nx\n")
    assert unknown["report"]["names_articles"] is False
    chosen = await mei.post(f"{IMPORTS}/{unknown['id']}/columns?columns=0:en.title&columns=9x:key")
    assert chosen.status_code == 202
    assert (await looked_at(mei, library, unknown["id"]))["report"]["columns"] == {"0": "en.title"}
    assert refusal(await mei.post(IMPORT.replace("csv", "exe"), content="x"), 422)["code"] == "unknown_file_kind"
    damaged = await mei.post(IMPORT.replace("csv", "xlsx"), content="PK\x03\x04")
    assert (await looked_at(mei, library, damaged.json()["id"]))["refusal"]["code"] == "file_damaged"


async def test_agents_export_and_import_nothing(ann: httpx.AsyncClient) -> None:
    exported = await ann.get("/api/v1/knowledge/export", params={"kind": "tsv"})
    assert exported.headers["Content-Disposition"] == 'attachment; filename="articles.tsv"'
    assert RETURN in exported.text
    assert refusal(await ann.post(IMPORT, content=ROWS), 403)["code"] == "not_allowed"


async def test_a_publication_that_harms_a_golden_question_wants_a_reason(
    library: Library, mei: httpx.AsyncClient
) -> None:
    article_id = await library.article_id(RETURN)
    question = "can I send something back within seven days without a reason"
    asked = {"question": question, "language": "en", "article_id": article_id}
    assert (await mei.post(GOLDEN, json=asked)).status_code == 204
    tea = an_article(a_side(title="Tea", answer="Green.", questions=["what tea"]), key=RETURN)
    saved = await mei.put(f"{ARTICLES}/{article_id}", json={"expected_version": 1, "content": tea})
    query = {"expected_version": saved.json()["version"]}
    report = (await mei.get(f"{ARTICLES}/{article_id}/gate", params=query)).json()
    assert (report["worse"], report["golden"][0]["before"]) == (1, "right")
    refused = refusal(await mei.post(f"{ARTICLES}/{article_id}/publish", json=query), 409)
    assert refused["code"] == "publication_worse"
    published = await mei.post(f"{ARTICLES}/{article_id}/publish", json={**query, "reason": "We sell tea"})
    assert published.json()["published_version"] == query["expected_version"]
    (listed,) = (await mei.get(GOLDEN)).json()
    assert (await mei.delete(f"{GOLDEN}/{listed['id']}")).status_code == 204
    assert (await mei.get(GOLDEN)).json() == []
