"""bot: conversations and their entries for programs, below `/api/v1/conversations`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from bot.contracts import Conversation, Entry, EntryKind, Owner
from bot.ports import Seen
from bot.ports.stores import ConversationList, ConversationStore
from bot.public import public_payload
from kit.contracts import Language
from kit.refusals import NotFound
from staff.contracts import Role
from staff.ports import Gate

READERS = (Role.AGENT, Role.SUPERVISOR)
MOST = 200
LAST_SEQ = 2**31 - 1
Id = Annotated[str, Path(max_length=26)]


class ConversationBody(BaseModel):
    """One customer in one channel."""

    id: str
    channel: str
    customer_name: str
    language: Language
    owner: Owner = Field(description="Who speaks for the house: `bot`, `queue` (waits for a person) or `agent`.")
    last_seq: int = Field(description="Number of its last entry.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """The body of `conversation`; where it lives in its channel stays in the house."""
        return cls(
            id=conversation.id,
            channel=conversation.channel,
            customer_name=conversation.customer_name,
            language=conversation.language,
            owner=conversation.owner,
            last_seq=conversation.last_seq,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
        )


class ConversationsBody(BaseModel):
    """One page of conversations."""

    conversations: list[ConversationBody]
    before: str | None = Field(description="Names the next page; null where there is none.")


class EntryBody(BaseModel):
    """One numbered line (docs/protocol.md)."""

    seq: int
    kind: EntryKind
    text: str
    language: Language
    author: str
    at: datetime
    payload: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The body of `entry`."""
        return cls(
            seq=entry.seq,
            kind=entry.kind,
            text=entry.text,
            language=entry.language,
            author=entry.author,
            at=entry.at,
            payload=public_payload(entry.payload),
        )


class EntriesBody(BaseModel):
    """Entries after `after`; ask again from `upto` while it is below the conversation's `last_seq`."""

    after: int
    upto: int
    entries: list[EntryBody]


def build_conversations_api(
    *, conversations: ConversationList, reads: ConversationStore, gate: Gate, seen: Seen
) -> APIRouter:
    """Reading only: what is written goes through a channel or the desk."""
    router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])

    @router.get("")
    async def list_conversations(
        request: Request,
        *,
        channel: Annotated[str | None, Query(max_length=32)] = None,
        owner: Owner | None = None,
        before: Annotated[str | None, Query(max_length=26)] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> ConversationsBody:
        """Conversations, the newest first; a page holds fewer where some are not the caller's to see."""
        person = await gate.require(request, *READERS)
        found = await conversations.page(channel=channel, owner=owner, before=before, limit=limit + 1)
        page = found[:limit]
        theirs = await seen(person, [each.id for each in page])
        return ConversationsBody(
            conversations=[ConversationBody.of(each) for each in page if each.id in theirs],
            before=page[-1].id if len(found) > limit else None,
        )

    @router.get("/{conversation_id}")
    async def load_conversation(request: Request, conversation_id: Id) -> ConversationBody:
        """One conversation."""
        return ConversationBody.of(await _load(request, conversation_id))

    @router.get("/{conversation_id}/messages")
    async def list_messages(
        request: Request,
        conversation_id: Id,
        after: Annotated[int, Query(ge=0, le=LAST_SEQ)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> EntriesBody:
        """Its entries after number `after`, notes and events included, oldest first."""
        await _load(request, conversation_id)
        entries = await reads.entries(conversation_id, after=after, limit=limit)
        return EntriesBody(
            after=after,
            upto=entries[-1].seq if entries else after,
            entries=[EntryBody.of(entry) for entry in entries],
        )

    async def _load(request: Request, conversation_id: str) -> Conversation:
        person = await gate.require(request, *READERS)
        found = await reads.find(conversation_id)
        if found is None or conversation_id not in await seen(person, [conversation_id]):
            raise NotFound
        return found

    return router
