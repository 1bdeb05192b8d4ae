"""handoff: the customer record of an open conversation over HTTP: history, notes, tags, joined channels, contacts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from handoff.contact_masks import number_in
from handoff.contracts import Sight
from handoff.customer_records import CODE_FOR, CustomerRecords
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.web.agents import agent_of
from handoff.web.labels import CategoryLabel, Labels
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue
from kit.web.pages import Pages
from staff.contracts import Person, Role
from staff.ports import Gate

PATH = "/desk/conversations/{conversation_id}/customer"
ConversationId = Annotated[str, Path(max_length=40)]
DONE: dict[str, JsonValue] = {"done": True}


class TextBody(BaseModel):
    """Something typed."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=20_000)


class OtherBody(BaseModel):
    """Another conversation that may be the same customer's."""

    model_config = ConfigDict(extra="forbid")
    other: str = Field(min_length=1, max_length=40)


class JoinBody(OtherBody):
    """The same, and how the agent knows."""

    text: str = Field(max_length=20_000)


class NumberBody(BaseModel):
    """Which contact of the record, from 0."""

    model_config = ConfigDict(extra="forbid")
    number: int = Field(ge=0, le=1000)


def sees_contacts(person: Person, settings: HandoffSettings) -> bool:
    """Whether somebody reads phone numbers and addresses in full."""
    return Role.ADMIN in person.roles or bool(
        {str(role) for role in person.roles} & set(settings.scopes.contacts_shown_to)
    )


def build_customer_router(
    *,
    pages: Pages,
    records: CustomerRecords,
    gate: Gate,
    sights: Sights,
    category_label: CategoryLabel,
    settings: HandoffSettings,
) -> APIRouter:
    """Below an open conversation; for everybody who works at the desk and sees it."""
    router = APIRouter(prefix=PATH)

    async def reader(request: Request) -> tuple[Person, Sight]:
        person = await gate.require(request, *MAY_WORK)
        return person, await sights.of(person.id, person.roles)

    @router.get("")
    async def show(request: Request, conversation_id: ConversationId, q: str = "") -> Response:
        person, sight = await reader(request)
        record = await records.record(conversation_id, sight=sight, in_full=sees_contacts(person, settings))
        known = {conversation_id, *(one.conversation_id for one in record.history)}
        found = await records.search(q, sight=sight)
        return pages.page(
            request,
            "handoff/customer.html",
            conversation_id=conversation_id,
            record=record,
            words=q,
            by_number=bool(number_in(q)),
            found=[one for one in found if one.conversation_id not in known],
            minutes=int(CODE_FOR.total_seconds() // 60),
            labels=Labels(pages.texts, pages.language(request), category_label=category_label, settings=settings),
        )

    @router.post("/note", response_model=None)
    async def note(request: Request, conversation_id: ConversationId, body: TextBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.add_note(conversation_id, body.text, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/tags", response_model=None)
    async def tags(request: Request, conversation_id: ConversationId, body: TextBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.set_tags(conversation_id, body.text, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/join", response_model=None)
    async def join(request: Request, conversation_id: ConversationId, body: JoinBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.join(conversation_id, body.other, body.text, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/separate", response_model=None)
    async def separate(request: Request, conversation_id: ConversationId, body: OtherBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.separate(conversation_id, body.other, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/send-code", response_model=None)
    async def send_code(request: Request, conversation_id: ConversationId, body: OtherBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.send_code(conversation_id, body.other, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/code", response_model=None)
    async def code(request: Request, conversation_id: ConversationId, body: TextBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        await records.join_by_code(conversation_id, body.text, sight=sight, by=agent_of(person))
        return DONE

    @router.post("/reveal", response_model=None)
    async def reveal(request: Request, conversation_id: ConversationId, body: NumberBody) -> dict[str, JsonValue]:
        person, sight = await reader(request)
        return {"value": await records.reveal(conversation_id, body.number, sight=sight, by=agent_of(person))}

    return router
