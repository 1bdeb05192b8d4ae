"""tests: the editors' pages and the HTTP interface beside them, through the door that browsers and programs use."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from kit.contracts import Language
from knowledge_base.images import SIZE_LIMIT
from tests.knowledge_base.test_images import picture
from tests.support.editing import Library
from tests.support.web import sign_in

ARTICLES = "/api/knowledge/articles"
RETURN = "return-without-reason-seven-days"


def a_side(language: str = "en", **changes: Any) -> dict[str, Any]:
    return {
        "language": language,
        "title": "Do you engrave wedding rings?",
        "answer": "Yes, **free of charge**.",
        "short": "",
        "questions": ["ring engraving"],
    } | changes


def an_article(*sides: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"key": "", "category": "orders", "products": [], "texts": list(sides) or [a_side()]} | changes


@pytest.fixture
async def mei(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """An editor's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "mei")
        client.headers["Accept-Language"] = "en"
        client.cookies.set("desk_language", "en")
        yield client


@pytest.fixture
async def tom(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """Another editor's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "tom")
        yield client


@pytest.fixture
async def ann(library: Library) -> AsyncIterator[httpx.AsyncClient]:
    """An agent's program."""
    async with library.house.client(html=False) as client:
        await sign_in(client, "ann")
        yield client


async def created(client: httpx.AsyncClient, content: dict[str, Any] | None = None) -> dict[str, Any]:
    response = await client.post(ARTICLES, json=content or an_article())
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def step(client: httpx.AsyncClient, article: dict[str, Any], name: str) -> dict[str, Any]:
    response = await client.post(f"{ARTICLES}/{article['id']}/{name}", json={"expected_version": article["version"]})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def refusal(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.json()["error"]
    return found


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_strangers_are_sent_to_sign_in_and_their_programs_told_so(library: Library) -> None:
    async with library.house.client() as browser:
        page = await browser.get("/knowledge")
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/knowledge")
    async with library.house.client(html=False) as program:
        assert refusal(await program.get(ARTICLES), 401)["code"] == "not_signed_in"
        assert refusal(await program.post("/api/knowledge/try", json={}), 422)["code"] == "malformed"
        assert refusal(await program.post(ARTICLES, json=an_article()), 401)["code"] == "not_signed_in"


async def test_agents_read_and_try_but_write_nothing(library: Library, ann: httpx.AsyncClient) -> None:
    article_id = await library.article_id(RETURN)
    assert (await ann.get(f"{ARTICLES}/{article_id}")).status_code == 200
    tried = await ann.post("/api/knowledge/try", json={"question": "send it back", "content": an_article()})
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
        ("POST", "/api/knowledge/misses/dismiss", {"question": "x", "language": "en"}),
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


@pytest.mark.parametrize(
    ("content", "field", "fault"),
    [
        (an_article(a_side(title="x" * 201)), "en.title", "title_long"),
        (an_article(a_side(answer="x" * 20_001)), "en.answer", "answer_long"),
        (an_article(a_side(title=" ")), "en.title", "title_empty"),
        (an_article(a_side("zh", short="长" * 501)), "zh.short", "short_long"),
        (an_article(a_side(questions=["a", "b", "x" * 301])), "en.questions.2", "question_long"),
        (an_article(a_side(questions=[f"wording {n}" for n in range(101)])), "en.questions", "questions_many"),
        (an_article(a_side(answer="NUL \0 in it")), "en.answer", "control"),
        (an_article(category=""), "category", "category_empty"),
        (an_article(category="<b>"), "category", "category"),
        (an_article(products=["a\nb"]), "products", "products"),
        (an_article(key="Not A Key"), "key", "key"),
        (an_article(texts=[]), "texts", "no_text"),
        (an_article(texts=[a_side(), a_side()]), "texts", "language_twice"),
    ],
)
async def test_what_cannot_be_stored_is_refused_at_its_field(
    mei: httpx.AsyncClient, content: dict[str, Any], field: str, fault: str
) -> None:
    error = refusal(await mei.post(ARTICLES, json=content), 422)
    assert (error["code"], error["field"]) == ("article_invalid", field)
    assert error["details"][field] == f"knowledge_base.fault.{fault}"


async def test_an_unfinished_draft_is_stored_but_not_published(mei: httpx.AsyncClient) -> None:
    article = await created(mei, an_article(a_side(answer="")))
    refused = await mei.post(f"{ARTICLES}/{article['id']}/publish", json={"expected_version": 1})
    assert refusal(refused, 422)["details"] == {"en.answer": "knowledge_base.fault.answer_empty"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"category": "orders", "colour": "red"}, "colour"),
        ({"texts": [{"language": "fr"}]}, "texts.0.language"),
        ({"texts": [{"language": "en", "questions": "not a list"}]}, "texts.0.questions"),
        ([], "body"),
    ],
)
async def test_a_body_of_another_form_is_called_malformed_with_the_place(
    mei: httpx.AsyncClient, body: object, field: str
) -> None:
    error = refusal(await mei.post(ARTICLES, json=body), 422)
    assert error["code"] == "malformed"
    assert field in error["details"]


async def test_a_key_is_made_where_none_is_named_and_never_taken_twice(mei: httpx.AsyncClient) -> None:
    keys = [(await created(mei))["content"]["key"] for _ in range(3)]
    assert keys == [f"do-you-engrave-wedding-rings{end}" for end in ("", "-2", "-3")]
    chinese = (await created(mei, an_article(a_side("zh", title="能刻字吗"))))["content"]["key"]
    assert re.fullmatch(r"article-[0-9a-f]{8}", chinese)
    error = refusal(await mei.post(ARTICLES, json=an_article(key=keys[0])), 409)
    assert (error["code"], error["field"]) == ("article_key_taken", "key")


async def test_categories_and_tags_may_be_named_in_chinese(mei: httpx.AsyncClient) -> None:
    article = await created(mei, an_article(category="以旧换新", products=["空气炸锅", " 空气炸锅 ", "洗碗机"]))
    assert article["content"]["products"] == ["空气炸锅", "洗碗机"]
    page = (await mei.get("/knowledge", params={"category": "以旧换新"})).text
    assert article["id"] in page
    assert page.count("<tr>") == 2


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

NASTY = """<script>alert(1)</script> <img src=x onerror=alert(2)> <a href="javascript:alert(3)">a</a>
[b](javascript:alert(4)) [c](data:text/html,x) <iframe src="https://evil.example"></iframe> **bold** [ok](https://a.example)
"""


async def test_the_preview_shows_the_answer_without_anything_that_runs(mei: httpx.AsyncClient) -> None:
    body = {"language": "en", "title": '<svg onload="alert(5)">', "answer": NASTY}
    piece = (await mei.post("/knowledge/preview", json=body)).text
    live = re.findall(r"<\s*(script|img|iframe|svg|style|object)\b", piece, re.IGNORECASE)
    assert live == []
    assert not re.search(r"<[^>]+\s(on\w+|style)\s*=", piece)
    assert re.findall(r'<a [^>]*href="([^"]*)"', piece) == ["https://a.example", "https://a.example"]
    assert "<strong>bold</strong>" in piece  # as the website shows it
    assert "<b>bold</b>" in piece  # as Telegram shows it


async def test_the_preview_shows_telegram_the_short_answer_as_it_will_be_sent(mei: httpx.AsyncClient) -> None:
    body = {"language": "en", "title": "Refund", "answer": "**Long** answer", "short": "1–3 days <soon>"}
    piece = (await mei.post("/knowledge/preview", json=body)).text
    assert "<strong>Long</strong>" in piece
    assert "1–3 days &lt;soon&gt;" in piece
    assert "<b>Long</b>" not in piece


async def test_stored_text_is_shown_as_text_on_every_page(mei: httpx.AsyncClient) -> None:
    nasty = '"><script>alert(1)</script>'
    article = await created(mei, an_article(a_side(title=nasty, answer=NASTY, short=nasty, questions=[nasty + "?"])))
    for path in (
        "/knowledge",
        f"/knowledge/articles/{article['id']}",
        f"/knowledge/articles/{article['id']}/history",
    ):
        page = (await mei.get(path, headers={"Accept": "text/html"})).text
        assert "<script>alert" not in page, path
        assert "onerror=alert(2)>" not in page.replace("&lt;img src=x onerror=alert(2)&gt;", ""), path


async def test_a_trial_shows_before_and_after_and_stores_nothing(library: Library, mei: httpx.AsyncClient) -> None:
    body = {"question": "do you engrave wedding rings?", "content": an_article()}
    trial = (await mei.post("/api/knowledge/try", json=body)).json()
    assert trial["after"]["matches"][0]["title"] == "Do you engrave wedding rings?"
    assert trial["after"]["level"] == "sure"
    assert all(match["title"] != "Do you engrave wedding rings?" for match in trial["before"]["matches"])
    assert trial["before"]["knowledge_base_version"] == trial["after"]["knowledge_base_version"]
    assert (await mei.get(ARTICLES, params={"words": "wedding"})).json()["total"] == 0
    assert await library.answers("do you engrave wedding rings?") != "do-you-engrave-wedding-rings"


async def test_a_form_that_lacks_category_and_answer_can_be_tried_already(mei: httpx.AsyncClient) -> None:
    content = an_article(a_side(answer="", questions=[]), category="")
    piece = await mei.post("/knowledge/try", json={"question": "engrave rings", "content": content})
    assert piece.status_code == 200
    assert 'data-first="this"' in piece.text


# --- lists ------------------------------------------------------------------------------------------------------------


async def test_the_list_finds_words_in_both_languages_and_narrows(mei: httpx.AsyncClient) -> None:
    everything = (await mei.get(ARTICLES)).json()
    assert everything["total"] == everything["statuses"]["published"] > 10
    assert everything["categories"] == ["returns"]
    for words in ("七天无理由", "within SEVEN days", RETURN):
        found = (await mei.get(ARTICLES, params={"words": words})).json()["articles"]
        assert found[0]["key"] == RETURN, words  # words of the title before words of an answer
    assert (await mei.get(ARTICLES, params={"words": "%"})).json()["total"] < everything["total"]
    draft = await created(mei)
    for params in ({"status": "draft"}, {"missing": "zh"}, {"words": "wedding", "category": "orders"}):
        lines = (await mei.get(ARTICLES, params=params)).json()["articles"]
        assert [line["id"] for line in lines] == [draft["id"]], params
    assert refusal(await mei.get(ARTICLES, params={"status": "gone"}), 422)["details"].keys() == {"status"}


async def test_the_list_pages_without_gap_or_repeat(mei: httpx.AsyncClient) -> None:
    total = (await mei.get(ARTICLES)).json()["total"]
    seen: list[str] = []
    for offset in range(0, total, 7):
        page = (await mei.get(ARTICLES, params={"offset": offset, "limit": 7})).json()
        seen += [line["id"] for line in page["articles"]]
    assert len(seen) == len(set(seen)) == total


async def test_htmx_gets_the_rows_alone_and_people_the_whole_page(mei: httpx.AsyncClient) -> None:
    rows = (await mei.get("/knowledge", params={"words": "七天"}, headers={"HX-Request": "true"})).text
    assert "<html" not in rows
    assert "七天无理由退货怎么办" in rows
    page = (await mei.get("/knowledge", params={"words": "七天", "status": "nonsense", "missing": ""})).text
    assert "<html" in page
    assert "七天无理由退货怎么办" in page
    nothing = (await mei.get("/knowledge", params={"words": "zzzz"}, headers={"HX-Request": "true"})).text
    assert "No article fits" in nothing


async def test_an_article_that_does_not_exist_is_not_found(mei: httpx.AsyncClient) -> None:
    for path in (f"{ARTICLES}/nobody", "/knowledge/articles/nobody", "/knowledge/articles/nobody/history"):
        assert refusal(await mei.get(path), 404)["code"] == "not_found"


# --- history ----------------------------------------------------------------------------------------------------------


async def test_history_marks_the_words_that_changed_and_brings_a_version_back(mei: httpx.AsyncClient) -> None:
    article = await created(mei)
    body = {"expected_version": 1, "content": an_article(a_side(title="Do you engrave silver rings?"))}
    await mei.put(f"{ARTICLES}/{article['id']}", json=body)
    path = f"/knowledge/articles/{article['id']}"
    page = (await mei.get(f"{path}/history")).text
    assert re.search(r"<del>.*wedding</del>", page)
    assert re.search(r"<ins>.*silver</ins>", page)
    restored = await mei.post(f"{path}/restore", data={"version": "1", "expected_version": "2"})
    assert (restored.status_code, restored.headers["location"]) == (303, path)
    now = (await mei.get(f"{ARTICLES}/{article['id']}")).json()
    assert (now["version"], now["content"]["texts"][0]["title"]) == (3, "Do you engrave wedding rings?")
    versions = (await mei.get(f"{ARTICLES}/{article['id']}/versions")).json()
    assert [version["change"] for version in versions] == ["restored", "saved", "created"]
    assert refusal(await mei.get(f"{path}/history", params={"from": 9}), 404)["code"] == "not_found"


async def test_every_step_stands_in_the_audit_trail_with_its_doer(library: Library, mei: httpx.AsyncClient) -> None:
    article = await step(mei, await created(mei), "publish")
    await step(mei, article, "retire")
    trail = await library.house.staff.audit_page()
    steps = [record for record in trail.records if record.subject == f"article:{article['id']}"]
    assert [record.action.removeprefix("knowledge_base.") for record in steps] == ["retire", "publish", "create"]
    names = {account.id: account.name for account in await library.house.staff.accounts()}
    assert {names[record.account_id or ""] for record in steps} == {"mei"}


# --- unanswered questions ---------------------------------------------------------------------------------------------


async def test_unanswered_questions_are_listed_with_their_count_and_dismissed_for_good(
    library: Library, mei: httpx.AsyncClient
) -> None:
    best = await library.article_id(RETURN)
    await library.miss("do you price match?", Language.EN)
    await library.miss("do you price match?", Language.EN)
    await library.miss("能刻字吗", Language.ZH, why="unsure", best=best)
    found = (await mei.get("/api/knowledge/misses")).json()
    assert found["total"] == 2
    assert {line["question"]: line["count"] for line in found["misses"]} == {"do you price match?": 2, "能刻字吗": 1}
    page = (await mei.get("/knowledge/misses", params={"language": "zh"})).text
    assert "能刻字吗" in page
    assert "do you price match?" not in page
    assert "How do I return something within seven days?" in page
    gone = await mei.post("/api/knowledge/misses/dismiss", json={"question": "能刻字吗", "language": "zh"})
    assert gone.status_code == 204
    assert (await mei.get("/api/knowledge/misses")).json()["total"] == 1


async def test_the_closest_article_is_offered_first_for_a_new_wording(library: Library, mei: httpx.AsyncClient) -> None:
    best = await library.article_id(RETURN)
    piece = (await mei.get("/knowledge/pick", params={"near": best})).text
    assert re.findall(r'data-article="(\w+)"', piece)[0] == best
    searched = (await mei.get("/knowledge/pick", params={"near": best, "words": "zzzz"})).text
    assert "data-article" not in searched


# --- both languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.ZH, ("知识库", "新建文章", "已发布", "全部分类")),
        (Language.EN, ("Articles", "New article", "Published", "All categories")),
    ],
)
async def test_pages_speak_the_readers_language(
    library: Library, mei: httpx.AsyncClient, language: Language, words: tuple[str, ...]
) -> None:
    mei.cookies.set("desk_language", str(language))
    page = (await mei.get("/knowledge")).text
    assert all(word in page for word in words)
    article = (await mei.get(f"/knowledge/articles/{await library.article_id(RETURN)}")).text
    first = re.search(r'id="pane-(zh|en)"', article)
    assert first
    assert first[1] == str(language)  # the reader's own language stands first


async def test_details_travel_through_the_interface(mei: httpx.AsyncClient) -> None:
    details = {
        "audience": "agents",
        "valid_from": "2027-01-01T08:00:00+08:00",
        "valid_until": None,
        "owner": "mei",
        "review_on": "2027-02-03",
        "follow_ups": [RETURN],
        "action": "open_complaint",
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
    path = f"/api/knowledge/unsaved/{article['id']}"
    typed = {"base_version": 1, "content": an_article(), "asked": [{"question": "where?", "language": "en"}]}
    assert (await mei.put(path, json=typed)).json()["colleagues"] == []
    company = (await tom.put(path, json={"base_version": 1})).json()
    assert company == {"version": 1, "saved_by": "Mei", "colleagues": [{"name": "Mei", "writes": True}]}
    page = (await mei.get(f"/knowledge/articles/{article['id']}")).text
    assert '"question":"where?"' in page
    assert '"question":"where?"' not in (await tom.get(f"/knowledge/articles/{article['id']}")).text
    assert (await mei.delete(path)).status_code == 204
    assert '"question":"where?"' not in (await mei.get(f"/knowledge/articles/{article['id']}")).text


async def test_a_picture_is_taken_from_editors_and_shown_to_everybody(
    library: Library, mei: httpx.AsyncClient, ann: httpx.AsyncClient
) -> None:
    made = await mei.post("/api/knowledge/images", content=picture("PNG"))
    assert made.status_code == 201
    address = made.json()["address"]
    ann.cookies.clear()
    shown = await ann.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert "immutable" in shown.headers["cache-control"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert refusal(await mei.post("/api/knowledge/images", content=b"<svg/>"), 422)["code"] == "not_an_image"
    heavy = await mei.post("/api/knowledge/images", content=b"x" * (SIZE_LIMIT + 1))
    assert refusal(heavy, 413)["code"] == "image_too_heavy"
