"""bot: the administrators' pages of webhooks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bot.webhooks.addresses import LIMIT
from bot.webhooks.contracts import EventType
from bot.webhooks.service import Webhooks, WithSecret
from kit.refusals import Refusal
from kit.web.pages import Pages
from staff.contracts import Role
from staff.ports import Gate

PATH = "/staff/webhooks"
CHANNEL = r"^[a-z0-9_-]{0,32}$"


def build_webhooks_router(*, webhooks: Webhooks, gate: Gate, pages: Pages) -> APIRouter:
    """`/staff/webhooks` and each one's log; administrators only."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    async def page(
        request: Request, refusal: Refusal | None = None, made: WithSecret | None = None, url: str = ""
    ) -> Response:
        """All webhooks; with `made` the secret, which is shown this once and never again."""
        return pages.page(
            request,
            "bot/webhooks.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            webhooks=await webhooks.all(),
            events=list(EventType),
            limit=LIMIT,
            refusal=refusal,
            made=made,
            url=url,
        )

    @router.get("")
    async def show_webhooks(request: Request) -> Response:
        await gate.require(request, Role.ADMIN)
        return await page(request)

    @router.post("")
    async def make_webhook(
        request: Request,
        url: Annotated[str, Form()] = "",
        events: Annotated[list[EventType] | None, Form()] = None,
        channel: Annotated[str, Form(pattern=CHANNEL)] = "",
    ) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        try:
            made = await webhooks.make(url=url, events=events or (), channel=channel, by=admin)
        except Refusal as refusal:
            return await page(request, refusal, url=url)
        return await page(request, made=made)

    @router.get("/{webhook_id}")
    async def show_log(request: Request, webhook_id: str) -> Response:
        await gate.require(request, Role.ADMIN)
        webhook = await webhooks.load(webhook_id)
        found = await webhooks.deliveries(webhook_id)
        return pages.page(request, "bot/webhook_log.html", webhook=webhook, deliveries=found)

    @router.post("/{webhook_id}/switch")
    async def switch_webhook(request: Request, webhook_id: str, on: Annotated[bool, Form()]) -> Response:
        await webhooks.switch(webhook_id, on=on, by=await gate.require(request, Role.ADMIN))
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)

    @router.post("/{webhook_id}/rotate")
    async def rotate_secret(request: Request, webhook_id: str) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        return await page(request, made=await webhooks.rotate(webhook_id, by=admin))

    @router.post("/{webhook_id}/deliveries/{delivery_id}/replay")
    async def replay_delivery(request: Request, webhook_id: str, delivery_id: str) -> Response:
        await webhooks.replay(webhook_id, delivery_id, by=await gate.require(request, Role.ADMIN))
        return RedirectResponse(f"{PATH}/{webhook_id}", HTTPStatus.SEE_OTHER)

    return router
