"""tests: what cannot be stored is refused over HTTP, at its field."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.support.editor_programs import ARTICLES, a_side, an_article, created, refusal


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
