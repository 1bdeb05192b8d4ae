"""tests: what the pages of the loop can do, programs can: clusters, flags, comparisons, replacements, explanations."""

from __future__ import annotations

import httpx

from kit.contracts import Language
from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, a_side, an_article, created, refusal

API = "/api/v1/knowledge"


async def test_a_program_turns_an_unanswered_cluster_into_a_draft(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    for customer in ("a", "b"):
        await library.miss("Do you engrave wedding rings?", Language.EN, customer=customer, reply="Yes, for free.")
    [line] = (await ann.get(f"{API}/clusters")).json()["lines"]
    assert (line["title"], line["customers"], line["state"]) == ("Do you engrave wedding rings?", 2, "open")
    path = f"{API}/clusters/{line['id']}"
    assert (await ann.get(path)).json()["replies"] == ["Yes, for free."]
    assert refusal(await ann.post(f"{path}/dismiss"), 403)["code"] == "not_allowed"
    assert (await mei.post(f"{path}/dismiss")).status_code == 204
    assert (await mei.get(f"{API}/clusters")).json()["total"] == 0
    assert (await mei.post(f"{path}/reopen")).status_code == 204
    made = await mei.post(f"{path}/draft")
    assert made.status_code == 201
    assert made.json()["content"]["texts"][0]["answer"] == "Yes, for free."
    assert (await mei.post(f"{path}/draft")).json()["id"] == made.json()["id"], "asked twice, made once"
    assert [each["state"] for each in (await mei.get(f"{API}/clusters?quiet=true")).json()["lines"]] == ["done"]
    assert refusal(await mei.get(f"{API}/clusters/none"), 404)["code"] == "not_found"


async def test_a_program_compares_versions_and_joins_two_editors_texts(mei: httpx.AsyncClient) -> None:
    article = await created(mei)
    path, content = f"{ARTICLES}/{article['id']}", article["content"]
    answer = {**content, "texts": [{**content["texts"][0], "answer": "Yes, for a fee."}]}
    assert (await mei.put(path, json={"expected_version": 1, "content": answer})).status_code == 200
    [change] = (await mei.get(f"{path}/compare", params={"before": 1, "after": 2})).json()
    assert change["field"] == "en.answer"
    assert "".join(piece["text"] for piece in change["after"]) == "Yes, for a fee."
    mine = {**content, "category": "jewellery"}
    joined = (await mei.post(f"{path}/merge", json={"base_version": 1, "content": mine})).json()
    assert (joined["version"], joined["conflicts"]) == (2, [])
    assert (joined["content"]["category"], joined["content"]["texts"][0]["answer"]) == ("jewellery", "Yes, for a fee.")
    assert refusal(await mei.get(f"{path}/compare", params={"before": 1, "after": 9}), 404)["code"] == "not_found"


async def test_a_program_sees_what_a_replacement_and_a_publication_of_many_would_do(
    library: Library, mei: httpx.AsyncClient
) -> None:
    article = await created(mei, an_article(a_side(answer="Ask in the Zanzibar shop.")))
    [found] = (await mei.post(f"{API}/bulk/find", json={"find": "zanzibar", "put": "Beijing"})).json()
    assert (found["id"], found["changes"][0]["field"]) == (article["id"], "en.answer")
    await library.golden("ring engraving", Language.EN, RETURN)
    items = {"items": [{"id": article["id"], "expected_version": 1}]}
    gate = (await mei.post(f"{API}/bulk/gate", json=items)).json()
    assert [each["question"] for each in gate["golden"]] == ["ring engraving"]
    look = (await mei.post(f"{API}/preview", json={"language": "en", "answer": "**Yes**", "short": ""})).json()
    assert (look["widget"], look["telegram"]) == ("<p><strong>Yes</strong></p>\n", "<b>Yes</b>")


async def test_a_program_flags_an_answer_and_settles_what_it_looked_at(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    path = f"{ARTICLES}/{await library.article_id(RETURN)}/flags"
    body = {"language": "en", "reason": "out_of_date", "words": "It is ten days now."}
    flag = (await mei.post(path, json=body)).json()
    assert [each["words"] for each in (await ann.get(f"{API}/flags")).json()] == ["It is ten days now."]
    assert (await mei.post(f"{path}/settle", json={"end": "mended", "seen": [flag["id"]]})).status_code == 204
    assert (await ann.get(f"{API}/flags")).json() == []


async def test_a_program_reads_figures_and_why_a_reply_was_given(library: Library, mei: httpx.AsyncClient) -> None:
    figures = (await mei.get(f"{API}/figures", params={"days": 7})).json()
    assert (len(figures["days"]), figures["total"]["questions"]) == (7, 0)
    article_id = await library.article_id(RETURN)
    assert (await mei.get(f"{ARTICLES}/{article_id}/figures")).json()["helped"] is None
    question = "How do I return something within seven days?"
    library.replies.put("reply", question, await library.ask(question))
    why = (await mei.get(f"{API}/why/reply")).json()
    assert (why["same"], why["then"]["candidates"][0]["article_id"]) == (True, article_id)
    assert why["then"]["word_for_word"]
    assert {"name", "value", "moved"} == set(why["then"]["candidates"][0]["weighed"][0])
    assert refusal(await mei.get(f"{API}/why/none"), 404)["code"] == "not_found"
