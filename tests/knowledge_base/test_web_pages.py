"""tests: what the editors' pages show: previews, trials, lists, histories, unanswered questions."""

from __future__ import annotations

import re

import httpx
import pytest

from kit.contracts import Language
from tests.support.editing import Library
from tests.support.editor_programs import ARTICLES, RETURN, a_side, an_article, created, refusal

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
    trial = (await mei.post("/api/v1/knowledge/try", json=body)).json()
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


async def test_unanswered_questions_are_listed_with_their_count_and_dismissed_for_good(
    library: Library, mei: httpx.AsyncClient
) -> None:
    best = await library.article_id(RETURN)
    await library.miss("do you price match?", Language.EN)
    await library.miss("do you price match?", Language.EN)
    await library.miss("能刻字吗", Language.ZH, why="unsure", best=best)
    found = (await mei.get("/api/v1/knowledge/misses")).json()
    assert found["total"] == 2
    assert {line["question"]: line["count"] for line in found["misses"]} == {"do you price match?": 2, "能刻字吗": 1}
    gone = await mei.post("/api/v1/knowledge/misses/dismiss", json={"question": "能刻字吗", "language": "zh"})
    assert gone.status_code == 204
    assert (await mei.get("/api/v1/knowledge/misses")).json()["total"] == 1


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
