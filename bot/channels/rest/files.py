"""bot: files of chat apps that programs attach: a customer's come in as a body, those of a line are fetched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from bot.channels.rest.api import LAST_SEQ, Channel, ReceivedBody, RestChannels
from bot.contracts import Inbound, InboundKind
from bot.public import is_public
from kit.contracts import Language
from kit.refusals import NotFound
from kit.web.sent_files import sent_file


def build_rest_files_router(rest: RestChannels) -> APIRouter:
    """In and out."""
    router = APIRouter(prefix="/api/v1/channels/{channel}/files", tags=["channels"])

    @router.post("")
    async def take_file(
        request: Request,
        channel: Channel,
        *,
        message_id: Annotated[str, Query(alias="id", description="The app's own id, as with messages.")],
        address: Annotated[str, Query(description="As with messages.")],
        name: Annotated[str, Query(description="The file's name.", max_length=255)] = "",
        text: Annotated[str, Query(description="What the customer wrote under it.")] = "",
        language: Language | None = None,
    ) -> ReceivedBody:
        """Store a file that a customer sent: the body, as it is. Sending it again under the same id is always right."""
        await rest.check(request, channel)
        file = rest.files.check(name, await request.body())
        home = await rest.reads.find_at(channel, address)
        if home is not None:
            await rest.files.check_pace(home.id)
        received = await rest.inbox.receive(
            Inbound(
                channel=channel,
                external_id=message_id,
                address=address,
                kind=InboundKind.FILE,
                text=text,
                file_name=file.name,
                file_kind=str(file.facts["kind"]),
                file=file,
                language_hint=language,
            )
        )
        return ReceivedBody(conversation=received.conversation_id, seq=received.seq, duplicate=received.duplicate)

    @router.get("/{conversation_id}/{seq}", response_class=Response)
    async def open_file(
        request: Request,
        channel: Channel,
        conversation_id: Annotated[str, Path(max_length=40)],
        seq: Annotated[int, Path(ge=1, le=LAST_SEQ)],
    ) -> Response:
        """The file of a line that the customer may see, in a conversation of this channel."""
        await rest.check(request, channel)
        home = await rest.reads.find(conversation_id)
        if home is None or home.channel != channel:
            raise NotFound
        entry = await rest.reads.entry(conversation_id, seq)
        if entry is None or not is_public(entry):
            raise NotFound
        return sent_file(await rest.files.load(conversation_id, seq))

    return router
