"""handoff: putting tags on conversations, as the console asks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.tagging import Tagging
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from staff.ports import Gate

ConversationId = Annotated[str, Path(max_length=40)]


class TagBody(BaseModel):
    """Which tag."""

    model_config = ConfigDict(extra="forbid")
    tag: str = Field(max_length=200)


def build_tags_router(*, tagging: Tagging, gate: Gate) -> APIRouter:
    """Two routes below `/desk`; what comes of them is read with the conversation."""
    router = APIRouter(prefix="/desk/conversations/{conversation_id}")

    @router.post("/tag", response_model=None)
    async def tag(request: Request, conversation_id: ConversationId, body: TagBody) -> dict[str, JsonValue]:
        await gate.require(request, *MAY_WORK)
        await tagging.add(conversation_id, body.tag)
        return {}

    @router.post("/untag", response_model=None)
    async def untag(request: Request, conversation_id: ConversationId, body: TagBody) -> dict[str, JsonValue]:
        await gate.require(request, *MAY_WORK)
        await tagging.remove(conversation_id, body.tag)
        return {}

    return router
