"""bot.app: the interface for programs, below `/api/v1`: every room's routes behind gates that take tokens."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from bot.adapters.conversation_list import SqlConversationList
from bot.app.colleagues import build_transfers
from bot.app.ground import Ground
from bot.app.rooms import Rooms
from bot.channels.identity import Signed
from bot.channels.rest.api import RestChannels, build_rest_router
from bot.channels.rest.files import build_rest_files_router
from bot.channels.rest.typing import build_typing_router
from bot.entry_files import EntryFiles
from bot.web.conversations_api import build_conversations_api
from cases.web.api import build_cases_api
from cases.web.pieces import Office
from handoff.web.api import build_desk_api
from handoff.web.team_api import build_team_api
from kit.web.api_document import build_document_router
from kit.web.pages import Pages
from knowledge_base.web.routers import Gates
from staff.contracts import Person, Role, Scope
from staff.ports import Gate
from staff.tokens import Tokens
from staff.web.api_gate import ApiGate


def knowledge_gates(tokens: Tokens, sessions: Gate) -> Gates:
    """Who may do what in the knowledge base."""
    return Gates(
        pages=sessions,
        api=ApiGate(sessions, tokens, reads=Scope.KNOWLEDGE_READ, writes=Scope.KNOWLEDGE_WRITE),
        publishing=ApiGate(sessions, tokens, reads=Scope.KNOWLEDGE_READ, writes=Scope.KNOWLEDGE_PUBLISH),
    )


def program_routers(
    ground: Ground, rooms: Rooms, *, office: Office, pages: Pages, sessions: Gate, files: EntryFiles
) -> list[APIRouter]:
    """Conversations, the desk, its team and cases for programs, and the document of it all."""

    def gate(reads: Scope, writes: Scope) -> Gate:
        return ApiGate(sessions, rooms.tokens, reads=reads, writes=writes)

    async def seen(person: Person, conversation_ids: Sequence[str]) -> frozenset[str]:
        sight = await rooms.floor.sights.of(person.id, person.roles, person.departments)
        return await rooms.agents.covered(conversation_ids, sight=sight)

    rest = RestChannels(
        settings=ground.settings.rest,
        inbox=rooms.inbox,
        reads=rooms.store,
        outbox=rooms.outbox,
        transactions=ground.database,
        signals=ground.signals,
        clock=ground.clock,
        gate=ApiGate(None, rooms.tokens, reads=Scope.CHANNELS, writes=Scope.CHANNELS),
        signed=Signed(secret=ground.secrets.identity, clock=ground.clock),
        identifies=rooms.identities,
        files=files,
    )
    return [
        build_conversations_api(
            conversations=SqlConversationList(ground.database),
            reads=rooms.store,
            gate=gate(Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_READ),
            seen=seen,
        ),
        build_desk_api(
            agents=rooms.agents,
            mentions=rooms.mentions,
            transfers=build_transfers(ground, rooms),
            duty=rooms.duty,
            gate=gate(Scope.DESK_READ, Scope.DESK_WRITE),
            sights=rooms.floor.sights,
        ),
        build_team_api(
            team=rooms.team,
            gate=ApiGate(
                sessions, rooms.tokens, reads=Scope.TEAM_READ, writes=Scope.TEAM_WRITE, stands_for=Role.SUPERVISOR
            ),
        ),
        build_cases_api(office=office, gate=gate(Scope.CASES_READ, Scope.CASES_WRITE)),
        build_rest_router(rest),
        build_rest_files_router(rest),
        build_typing_router(rest),
        build_document_router(pages),
    ]
