"""handoff: `/desk-files`: what customers and representatives send each other, shown and sent in the console."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from handoff.agent_desk import AgentDesk
from handoff.ports import Attachments
from handoff.sights import Sights
from handoff.web.agents import agent_of
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from kit.web.sent_files import sent_file
from staff.ports import Gate

PATH = "/desk-files"
"""A path of its own, for more may be sent here than elsewhere."""
MOST = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]


def build_files_router(*, agents: AgentDesk, files: Attachments, gate: Gate, sights: Sights) -> APIRouter:
    """Opening the file of a line, and sending one."""
    router = APIRouter(prefix=PATH)

    @router.get("/{conversation_id}/{seq}")
    async def open_file(
        request: Request, conversation_id: ConversationId, seq: Annotated[int, Path(ge=1, le=MOST)]
    ) -> Response:
        person = await gate.require(request, *MAY_WORK)
        await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        return sent_file(await files.load(conversation_id, seq), shown=True)

    @router.post("/{conversation_id}", response_model=None)
    async def send_file(
        request: Request,
        conversation_id: ConversationId,
        key: Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{1,100}$")],
        epoch: Annotated[int, Query(ge=0, le=MOST)],
        name: Annotated[str, Query(max_length=255)] = "",
    ) -> dict[str, JsonValue]:
        """The body is the file; the same key twice is one line."""
        agent = agent_of(await gate.require(request, *MAY_WORK))
        file = files.check(name, await request.body())
        return {"seq": await agents.send_file(conversation_id, agent, key=key, file=file, epoch=epoch)}

    return router
