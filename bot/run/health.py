"""bot.run: tells balancers and people whether the web process lives and whether customers can be answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from kit.contracts import JsonValue

ASK_SECONDS = 2.0
KEPT_SECONDS = 1.0
"""How long an answer is kept: whoever asks more often costs nothing."""
NO_STORE = {"Cache-Control": "no-store"}


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    DEGRADED = "degraded"
    """Customers are answered, but slower or less well."""
    DOWN = "down"
    """Customers are not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part, with a few figures about it. Never an address, a name or a text: anybody may ask."""

    health: Health
    about: dict[str, JsonValue] = field(default_factory=dict)


Ask = Callable[[], Awaitable[PartHealth]]


def build_health_router(parts: Mapping[str, Ask]) -> APIRouter:
    """`/healthz` and `/readyz`."""
    router = APIRouter()
    kept: tuple[float, dict[str, PartHealth]] | None = None
    asking = asyncio.Lock()

    @router.get("/healthz", include_in_schema=False)
    async def live() -> PlainTextResponse:
        """The process runs and its event loop turns."""
        return PlainTextResponse("ok", headers=NO_STORE)

    @router.get("/readyz", include_in_schema=False)
    async def ready() -> JSONResponse:
        """The state of each part."""
        nonlocal kept
        async with asking:
            if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
                found = await asyncio.gather(*(_ask(ask) for ask in parts.values()))
                kept = (time.monotonic(), dict(zip(parts, found, strict=True)))
        is_ready = all(part.health is not Health.DOWN for part in kept[1].values())
        body = {
            "ready": is_ready,
            "parts": {name: {"state": part.health.value, **part.about} for name, part in kept[1].items()},
        }
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(body, status_code=status, headers=NO_STORE)

    return router


async def _ask(ask: Ask) -> PartHealth:
    """A part that does not answer in time, or fails, is down; the kind of failure is all that is told."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
        return PartHealth(health=Health.DOWN, about={"fault": type(error).__name__})
