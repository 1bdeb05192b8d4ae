"""bot: calls to WeChat's interface: the access token, and everything that needs one."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog

from bot.channels.wechat.failures import QUOTA, STALE_TOKEN, UNREACHABLE, WeChatRefused

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
        answer = await post(self._client, "/cgi-bin/stable_token", body)
        if code := int(answer.get("errcode", 0)):
            log.warning("wechat.no_token", code=code)
            raise WeChatRefused(code)
        return answer


class WeChatApi:
    """The interface as the channel needs it."""

    def __init__(
        self, client: httpx.AsyncClient, token: AccessToken, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._token, self._monotonic = client, token, monotonic
        self._shut: tuple[int, float] = (0, 0.0)
        """Which quota is used up, and until when nothing is asked."""

    async def send_text(self, customer: str, text: str) -> None:
        """A customer-service message. Raises `WeChatRefused`."""
        await self._call("custom/send", {"touser": customer, "msgtype": "text", "text": {"content": text}})

    async def show_typing(self, customer: str) -> None:
        """Show 正在输入 for some seconds. Raises `WeChatRefused`."""
        await self._call("custom/typing", {"touser": customer, "command": "Typing"})

    async def _call(self, name: str, body: Json) -> Json:
        code, until = self._shut
        if (wait := until - self._monotonic()) > 0:
            raise WeChatRefused(code, wait=wait)
        token = await self._token.value()
        answer = await self._asked(name, body, token)
        if answer.get("errcode") in STALE_TOKEN:
            answer = await self._asked(name, body, await self._token.value(instead_of=token))
        if refused := int(answer.get("errcode", 0)):
            if refused in QUOTA:
                self._shut = (refused, self._monotonic() + QUOTA[refused])
            log.warning("wechat.refused", call=name, code=refused)
            raise WeChatRefused(refused)
        return answer

    async def _asked(self, name: str, body: Json, token: str) -> Json:
        return await post(self._client, f"/cgi-bin/message/{name}", body, params={"access_token": token})


async def post(client: httpx.AsyncClient, path: str, body: Json, *, params: dict[str, str] | None = None) -> Json:
    """One call. Chinese is sent as it is: WeChat shows escapes to customers as they stand. Raises `WeChatRefused`."""
    try:
        content = json.dumps(body, ensure_ascii=False).encode()
        answer = (await client.post(path, params=params, content=content)).json()
    except (httpx.HTTPError, ValueError) as error:
        # Not the error's words: they hold the address, which holds the token.
        log.info("wechat.no_answer", call=path, error=type(error).__name__)
        raise WeChatRefused(UNREACHABLE) from None
    return answer if isinstance(answer, dict) else {"errcode": -1}
