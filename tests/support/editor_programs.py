"""tests: what a program sends to the editors' HTTP interface, and what it expects back."""

from __future__ import annotations

from typing import Any

import httpx

ARTICLES = "/api/v1/knowledge/articles"
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
