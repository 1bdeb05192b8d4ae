"""handoff: sending again what did not reach the customer, as the console asks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from handoff.delivering import Delivering
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from staff.ports import Gate

MOST = 2**31 - 1


class LineBody(BaseModel):
    """Which line."""

    model_config = ConfigDict(extra="forbid")
    seq: int = Field(ge=1, le=MOST)


def build_deliveries_router(*, delivering: Delivering, gate: Gate) -> APIRouter:
    """One route below `/desk`; the states themselves come over the socket."""
    router = APIRouter()

    @router.post("/desk/conversations/{conversation_id}/send-again", response_model=None)
    async def send_again(
        request: Request, conversation_id: Annotated[str, Path(max_length=40)], body: LineBody
    ) -> dict[str, JsonValue]:
        agent = agent_of(await gate.require(request, *MAY_WORK))
        return {"again": await delivering.send_again(conversation_id, agent, seq=body.seq)}

    return router
