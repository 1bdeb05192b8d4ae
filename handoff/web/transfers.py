"""handoff: giving conversations on, as the console asks for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent, Handoff
from handoff.refusals import UnknownChoice
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.transfers import REASON_LIMIT, Transfers
from handoff.web.frames import state_of
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from kit.web.pages import Pages
from staff.ports import Gate

MOST = 2**31 - 1
ConversationId = Annotated[str, Path(max_length=40)]


class TransferBody(BaseModel):
    """To whom (`bot`, `agent:<account id>`, `department:<name>`), why, and the epoch one holds it under."""

    model_config = ConfigDict(extra="forbid")
    to: str = Field(min_length=1, max_length=80)
    reason: str = Field("", max_length=4000)
    epoch: int = Field(ge=0, le=MOST)


def build_transfers_router(
    *, pages: Pages, transfers: Transfers, agents: AgentDesk, gate: Gate, sights: Sights, settings: HandoffSettings
) -> APIRouter:
    """One address: what can be chosen, and the choice."""
    router = APIRouter()
    address = "/desk/conversations/{conversation_id}/transfer"

    @router.get(address)
    async def choices(request: Request, conversation_id: ConversationId) -> Response:
        person = await gate.require(request, *MAY_WORK)
        sight, language = await sights.of(person.id, person.roles), pages.language(request)
        handoff = await agents.load_latest(conversation_id, sight=sight)
        return pages.page(
            request,
            "handoff/transfer.html",
            colleagues=await transfers.colleagues(Agent(id=person.id, name=person.display_name)),
            departments=[(one.name, one.label(language)) for one in settings.departments],
            department=handoff.placing.department,
            reason_limit=REASON_LIMIT,
        )

    @router.post(address, response_model=None)
    async def transfer(request: Request, conversation_id: ConversationId, body: TransferBody) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        done = await give_on(transfers, conversation_id, Agent(id=person.id, name=person.display_name), body)
        return {"state": state_of(done)}

    return router


async def give_on(transfers: Transfers, conversation_id: str, agent: Agent, body: TransferBody) -> Handoff:
    """Do what was chosen. Raises UnknownChoice and what `Transfers` raises."""
    kind, _, name = body.to.partition(":")
    match kind:
        case "bot":
            return await transfers.to_bot(conversation_id, agent, epoch=body.epoch, reason=body.reason)
        case "agent":
            return await transfers.to_colleague(
                conversation_id, agent, epoch=body.epoch, colleague_id=name, reason=body.reason
            )
        case "department":
            return await transfers.to_department(
                conversation_id, agent, epoch=body.epoch, department=name, reason=body.reason
            )
        case _:
            raise UnknownChoice(field="to", value=body.to)
