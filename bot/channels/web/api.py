"""bot: the visitor's conversation over plain HTTP, for clients without sockets. The same rules, the same refusals."""

from __future__ import annotations

import asyncio
import contextlib
import json

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.channels.identity import IdentityRefused
from bot.channels.web.frames import Frame
from bot.channels.web.visitors import Visitor, Visitors, VisitorUnknown
from bot.channels.web.visits import Visits, is_number, language_in
from bot.contracts import Conversation, Owner
from bot.realtime import Hub
from kit.refusals import Malformed, NotFound
from kit.web.sent_files import sent_file

FILES = "/api/files"
"""More may be sent here than elsewhere."""
BEARER = "bearer "
NO_STORE = {"Cache-Control": "no-store"}


WAIT_SECONDS = 20
"""Longest an answer is held back until there is news; proxies cut off what is silent for longer than half a minute."""


def build_visitor_api(*, visits: Visits, visitors: Visitors, hub: Hub) -> APIRouter:
    """`POST /api/visitor`, `GET` and `POST /api/conversation`, `POST /api/messages`, `/api/files`, `/api/case-page`."""
    router = APIRouter(prefix="/api")
    _add_files(router, visits, visitors)

    @router.post("/visitor")
    async def new_visitor(request: Request) -> JSONResponse:
        """A token; a valid one that is shown comes back renewed, so that nobody loses a conversation by asking."""
        shown = request.headers.get("authorization", "")
        if shown:
            visitor = _visitor_of(request, visitors)
            return _answer({"token": visitor.token or shown[len(BEARER) :].strip()})
        return _answer({"token": visitors.new()})

    @router.post("/conversation")
    async def open_conversation(request: Request) -> JSONResponse:
        """What `hello` is on the socket: a new conversation begins with the bot's greeting."""
        visitor = _visitor_of(request, visitors)
        body = await _body_of(request)
        identity, refused = None, False
        try:
            identity = visits.identity(body.get("identity"))
        except IdentityRefused:
            refused = True
        opened = await visits.open(visitor.id, language_in(body.get("language")), identity)
        return await _conversation(visitor, opened, after=0, more={"identity_refused": True} if refused else {})

    @router.get("/conversation")
    async def read_conversation(request: Request, after: str = "0", wait: str = "0") -> JSONResponse:
        """The entries after `after`, at most fifty; ask again from `upto` while it is below `seq`.

        With `wait` the answer comes when there is news, and after so many seconds without any.
        """
        visitor = _visitor_of(request, visitors)
        if not after.isdecimal() or not is_number(int(after)):
            raise Malformed(field="after", details={"after": "the last number you have, or 0"})
        if not wait.isdecimal() or int(wait) > WAIT_SECONDS:
            raise Malformed(field="wait", details={"wait": f"seconds, 0 to {WAIT_SECONDS}"})
        home = await visits.find(visitor.id)
        if home is not None and int(wait):
            home = await _news(home, after=int(after), seconds=int(wait))
        return await _conversation(visitor, home, after=int(after))

    @router.post("/case-page")
    async def case_page(request: Request) -> JSONResponse:
        """Where the visitor's own cases are: `{path}`, signed and for a time. 404 before there is a conversation."""
        home = await visits.find(_visitor_of(request, visitors).id)
        if home is None:
            raise NotFound
        return _answer({"path": visits.case_page(home.id)})

    @router.post("/messages")
    async def say(request: Request) -> JSONResponse:
        """`{key, text}` or `{key, choice, seq}`; answered after the commit, the same for the same key."""
        visitor = _visitor_of(request, visitors)
        body = await _body_of(request)
        received = await visits.say(visitor.id, body, language_in(body.get("language")))
        return _answer({"key": str(body["key"]), "seq": received.seq, "duplicate": received.duplicate})

    async def _news(home: Conversation, *, after: int, seconds: int) -> Conversation:
        """The conversation once there is something after `after`, or its owner or place has changed."""
        with hub.listening(home.id, seen=after) as listener:
            listener.epoch, listener.waits = home.epoch, home.owner is Owner.QUEUE
            # Read again now that news are heard: nothing may slip through in between.
            now = await visits.reads.find(home.id) or home
            if now.last_seq > after or now.epoch != home.epoch:
                return now
            # The server that stops cancels whoever still waits: they get what there is and come back to the next one.
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(seconds):
                    while not ((news := await listener.next()).entries or news.state):
                        pass
        return await visits.reads.find(home.id) or home

    async def _conversation(
        visitor: Visitor, home: Conversation | None, *, after: int, more: Frame | None = None
    ) -> JSONResponse:
        part = await visits.entries(home.id, after=after) if home else None
        return _answer(
            {
                "conversation": home.id if home else None,
                "seq": home.last_seq if home else 0,
                "state": await visits.state(home),
                **(part or {"after": after, "upto": after, "entries": []}),
                **({"token": visitor.token} if visitor.token else {}),
                **(more or {}),
            }
        )

    return router


def _add_files(router: APIRouter, visits: Visits, visitors: Visitors) -> None:
    @router.post("/files")
    async def send_file(request: Request, key: str, name: str = "", language: str = "") -> JSONResponse:
        """A file as the body, answered like a message; `key` and `name` stand in the address."""
        visitor = _visitor_of(request, visitors)
        content = await request.body()
        received = await visits.send_file(
            visitor.id, key=key, name=name, content=content, language=language_in(language)
        )
        return _answer({"key": key, "seq": received.seq, "duplicate": received.duplicate})

    @router.get("/files/{seq}")
    async def open_file(request: Request, seq: str) -> Response:
        """The file of an entry of one's own conversation."""
        visitor = _visitor_of(request, visitors)
        if not seq.isdecimal() or not is_number(int(seq)):
            raise NotFound
        return sent_file(await visits.file(visitor.id, int(seq)), shown=True)


def _visitor_of(request: Request, visitors: Visitors) -> Visitor:
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(BEARER):
        raise VisitorUnknown(field="authorization")
    return visitors.read(header[len(BEARER) :].strip())


async def _body_of(request: Request) -> Frame:
    try:
        body = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Malformed(details={"body": "one JSON object"})
    return body


def _answer(body: Frame) -> JSONResponse:
    return JSONResponse(body, headers=NO_STORE)
