"""bot: who types, in both directions, for chat apps that programs attach. Fleeting: nothing is stored."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.rest.api import WAIT_SECONDS, Channel, RestChannels
from kit.refusals import NotFound

TOPIC, AGENT, CUSTOMER = "conversation:", "agent", "customer"


class TypingBody(BaseModel):
    """A customer begins or ends to type."""

    model_config = ConfigDict(extra="forbid")
    address: str = Field(description="As with messages.", max_length=200)
    on: bool = True


class TypistBody(BaseModel):
    """A representative begins or ends to type; without an end it is over after some seconds."""

    address: str
    conversation: str
    on: bool


def build_typing_router(rest: RestChannels) -> APIRouter:
    """In and out."""
    router = APIRouter(prefix="/api/v1/channels/{channel}", tags=["channels"])

    @router.post("/typing", status_code=204)
    async def note_typing(request: Request, channel: Channel, body: TypingBody) -> None:
        """The customer types; the representative sees it. 404 before their first message."""
        await rest.check(request, channel)
        home = await rest.reads.find_at(channel, body.address)
        if home is None:
            raise NotFound
        await rest.signals.publish(f"{TOPIC}{home.id}", {"typing": body.on, "who": CUSTOMER})

    @router.get("/typing")
    async def list_typing(
        request: Request,
        channel: Channel,
        wait: Annotated[int, Query(ge=0, le=WAIT_SECONDS, description="Seconds to hold the answer back.")] = 0,
    ) -> list[TypistBody]:
        """The next sign of a representative who types; empty when there is none in time. Ask again at once."""
        await rest.check(request, channel)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                return [await _next(rest, channel)]
        return []

    return router


async def _next(rest: RestChannels, channel: str) -> TypistBody:
    async with rest.signals.subscribe(f"{TOPIC}*") as news:
        while True:
            signal = await anext(news)
            if signal is None or "typing" not in signal.body or signal.body.get("who") != AGENT:
                continue
            home = await rest.reads.find(signal.topic.removeprefix(TOPIC))
            if home is not None and home.channel == channel:
                return TypistBody(address=home.address, conversation=home.id, on=signal.body["typing"] is True)
