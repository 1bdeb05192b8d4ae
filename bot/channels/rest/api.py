"""bot: the REST channel's routes, below `/api/v1/channels/<name>` (docs/adapters.md)."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.identity import Identifies, Signed
from bot.channels.ports import Files, Reads, TakesIn
from bot.contracts import Inbound, InboundKind, Outgoing
from bot.ports.stores import OutboxStore
from bot.public import public_payload
from bot.settings.programs import RestSettings
from kit.contracts import Clock, Language, Signals, Transactions
from kit.refusals import Malformed, NotFound
from staff.ports import Gate

WAIT_SECONDS = 20
"""Longest an answer is held back; proxies cut off what is silent for longer than half a minute."""
LOOK_SECONDS = 2.0
"""How often SQL is asked meanwhile, for news that the wire lost."""
MOST = 100
LAST_SEQ = 2**31 - 1
Channel = Annotated[str, Path(max_length=32)]


class MessageBody(BaseModel):
    """What a customer sent: `text`, or `choice` for a pressed button."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(description="The chat app's own id of the message; the same one again is stored once.")
    address: str = Field(description="Where the conversation lives in the app: a chat's or a user's id.")
    text: str = ""
    choice: str = Field("", description="Id of a choice that a reply offered.")
    to_seq: int | None = Field(None, ge=1, le=LAST_SEQ, description="The reply that offered it, where known.")
    name: str = Field("", description="The customer's name, where known.")
    identity: str = Field("", description="Who the shop's server says the customer is (docs/protocol.md).")
    language: Language | None = Field(None, description="What the app says of it; the words themselves win.")

    def to_inbound(self, channel: str) -> Inbound:
        """The house's value. Raises `Malformed` when it is neither or both."""
        if bool(self.text) == bool(self.choice):
            raise Malformed(field="text", details={"text": "either text or choice"})
        return Inbound(
            channel=channel,
            external_id=self.id,
            address=self.address,
            kind=InboundKind.PRESS if self.choice else InboundKind.TEXT,
            text=self.text,
            choice=self.choice,
            to_seq=self.to_seq if self.choice else None,
            customer_name=self.name,
            language_hint=self.language,
        )


class ReceivedBody(BaseModel):
    """It is stored: here, and whether it was before."""

    conversation: str
    seq: int
    duplicate: bool


class ReplyBody(BaseModel):
    """A line for the customer."""

    id: str = Field(description="Name it when it was delivered; the same one may come again until then.")
    address: str
    conversation: str
    seq: int
    kind: str = Field(description="`bot`, `agent` or `event`.")
    text: str
    format: str = Field(description="`plain` or `markdown`.")
    language: Language
    author: str
    at: datetime
    payload: dict[str, Any] = Field(
        description="`choices` [{id, label}], `file` {name, kind, media_type, size} and what else customers see."
    )

    @classmethod
    def of(cls, outgoing: Outgoing) -> Self:
        """The body of `outgoing`."""
        entry = outgoing.entry
        return cls(
            id=outgoing.id,
            address=outgoing.address,
            conversation=outgoing.conversation_id,
            seq=outgoing.seq,
            kind=entry.kind.value,
            text=entry.text,
            format=str(entry.payload.get("format", "plain")),
            language=entry.language,
            author=entry.author,
            at=entry.at,
            payload=public_payload(entry.payload),
        )


class DeliveredBody(BaseModel):
    """The chat app has it."""

    model_config = ConfigDict(extra="forbid")
    message_id: str = Field("", max_length=200, description="The app's own id of the message.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestChannels:
    """What the routes share."""

    settings: RestSettings
    inbox: TakesIn
    reads: Reads
    outbox: OutboxStore
    transactions: Transactions
    signals: Signals
    clock: Clock
    gate: Gate
    signed: Signed
    identifies: Identifies
    files: Files

    async def check(self, request: Request, channel: str, *, polled: bool = False) -> None:
        """Let only programs with the scope in, and only to channels that config.yml names. Raises `NotFound`."""
        await self.gate.person(request)
        known = next((one for one in self.settings.channels if one.name == channel), None)
        if known is None or (polled and not known.polls):
            raise NotFound

    async def heads(self, channel: str, limit: int) -> tuple[Outgoing, ...]:
        """The next line of each conversation that waits for delivery."""
        return await self.outbox.heads(self.clock(), channels=frozenset({channel}), limit=limit)

    async def wait(self, channel: str, limit: int, seconds: int) -> tuple[Outgoing, ...]:
        """The same, held back until there is something."""
        end = asyncio.get_running_loop().time() + seconds
        async with self.signals.subscribe("conversation:*") as news:
            while not (found := await self.heads(channel, limit)):
                left = end - asyncio.get_running_loop().time()
                if left <= 0:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(anext(news), min(left, LOOK_SECONDS))
        return found


def build_rest_router(rest: RestChannels) -> APIRouter:
    """In, out, delivered."""
    router = APIRouter(prefix="/api/v1/channels/{channel}", tags=["channels"])

    @router.post("/messages")
    async def take_message(request: Request, channel: Channel, body: MessageBody) -> ReceivedBody:
        """Store what a customer sent. Answered after the commit; sending it again is always right."""
        await rest.check(request, channel)
        identity = rest.signed.read(body.identity) if body.identity else None
        received = await rest.inbox.receive(body.to_inbound(channel))
        if identity is not None:
            await rest.identifies.identify(received.conversation_id, identity.subject)
        return ReceivedBody(conversation=received.conversation_id, seq=received.seq, duplicate=received.duplicate)

    @router.get("/replies")
    async def list_replies(
        request: Request,
        channel: Channel,
        wait: Annotated[int, Query(ge=0, le=WAIT_SECONDS, description="Seconds to hold the answer back.")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    ) -> list[ReplyBody]:
        """The next line for each customer who is owed one; the one after it comes when that is delivered."""
        await rest.check(request, channel, polled=True)
        found = await (rest.wait(channel, limit, wait) if wait else rest.heads(channel, limit))
        return [ReplyBody.of(each) for each in found]

    @router.post("/replies/{reply_id}/delivered", status_code=204)
    async def note_delivered(
        request: Request, channel: Channel, reply_id: Annotated[str, Path(max_length=26)], body: DeliveredBody
    ) -> None:
        """The chat app has it; saying so twice changes nothing."""
        await rest.check(request, channel, polled=True)
        if await rest.outbox.channel_of(reply_id) != channel:
            raise NotFound
        await rest.transactions.write(
            lambda tx: rest.outbox.sent(tx, reply_id, message_id=body.message_id, at=rest.clock())
        )

    return router
