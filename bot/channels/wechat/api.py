"""bot: calls to WeChat's interface: the access token, and everything that needs one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import structlog

from bot.channels.wechat.failures import QUOTA, STALE_TOKEN, UNREACHABLE, WeChatRefused
from kit.files import SentFile

SECONDS = 10.0
"""Deadline of connecting, and of each read and write, of one call."""
EARLY_SECONDS = 120.0
"""A token is replaced this long before it runs out."""
FORCED_APART = 60.0
"""Least time between two tokens that are asked for by force; WeChat allows twenty a day."""

log = structlog.get_logger("bot.wechat")
Json = dict[str, Any]


class AccessToken:
    """The account's token, fetched when it is needed. `stable_token`: other processes keep theirs."""

    def __init__(
        self, client: httpx.AsyncClient, *, app_id: str, secret: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._app_id, self._secret, self._monotonic = client, app_id, secret, monotonic
        self._value, self._until = "", 0.0
        self._forced_at = -FORCED_APART
        self._turn = asyncio.Lock()

    async def value(self, *, instead_of: str = "") -> str:
        """A token; another one than `instead_of`, which WeChat does not take. Raises `WeChatRefused`."""
        async with self._turn:
            now = self._monotonic()
            if self._value in {"", instead_of} or now >= self._until:
                force = bool(instead_of) and now - self._forced_at >= FORCED_APART
                if force:
                    self._forced_at = now
                answer = await self._fetch(force=force)
                self._value = str(answer.get("access_token", ""))
                self._until = now + float(answer.get("expires_in", 0)) - EARLY_SECONDS
            return self._value

    async def _fetch(self, *, force: bool) -> Json:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        answer = json_of(await answered("stable_token", post(self._client, "/cgi-bin/stable_token", body)))
        if code := int(answer.get("errcode", 0)):
            log.warning("wechat.no_token", code=code)
            raise WeChatRefused(code)
        return answer


class WeChatApi:
    """The interface as the channel needs it. Every call raises `WeChatRefused`."""

    def __init__(
        self, client: httpx.AsyncClient, token: AccessToken, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._token, self._monotonic = client, token, monotonic
        self._shut: tuple[int, float] = (0, 0.0)
        """Which quota is used up, and until when nothing is asked."""

    async def send_text(self, customer: str, text: str) -> None:
        """A customer-service message."""
        await self._post("message/custom/send", {"touser": customer, "msgtype": "text", "text": {"content": text}})

    async def send_image(self, customer: str, media_id: str) -> None:
        """The same with an uploaded picture."""
        body = {"touser": customer, "msgtype": "image", "image": {"media_id": media_id}}
        await self._post("message/custom/send", body)

    async def show_typing(self, customer: str) -> None:
        """Show 正在输入 for some seconds."""
        await self._post("message/custom/typing", {"touser": customer, "command": "Typing"})

    async def upload(self, file: SentFile) -> str:
        """Leave a picture with WeChat for three days; returns its media id."""
        media = {"media": (file.name, file.content, file.media_type)}

        async def ask(token: str) -> httpx.Response:
            params = {"access_token": token, "type": "image"}
            return await self._client.post("/cgi-bin/media/upload", params=params, files=media)

        return str(json_of(await self._call("media/upload", ask)).get("media_id", ""))

    async def download(self, media_id: str) -> bytes:
        """What a customer sent, as long as WeChat keeps it."""

        async def ask(token: str) -> httpx.Response:
            params = {"access_token": token, "media_id": media_id}
            return await self._client.get("/cgi-bin/media/get", params=params)

        return (await self._call("media/get", ask)).content

    async def _post(self, name: str, body: Json) -> None:
        async def ask(token: str) -> httpx.Response:
            return await post(self._client, f"/cgi-bin/{name}", body, params={"access_token": token})

        await self._call(name, ask)

    async def _call(self, name: str, ask: Callable[[str], Awaitable[httpx.Response]]) -> httpx.Response:
        code, until = self._shut
        if (wait := until - self._monotonic()) > 0:
            raise WeChatRefused(code, wait=wait)
        token = await self._token.value()
        answer = await answered(name, ask(token))
        if code_of(answer) in STALE_TOKEN:
            answer = await answered(name, ask(await self._token.value(instead_of=token)))
        if refused := code_of(answer):
            if refused in QUOTA:
                self._shut = (refused, self._monotonic() + QUOTA[refused])
            log.warning("wechat.refused", call=name, code=refused)
            raise WeChatRefused(refused)
        return answer


async def post(
    client: httpx.AsyncClient, path: str, body: Json, *, params: dict[str, str] | None = None
) -> httpx.Response:
    """One call. Chinese is sent as it is: WeChat shows escapes to customers as they stand."""
    return await client.post(path, params=params, content=json.dumps(body, ensure_ascii=False).encode())


async def answered(name: str, asking: Awaitable[httpx.Response]) -> httpx.Response:
    """WeChat's answer to a call. Raises `WeChatRefused` when there is none."""
    try:
        answer = await asking
        if answer.is_success:
            return answer
        error = str(answer.status_code)
    except httpx.HTTPError as fault:
        # Not its words: they hold the address, which holds the token.
        error = type(fault).__name__
    log.info("wechat.no_answer", call=name, error=error)
    raise WeChatRefused(UNREACHABLE)


def code_of(answer: httpx.Response) -> int:
    """The error an answer tells of; 0 for none, and for what is no JSON but a file."""
    if answer.headers.get("content-type", "").partition("/")[0] in {"image", "audio", "video"}:
        return 0
    return int(json_of(answer).get("errcode", 0))


def json_of(answer: httpx.Response) -> Json:
    """The JSON of an answer. Raises `WeChatRefused` when it is none."""
    try:
        found = answer.json()
    except ValueError:
        raise WeChatRefused(UNREACHABLE) from None
    if not isinstance(found, dict):
        raise WeChatRefused(UNREACHABLE)
    return found
