"""tests: who may do what with an article over HTTP, its life, and two editors at once."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from knowledge_base.attached_files import LIMIT_MIB
from knowledge_base.images import SIZE_LIMIT
from tests.knowledge_base.test_images import picture
from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, a_side, an_article, created, refusal, step


async def test_strangers_are_sent_to_sign_in_and_their_programs_told_so(library: Library) -> None:
    async with library.house.client() as browser:
        page = await browser.get("/knowledge")
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/knowledge")
    async with library.house.client(html=False) as program:
        assert refusal(await program.get(ARTICLES), 401)["code"] == "not_signed_in"
        assert refusal(await program.post("/api/v1/knowledge/try", json={}), 422)["code"] == "malformed"
        assert refusal(await program.post(ARTICLES, json=an_article()), 401)["code"] == "not_signed_in"


async def test_agents_read_and_try_but_write_nothing(library: Library, ann: httpx.AsyncClient) -> None:
    article_id = await library.article_id(RETURN)
    assert (await ann.get(f"{ARTICLES}/{article_id}")).status_code == 200
    tried = await ann.post("/api/v1/knowledge/try", json={"question": "send it back", "content": an_article()})
    assert tried.status_code == 200
    body = {"expected_version": 1, "content": an_article()}
    for method, path, json in (
        ("POST", ARTICLES, an_article()),
        ("PUT", f"{ARTICLES}/{article_id}", body),
        ("POST", f"{ARTICLES}/{article_id}/publish", {"expected_version": 1}),
        ("POST", f"{ARTICLES}/{article_id}/retire", {"expected_version": 1}),
        ("POST", f"{ARTICLES}/{article_id}/restore", {"expected_version": 1, "version": 1}),
        ("DELETE", f"{ARTICLES}/{article_id}?expected_version=1", None),
        ("POST", f"/knowledge/articles/{article_id}/merge", {"base_version": 1, "content": an_article()}),
        ("POST", "/api/v1/knowledge/misses/dismiss", {"question": "x", "language": "en"}),
    ):
        assert refusal(await ann.request(method, path, json=json), 403)["code"] == "not_allowed", path
    page = (await ann.get(f"/knowledge/articles/{article_id}")).text
    assert "data-locked" in page
    assert 'data-do="save"' not in page
    assert refusal(await ann.get("/knowledge/articles/new"), 403)["code"] == "not_allowed"


async def test_nothing_is_written_without_the_sessions_token(library: Library, mei: httpx.AsyncClient) -> None:
    token = mei.headers.pop("X-CSRF-Token")
    assert refusal(await mei.post(ARTICLES, json=an_article()), 403)["code"] == "csrf"
    mei.headers["X-CSRF-Token"] = token[::-1]
    assert refusal(await mei.post(ARTICLES, json=an_article()), 403)["code"] == "csrf"
    mei.headers["X-CSRF-Token"] = token
    assert (await mei.get(ARTICLES, params={"words": "wedding"})).json()["total"] == 0


# --- writing ----------------------------------------------------------------------------------------------------------


async def test_a_published_article_answers_the_next_question_and_a_retired_one_none(
    library: Library, mei: httpx.AsyncClient
) -> None:
    article = await created(mei)
    assert (article["status"], article["version"], article["content"]["key"]) == (
        "draft",
        1,
        "do-you-engrave-wedding-rings",
    )
    assert await library.answers("do you engrave wedding rings?") != "do-you-engrave-wedding-rings"
    published = await step(mei, article, "publish")
    assert (published["status"], published["published_version"]) == ("published", 1)
    assert await library.answers("do you engrave wedding rings?") == "do-you-engrave-wedding-rings"
    retired = await step(mei, published, "retire")
    assert (retired["status"], retired["published_version"]) == ("retired", None)
    assert await library.answers("do you engrave wedding rings?") != "do-you-engrave-wedding-rings"


async def test_customers_keep_the_published_version_until_the_next_is_published(
    library: Library, mei: httpx.AsyncClient
) -> None:
    article = await step(mei, await created(mei), "publish")
    content = an_article(a_side(answer="No longer."))
    saved = (await mei.put(f"{ARTICLES}/{article['id']}", json={"expected_version": 1, "content": content})).json()
    assert (saved["version"], saved["published_version"], saved["status"]) == (2, 1, "published")
    assert (await library.ask("do you engrave wedding rings?")).matches[0].answer == "Yes, **free of charge**."
    page = (await mei.get("/knowledge", params={"changed": "true"})).text
    assert article["id"] in page
    await step(mei, saved, "publish")
    assert (await library.ask("do you engrave wedding rings?")).matches[0].answer == "No longer."


async def test_what_customers_get_cannot_be_deleted(mei: httpx.AsyncClient) -> None:
    draft = await created(mei)
    gone = await mei.delete(f"{ARTICLES}/{draft['id']}", params={"expected_version": 1})
    assert gone.status_code == 204
    assert refusal(await mei.get(f"{ARTICLES}/{draft['id']}"), 404)["code"] == "not_found"
    kept = await step(mei, await created(mei), "publish")
    refused = await mei.delete(f"{ARTICLES}/{kept['id']}", params={"expected_version": 1})
    assert refusal(refused, 409)["code"] == "article_still_published"


async def test_a_draft_goes_to_review_and_back(mei: httpx.AsyncClient, tom: httpx.AsyncClient) -> None:
    article = await step(mei, await created(mei), "submit")
    assert article["status"] == "in_review"
    assert 'data-do="reject"' in (await tom.get(f"/knowledge/articles/{article['id']}/head")).text
    assert (await step(tom, article, "reject"))["status"] == "draft"


# --- two editors ------------------------------------------------------------------------------------------------------


async def test_of_two_editors_at_once_one_wins_and_the_other_is_told_who(
    mei: httpx.AsyncClient, tom: httpx.AsyncClient
) -> None:
    article = await created(mei)

    async def save(client: httpx.AsyncClient, title: str) -> httpx.Response:
        body = {"expected_version": 1, "content": an_article(a_side(title=title))}
        return await client.put(f"{ARTICLES}/{article['id']}", json=body)

    answers = await asyncio.gather(save(mei, "Mei's title?"), save(tom, "Tom's title?"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer for answer in answers if answer.status_code == 200).json()
    lost = refusal(next(answer for answer in answers if answer.status_code == 409), 409)
    assert lost["code"] == "article_changed"
    assert won["updated_by"] in lost["text"]
    versions = (await mei.get(f"{ARTICLES}/{article['id']}/versions")).json()
    assert [version["version"] for version in versions] == [2, 1]


async def test_the_second_editor_sees_what_changed_and_gets_both_texts_in_one(
    mei: httpx.AsyncClient, tom: httpx.AsyncClient
) -> None:
    article = await created(mei)
    theirs = an_article(a_side(title="Do you engrave silver rings?", questions=["ring engraving", "engraved ring"]))
    await mei.put(f"{ARTICLES}/{article['id']}", json={"expected_version": 1, "content": theirs})
    mine = an_article(a_side(answer="Yes, for 10 yuan.", questions=["ring engraving", "name on a ring"]))
    piece = await tom.post(f"/knowledge/articles/{article['id']}/merge", json={"base_version": 1, "content": mine})
    assert piece.status_code == 200
    assert "Mei" in piece.text
    assert re.search(r"<del>.*wedding</del>", piece.text)
    assert re.search(r"<ins>.*silver</ins>", piece.text)
    merged = await _merged(piece)
    assert merged["version"] == 2
    assert merged["theirs"] == {}
    side = merged["content"]["texts"][0]
    assert side["title"] == "Do you engrave silver rings?"
    assert side["answer"] == "Yes, for 10 yuan."
    assert side["questions"] == ["ring engraving", "name on a ring", "engraved ring"]


async def _merged(piece: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="merged">(.*?)</script>', piece.text, re.DOTALL)
    assert found
    merged: dict[str, Any] = httpx.Response(200, text=found[1]).json()
    return merged


@pytest.mark.parametrize("name", ["publish", "retire", "submit"])
async def test_nobody_acts_on_a_version_they_have_not_seen(
    mei: httpx.AsyncClient, tom: httpx.AsyncClient, name: str
) -> None:
    article = await step(mei, await created(mei), "publish")
    body = {"expected_version": 1, "content": an_article(a_side(title="Changed?"))}
    await tom.put(f"{ARTICLES}/{article['id']}", json=body)
    refused = await mei.post(f"{ARTICLES}/{article['id']}/{name}", json={"expected_version": 1})
    assert refusal(refused, 409)["code"] == "article_changed"


# --- preview and trial ------------------------------------------------------------------------------------------------


async def test_every_step_stands_in_the_audit_trail_with_its_doer(library: Library, mei: httpx.AsyncClient) -> None:
    article = await step(mei, await created(mei), "publish")
    await step(mei, article, "retire")
    trail = await library.house.staff.audit_page()
    steps = [record for record in trail.records if record.subject == f"article:{article['id']}"]
    assert [record.action.removeprefix("knowledge_base.") for record in steps] == ["retire", "publish", "create"]
    names = {account.id: account.name for account in await library.house.staff.accounts()}
    assert {names[record.account_id or ""] for record in steps} == {"mei"}


# --- unanswered questions ---------------------------------------------------------------------------------------------


async def test_details_travel_through_the_interface(mei: httpx.AsyncClient) -> None:
    details = {
        "audience": "agents",
        "valid_from": "2027-01-01T08:00:00+08:00",
        "valid_until": None,
        "owner": "mei",
        "review_on": "2027-02-03",
        "follow_ups": [RETURN],
        "action": "hand_over",
        "department": "after_sales",
    }
    made = await mei.post(ARTICLES, json={**an_article(), "details": details})
    assert made.status_code == 201
    stored = made.json()["content"]["details"]
    assert stored == {**details, "valid_from": "2027-01-01T00:00:00Z"}
    published = await step(mei, made.json(), "publish")
    assert (published["published_version"], published["scheduled_at"]) == (None, "2027-01-01T00:00:00Z")
    head = (await mei.get(f"/knowledge/articles/{published['id']}/head")).text
    assert 'data-do="call_off"' in head
    assert (await step(mei, published, "call-off"))["scheduled_at"] is None
    unknown = {**details, "department": "long_gone"}
    refused = refusal(await mei.post(ARTICLES, json={**an_article(), "details": unknown}), 422)
    assert (refused["code"], list(refused["details"])) == ("article_invalid", ["department"])
    naive = {**details, "valid_from": "2027-01-01T08:00:00"}
    assert refusal(await mei.post(ARTICLES, json={**an_article(), "details": naive}), 422)["code"] == "malformed"


async def test_a_deleted_article_is_listed_apart_and_brought_back(mei: httpx.AsyncClient) -> None:
    article = await created(mei)
    await mei.delete(f"{ARTICLES}/{article['id']}", params={"expected_version": 1})
    page = (await mei.get("/knowledge", params={"deleted": "true"})).text
    assert f"/knowledge/articles/{article['id']}/undelete" in page
    assert (await mei.get(ARTICLES, params={"deleted": "true"})).json()["total"] == 1
    back = await step(mei, article, "undelete")
    assert back["status"] == "draft"


async def test_open_pages_hear_of_each_other_and_the_desk_keeps_their_text(
    library: Library, mei: httpx.AsyncClient, tom: httpx.AsyncClient
) -> None:
    article = await created(mei)
    path = f"/api/v1/knowledge/unsaved/{article['id']}"
    typed = {"base_version": 1, "content": an_article(category="typed-not-saved")}
    assert (await mei.put(path, json=typed)).json()["colleagues"] == []
    company = (await tom.put(path, json={"base_version": 1})).json()
    assert company == {
        "version": 1,
        "saved_by": "Mei",
        "is_deleted": False,
        "colleagues": [{"name": "Mei", "writes": True}],
    }
    page = (await mei.get(f"/knowledge/articles/{article['id']}")).text
    assert '"category":"typed-not-saved"' in page
    assert '"category":"typed-not-saved"' not in (await tom.get(f"/knowledge/articles/{article['id']}")).text
    assert (await mei.delete(path)).status_code == 204
    assert '"category":"typed-not-saved"' not in (await mei.get(f"/knowledge/articles/{article['id']}")).text


async def test_a_picture_is_taken_from_editors_and_shown_to_everybody(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    made = await mei.post("/api/v1/knowledge/images", content=picture("PNG"))
    assert made.status_code == 201
    address = made.json()["address"]
    ann.cookies.clear()
    shown = await ann.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert "immutable" in shown.headers["cache-control"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert refusal(await mei.post("/api/v1/knowledge/images", content=b"<svg/>"), 422)["code"] == "not_an_image"
    heavy = await mei.post("/api/v1/knowledge/images", content=b"x" * (SIZE_LIMIT + 1))
    assert refusal(heavy, 413)["code"] == "image_too_heavy"


async def test_an_attachment_is_taken_from_editors_and_given_to_everybody(
    mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    path = "/api/v1/knowledge/attachments"
    made = await mei.post(path, params={"name": "保修卡.pdf"}, content=b"%PDF-1.7 warranty")
    assert made.status_code == 201
    kept = made.json()
    article = await created(mei, an_article(a_side(attachments=[{"id": kept["id"], "name": kept["name"]}])))
    assert article["content"]["texts"][0]["attachments"] == [{"id": kept["id"], "name": "保修卡.pdf"}]
    assert refusal(await ann.post(path, content=b"%PDF-1.7"), 403)["code"] == "not_allowed"
    ann.cookies.clear()
    shown = await ann.get(kept["address"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert refusal(await mei.post(path, content=b"<svg/>"), 422)["code"] == "attachment_unknown"
    heavy = await mei.post(path, content=b"%PDF-" + b"x" * (LIMIT_MIB * 2**20))
    assert refusal(heavy, 413)["code"] == "attachment_too_large"
    gone = await mei.post(ARTICLES, json=an_article(a_side(attachments=[{"id": "0" * 64, "name": "a.pdf"}])))
    assert refusal(gone, 422)["details"] == {"en.attachments": "knowledge_base.fault.attachments_gone"}
