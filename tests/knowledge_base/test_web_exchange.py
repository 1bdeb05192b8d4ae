"""tests: import, export, the gate and golden questions over HTTP, refusals included."""

from __future__ import annotations

import httpx

from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, a_side, an_article, refusal

IMPORT = "/api/v1/knowledge/import?name=faq.csv"
GOLDEN = "/api/v1/knowledge/golden"
ROWS = "key,category,en.title,en.answer\nring-engraving,shops,Do you engrave rings?,Yes.\n"


async def test_a_dry_run_stores_nothing_and_an_import_everything(mei: httpx.AsyncClient) -> None:
    tried = (await mei.post(f"{IMPORT}&dry_run=true", content=ROWS)).json()
    assert (tried["created"], tried["rows"][0]["key"]) == (1, "ring-engraving")
    assert (await mei.get(ARTICLES, params={"words": "engrave rings"})).json()["total"] == 0
    done = (await mei.post(IMPORT, content=ROWS)).json()
    assert (done["created"], done["refused"], done["columns"]["2"]) == (1, 0, "en.title")
    again = (await mei.post(IMPORT, content=ROWS)).json()
    assert (again["created"], again["same"]) == (0, 1)


async def test_rows_that_cannot_be_taken_are_named(mei: httpx.AsyncClient) -> None:
    found = refusal(await mei.post(IMPORT, content=ROWS + "Bad Key,shops,A?,B\n"), 422)
    assert (found["code"], list(found["details"])) == ("import_refused", ["3"])
    for path in (IMPORT, f"{IMPORT}&dry_run=true"):
        assert refusal(await mei.post(path, content="Spalte\nx\n"), 422)["code"] == "no_title_column"
    chosen = await mei.post(f"{IMPORT}&dry_run=true&columns=0:en.title&columns=9x:key", content="Spalte\nx\n")
    assert chosen.json()["columns"] == {"0": "en.title"}
    assert refusal(await mei.post(IMPORT.replace("csv", "exe"), content="x"), 422)["code"] == "unknown_file_kind"


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
