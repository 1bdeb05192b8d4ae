"""handoff: `/team/replies`, where supervisors keep canned replies, and what the console asks of them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from handoff.agent_desk import AgentDesk
from handoff.canned import VARIABLES
from handoff.canned_replies import TITLE_LIMIT, CannedReplies
from handoff.contracts import Agent
from handoff.settings import HandoffSettings
from handoff.sights import Sights
from handoff.web.socket import MAY_WORK
from kit.contracts import JsonValue, Language
from kit.refusals import Malformed, Refusal
from kit.web.pages import Pages
from staff.contracts import Role
from staff.ports import Gate

PATH = "/team/replies"
NEW = "new"
"""Stands for the id of one that is not stored yet."""
ReplyId = Annotated[str, Path(max_length=40)]


def build_canned_router(
    *, pages: Pages, canned: CannedReplies, agents: AgentDesk, gate: Gate, sights: Sights, settings: HandoffSettings
) -> APIRouter:
    """The page for supervisors; for the console, the replies that fit a conversation."""
    router = APIRouter()

    async def page(
        request: Request, *, refusal: Refusal | None = None, form: FormData | None = None, at: str = ""
    ) -> Response:
        language = pages.language(request)
        return pages.page(
            request,
            "handoff/replies.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            replies=await canned.all(),
            departments=[(one.name, one.label(language)) for one in settings.departments],
            languages=list(Language),
            variables=VARIABLES,
            title_limit=TITLE_LIMIT,
            text_limit=settings.reply_limit,
            refusal=refusal,
            typed=form or {},
            open_id=at,
        )

    @router.get(PATH)
    async def show(request: Request, saved: str = "") -> Response:
        await gate.require(request, Role.SUPERVISOR)
        return await page(request, at=saved)

    @router.post(f"{PATH}/{{reply_id}}")
    async def save(request: Request, reply_id: ReplyId) -> Response:
        supervisor = await gate.require(request, Role.SUPERVISOR)
        form = await request.form()
        try:
            stored = await canned.save(
                reply_id=None if reply_id == NEW else reply_id,
                title=str(form.get("title", "")),
                text=str(form.get("text", "")),
                language=language_in(form),
                department=str(form.get("department", "")),
                by=supervisor.id,
            )
        except Refusal as refusal:
            return await page(request, refusal=refusal, form=form, at=reply_id)
        return RedirectResponse(f"{PATH}?saved={stored.id}#reply-{stored.id}", HTTPStatus.SEE_OTHER)

    @router.post(f"{PATH}/{{reply_id}}/remove")
    async def remove(request: Request, reply_id: ReplyId) -> Response:
        supervisor = await gate.require(request, Role.SUPERVISOR)
        await canned.remove(reply_id, by=supervisor.id)
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)

    @router.get("/desk/conversations/{conversation_id}/canned", response_model=None)
    async def fitting(
        request: Request,
        conversation_id: Annotated[str, Path(max_length=40)],
        q: Annotated[str, Query(max_length=60)] = "",
    ) -> dict[str, JsonValue]:
        person = await gate.require(request, *MAY_WORK)
        handoff = await agents.load_latest(conversation_id, sight=await sights.of(person.id, person.roles))
        found = await canned.fitting(
            handoff,
            Agent(id=person.id, name=person.display_name),
            q,
            gap=lambda name: pages.texts(f"handoff.canned.variable.{name}", handoff.language),
        )
        return {
            "items": [{"id": one.id, "title": one.title, "text": one.text, "gaps": list(one.gaps)} for one in found]
        }

    return router


def language_in(form: FormData) -> Language:
    """The chosen language. Raises Malformed."""
    chosen = str(form.get("language", ""))
    if chosen not in set(Language):
        raise Malformed(field="language", details={"language": ", ".join(Language)})
    return Language(chosen)
