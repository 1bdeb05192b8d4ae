"""handoff: the knowledge base inside the console: looked up by whoever works here, flagged where it is not right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.contracts import FlagReason, KnownArticle
from handoff.suggesting import LONGEST, Suggesting
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue, Language
from staff.ports import Gate

PATH = "/desk/articles"


class FlagBody(BaseModel):
    """Why an answer is not right; `language` is the side that was read."""

    model_config = ConfigDict(extra="forbid")
    reason: FlagReason
    words: str = Field(max_length=4000)
    language: Language


def build_articles_router(*, suggesting: Suggesting, gate: Gate, to_html: Callable[[str], str]) -> APIRouter:
    """Two routes below `/desk/articles`; `to_html` makes an answer safe to show."""
    router = APIRouter()

    @router.get(PATH, response_model=None)
    async def look_up(
        request: Request, language: Language, q: Annotated[str, Query(max_length=LONGEST)] = ""
    ) -> dict[str, JsonValue]:
        await gate.require(request, *MAY_WORK)
        found = await suggesting.look_up(q, language)
        return {"items": [_item(one, to_html) for one in found]}

    @router.post(PATH + "/{article_id}/flag", response_model=None)
    async def flag(
        request: Request, article_id: Annotated[str, Path(max_length=40)], body: FlagBody
    ) -> dict[str, JsonValue]:
        agent = agent_of(await gate.require(request, *MAY_WORK))
        await suggesting.flag(article_id, agent, body.language, reason=body.reason, words=body.words)
        return {"flagged": True}

    return router


def _item(one: KnownArticle, to_html: Callable[[str], str]) -> dict[str, JsonValue]:
    return {
        "id": one.id,
        "title": one.title,
        "language": one.language,
        "html": to_html(one.answer),
        "text": one.text,
        "confidence": round(one.confidence, 2),
        "staff_only": one.staff_only,
    }
