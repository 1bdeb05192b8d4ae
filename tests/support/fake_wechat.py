"""tests: WeChat for one Official Account, with the customers in front of it.

It calls the desk as WeChat does (signed, encrypted or not, at most three times when no answer comes), keeps what
customers read in the order they read it, and refuses what the real interface refuses. It can be told to fail.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
from defusedxml import ElementTree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.wechat.encryption import MessageCipher, is_signed, signature_of
from bot.channels.wechat.start import WeChatSecrets
from tests.support.serving import serving

APP_ID, ACCOUNT = "wx0123456789abcdef", "gh_0123456789ab"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SECRETS = WeChatSecrets(secret="an-app-secret-of-the-tests", token="TokenOfTheTests2026", aes_key=AES_KEY)
TRIES = 3
BYTES = 2048

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the desk's address: what was sent, how it was answered (0: no answer at all)."""

    body: str
    status: int
    reply: str


class FakeWeChat:
    """WeChat's server and the customers."""

    def __init__(self, *, encrypted: bool = True, tries: int = TRIES) -> None:
        self.encrypted, self.tries = encrypted, tries
        self.url = ""
        self.reach = ""
        """The desk's address."""
        self.calls: list[Call] = []
        self.asked: list[tuple[str, Json]] = []
        """Every call of the interface: its name, its body."""
        self.faults: dict[str, list[int]] = {}
        self.tokens: list[str] = []
        self.stale: set[str] = set()
        self._read: dict[str, list[str]] = {}
        self._numbers = itertools.count(24_000_000_000)
        self._cipher = MessageCipher(AES_KEY, app_id=APP_ID, salt=os.urandom)
        self._calling: set[asyncio.Task[None]] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self.media: dict[str, bytes] = {}
        """Files WeChat keeps, by media id."""
        self.pictures: list[tuple[str, bytes]] = []
        """What customers were sent as pictures."""
        self.app = Starlette(
            routes=[
                Route("/cgi-bin/media/{name}", self._answer_media, methods=["GET", "POST"]),
                Route("/cgi-bin/{name:path}", self._answer, methods=["POST"]),
            ]
        )

    @contextlib.asynccontextmanager
    async def running(self, *, at: int = 0) -> AsyncIterator[FakeWeChat]:
        """Serve the interface, on port `at` where one is given; `url` is its address for `wechat.api_url`."""
        async with serving(self.app, at=at) as self.url:
            try:
                yield self
            finally:
                for task in self._calling:
                    task.cancel()
                await asyncio.gather(*self._calling, return_exceptions=True)

    # --- the customers -------------------------------------------------------------------------------------------

    def say(self, customer: str, text: str) -> None:
        """A customer types `text`."""
        self.push(message(customer, MsgType="text", Content=text, MsgId=str(next(self._numbers))))

    def send(self, customer: str, kind: str, **more: str) -> None:
        """A customer sends something that is not text."""
        self.push(message(customer, MsgType=kind, MsgId=str(next(self._numbers)), **more))

    def event(self, customer: str, name: str, **more: str) -> None:
        """Something happens: `subscribe`, `CLICK` with an `EventKey`."""
        self.push(message(customer, MsgType="event", Event=name, **more))

    def push(self, values: dict[str, str]) -> None:
        """Call the desk with it; a customer's messages one after the other."""
        task = asyncio.create_task(self._deliver(values), name="fake-wechat")
        self._calling.add(task)
        task.add_done_callback(self._calling.discard)

    async def idle(self) -> None:
        """Every call has been answered or given up."""
        while self._calling:
            await asyncio.gather(*self._calling)

    def texts(self, customer: str) -> list[str]:
        """What a customer has read so far, in order."""
        return list(self._read.get(customer, ()))

    # --- calling the desk ----------------------------------------------------------------------------------------

    async def _deliver(self, values: dict[str, str]) -> None:
        customer = values["FromUserName"]
        async with self._turns.setdefault(customer, asyncio.Lock()):
            for _ in range(self.tries):
                call = await self.call(values)
                if call.status == 200:
                    if call.reply:
                        self._read.setdefault(customer, []).append(call.reply)
                    return

    async def call(self, values: dict[str, str], **query: str) -> Call:
        """One call, as WeChat makes it; `query` replaces parameters of its address."""
        body, signed = self.sealed(values)
        async with httpx.AsyncClient(base_url=self.reach, timeout=30) as client:
            try:
                answer = await client.post("/wechat/messages", params=signed | query, content=body)
            except httpx.HTTPError:
                call = Call(body=body, status=0, reply="")
            else:
                call = Call(body=body, status=answer.status_code, reply=self._opened(answer))
        self.calls.append(call)
        return call

    def sealed(self, values: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Body and parameters of a call."""
        body = written(values)
        stamp, nonce = str(int(time.time())), str(next(self._numbers))
        query = {"timestamp": stamp, "nonce": nonce, "signature": signature_of(SECRETS.token, stamp, nonce)}
        if not self.encrypted:
            return body, query
        sealed = self._cipher.encrypt(body.encode())
        query |= {"encrypt_type": "aes", "msg_signature": signature_of(SECRETS.token, stamp, nonce, sealed)}
        return written({"ToUserName": ACCOUNT, "Encrypt": sealed}), query

    def _opened(self, answer: httpx.Response) -> str:
        """The text of a passive reply; empty for "success". AssertionError for what WeChat would not take."""
        if answer.status_code != 200 or answer.text in {"", "success"}:
            return ""
        values = {element.tag: element.text or "" for element in ElementTree.fromstring(answer.content)}
        if self.encrypted:
            parts = (values["TimeStamp"], values["Nonce"], values["Encrypt"])
            assert is_signed(values["MsgSignature"], SECRETS.token, *parts)
            inner = ElementTree.fromstring(self._cipher.decrypt(values["Encrypt"]))
            values = {element.tag: element.text or "" for element in inner}
        assert values["FromUserName"] == ACCOUNT
        assert values["MsgType"] == "text"
        assert 0 < len(values["Content"].encode()) <= BYTES
        return values["Content"]

    # --- the interface -------------------------------------------------------------------------------------------

    def fail(self, name: str, *codes: int) -> None:
        """The next calls of `name` (such as `message/custom/send`) are answered with these codes."""
        self.faults.setdefault(name, []).extend(codes)

    async def _answer(self, request: Request) -> Response:
        name, body = request.path_params["name"], json.loads(await request.body())
        self.asked.append((name, body))
        faults = self.faults.get(name)
        if faults:
            code = faults.pop(0)
            # 502: something between the desk and WeChat, not WeChat itself.
            return Response("Bad Gateway", 502) if code == 502 else refused(code)
        if name == "stable_token":
            return self._token(body)
        if (fault := self._wrong_token(request)) is not None:
            return fault
        if name == "message/custom/send":
            return self._sent(body)
        return JSONResponse({"errcode": 0, "errmsg": "ok"}) if name == "message/custom/typing" else refused(43003)

    async def _answer_media(self, request: Request) -> Response:
        if (fault := self._wrong_token(request)) is not None:
            return fault
        if request.method == "GET":
            content = self.media.get(request.query_params.get("media_id", ""))
            return refused(40007) if content is None else Response(content, media_type="image/jpeg")
        media_id = f"media_{next(self._numbers)}"
        async with request.form() as form:
            sent = form["media"]
            assert not isinstance(sent, str)
            self.media[media_id] = await sent.read()
        return JSONResponse({"type": "image", "media_id": media_id, "created_at": 0})

    def _wrong_token(self, request: Request) -> Response | None:
        token = request.query_params.get("access_token", "")
        if self.tokens and token == self.tokens[-1] and token not in self.stale:
            return None
        return refused(42001 if token in self.tokens else 40001)

    def _token(self, body: Json) -> Response:
        if (body.get("appid"), body.get("secret")) != (APP_ID, SECRETS.secret):
            return refused(40125)
        if not self.tokens or body.get("force_refresh") or self.tokens[-1] in self.stale:
            self.tokens.append(f"token-{len(self.tokens) + 1}")
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": 7200})

    def _sent(self, body: Json) -> Response:
        if body.get("msgtype") == "image":
            self.pictures.append((body["touser"], self.media[body["image"]["media_id"]]))
            return JSONResponse({"errcode": 0, "errmsg": "ok"})
        text = body.get("text", {}).get("content", "")
        if body.get("msgtype") != "text" or not text:
            return refused(44004)
        if len(text.encode()) > BYTES:
            return refused(45002)
        self._read.setdefault(body["touser"], []).append(text)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})


def message(customer: str, **values: str) -> dict[str, str]:
    """What every message says, and `values`."""
    return {"ToUserName": ACCOUNT, "FromUserName": customer, "CreateTime": str(int(time.time())), **values}


def written(values: dict[str, str]) -> str:
    """As WeChat writes XML."""
    return f"<xml>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in values.items())}</xml>"


def refused(code: int) -> Response:
    """An error; it comes with status 200."""
    return JSONResponse({"errcode": code, "errmsg": f"injected {code} rid: 0-0-0"})
