"""tests: a Telegram Bot API of our own that python-telegram-bot talks to, by polling and by webhook.

It refuses what the real one refuses (too long, bad HTML, buttons above 64 bytes, nothing changed by an edit) and can
be told to fail: an error code, a lost reply, a customer who blocked the bot, update ids that start anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.serving import serving
from tests.support.telegram_html import Refused, read_html

TOKEN = "123456:fake-token-of-the-tests_AbC"
ME = {
    "id": 123456,
    "is_bot": True,
    "first_name": "澄家客服",
    "username": "clearhome_bot",
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
COMPOUND = {"reply_markup", "entities", "allowed_updates", "link_preview_options", "commands", "scope"}

Json = dict[str, Any]


@dataclass
class Fault:
    """What happens to the next call of a method."""

    method: str
    code: int
    parameters: Json = field(default_factory=dict)
    after: bool = False
    """The work is done and only the reply is lost."""


class FakeBotApi:
    """The server side of Telegram, with the customers in front of it."""

    def __init__(self, *, first_update: int = 1000) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.pending: list[Json] = []
        self.hook: Json | None = None
        self.blocked: set[int] = set()
        self.faults: list[Fault] = []
        self.uploads: list[tuple[str, str, bytes]] = []
        """(method's kind, name, content) of what the bot sent."""
        self.files: dict[str, bytes] = {}
        """What customers sent, by file id."""
        self.url = ""
        self.reach = ""
        """Where the desk's public address really is; a test's desk has no name that Telegram could look up."""
        self._messages: dict[tuple[int, int], Json] = {}
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(first_update)
        self._news = asyncio.Event()
        self._deliverer: asyncio.Task[None] | None = None
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{name:path}", self._download),
            ],
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FakeBotApi]:
        """Serve the API; `url` is its address for `telegram.api_url`."""
        async with serving(self.app) as self.url:
            try:
                yield self
            finally:
                await self._stop_delivering()
                self._news.set()

    # --- the customers -------------------------------------------------------------------------------------------

    def say(self, chat: int, text: str, *, language: str = "zh-hans", **more: Any) -> Json:
        """A customer types `text`."""
        message = self._from_customer(chat, language) | {"text": text} | more
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self.push({"message": message})

    def send(self, chat: int, *, language: str = "zh-hans", **content: Any) -> Json:
        """A customer sends something that is not text."""
        return self.push({"message": self._from_customer(chat, language) | content})

    def press(self, chat: int, label: str, *, language: str = "zh-hans") -> Json:
        """A customer taps the newest button that says `label`."""
        for message in reversed(self.messages(chat)):
            for button in buttons_of(message):
                if button["text"] == label:
                    return self.push(
                        {
                            "callback_query": {
                                "id": str(time.monotonic_ns()),
                                "chat_instance": "1",
                                "from": person(chat, language),
                                "message": message,
                                "data": button["callback_data"],
                            }
                        }
                    )
        shown = [button["text"] for message in self.messages(chat) for button in buttons_of(message)]
        raise AssertionError(f"no button says {label!r}; there are {shown}")

    def push(self, body: Json) -> Json:
        """Queue an update; returns it."""
        update = {"update_id": next(self._update_ids)} | body
        self.pending.append(update)
        self._news.set()
        return update

    def restart_update_ids(self, first: int) -> None:
        """Telegram does this after a week without updates."""
        self._update_ids = itertools.count(first)

    # --- what the test sees ----------------------------------------------------------------------------------------

    def messages(self, chat: int) -> list[Json]:
        """The chat as it stands, edits done."""
        return [m for (c, _), m in sorted(self._messages.items()) if c == chat]

    def texts(self, chat: int) -> list[str]:
        """The bot's texts in the chat as a person reads them."""
        return [message.get("text", "") for message in self.messages(chat)]

    def called(self, method: str) -> list[Json]:
        """The parameters of every call of `method`, oldest first."""
        return [parameters for name, parameters in self.calls if name == method]

    def fail(self, method: str, code: int, *, times: int = 1, **parameters: Any) -> None:
        """The next calls of `method` are refused with `code`."""
        self.faults += [Fault(method=method, code=code, parameters=parameters) for _ in range(times)]

    def lose_reply(self, method: str) -> None:
        """The next call of `method` is carried out, and its reply gets lost."""
        self.faults.append(Fault(method=method, code=502, after=True))

    # --- the API -----------------------------------------------------------------------------------------------------

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        parameters = await _parameters(request)
        if request.path_params["token"] != TOKEN:
            return _answer(401, description="Unauthorized")
        self.calls.append((method, parameters))
        fault = next((fault for fault in self.faults if fault.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
            if not fault.after:
                return _answer(fault.code, description=f"injected {fault.code}", parameters=fault.parameters)
        try:
            result = await getattr(self, f"_on_{method.lower()}", self._unknown)(parameters)
        except Refused as refused:
            return _answer(refused.code, description=refused.description, parameters=refused.parameters)
        if fault is not None:
            return Response("<html>502 Bad Gateway</html>", 502, media_type="text/html")
        return JSONResponse({"ok": True, "result": result})

    async def _unknown(self, parameters: Json) -> None:
        raise Refused(404, "Not Found")

    async def _on_getme(self, parameters: Json) -> Json:
        return ME

    async def _on_getupdates(self, parameters: Json) -> list[Json]:
        if self.hook is not None:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(parameters.get("offset", 0))
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
        end = time.monotonic() + float(parameters.get("timeout", 0))
        while not self.pending and (left := end - time.monotonic()) > 0:
            self._news.clear()
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                break
            if not self.pending:
                break
        return self.pending[: int(parameters.get("limit", 100))]

    async def _on_setwebhook(self, parameters: Json) -> bool:
        self.hook = parameters if parameters.get("url") else None
        await self._stop_delivering()
        if self.hook is not None:
            self._deliverer = asyncio.create_task(self._deliver(self.hook))
        return True

    async def _on_deletewebhook(self, parameters: Json) -> bool:
        self.hook = None
        await self._stop_delivering()
        return True

    async def _on_sendmessage(self, parameters: Json) -> Json:
        chat = int(parameters["chat_id"])
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": private(chat),
            "from": ME,
            **_content(parameters),
        }
        self._messages[chat, message["message_id"]] = message
        return message

    async def _on_sendphoto(self, parameters: Json) -> Json:
        return await self._sent_file(parameters, "photo")

    async def _on_senddocument(self, parameters: Json) -> Json:
        return await self._sent_file(parameters, "document")

    async def _sent_file(self, parameters: Json, kind: str) -> Json:
        name, content = parameters[kind]
        self.uploads.append((kind, name, content))
        sent = await self._on_sendmessage({**parameters, "text": parameters.get("caption") or name})
        size = {"file_id": "up", "file_unique_id": "up", "width": 1, "height": 1}
        return sent | {kind: [size] if kind == "photo" else {"file_id": "up", "file_unique_id": "up"}}

    async def _on_getfile(self, parameters: Json) -> Json:
        found = self.files.get(str(parameters["file_id"]))
        if found is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        name = str(parameters["file_id"])
        return {"file_id": name, "file_unique_id": name, "file_size": len(found), "file_path": f"photos/{name}"}

    async def _download(self, request: Request) -> Response:
        content = self.files.get(request.path_params["name"].rpartition("/")[2])
        if request.path_params["token"] != TOKEN or content is None:
            return _answer(404, description="Not Found")
        return Response(content, media_type="application/octet-stream")

    async def _on_editmessagetext(self, parameters: Json) -> Json:
        return self._edit(parameters, _content(parameters))

    async def _on_editmessagereplymarkup(self, parameters: Json) -> Json:
        return self._edit(parameters, _keyboard(parameters))

    async def _on_deletemessage(self, parameters: Json) -> bool:
        if self._messages.pop((int(parameters["chat_id"]), int(parameters["message_id"])), None) is None:
            raise Refused(400, "Bad Request: message to delete not found")
        return True

    async def _on_answercallbackquery(self, parameters: Json) -> bool:
        return True

    async def _on_sendchataction(self, parameters: Json) -> bool:
        return True

    async def _on_setmycommands(self, parameters: Json) -> bool:
        return True

    def _edit(self, parameters: Json, new: Json) -> Json:
        where = int(parameters["chat_id"]), int(parameters["message_id"])
        old = self._messages.get(where)
        if old is None:
            raise Refused(400, "Bad Request: message to edit not found")
        bare = {key: value for key, value in old.items() if key not in {"reply_markup", "edit_date"}}
        edited = bare | new
        if edited == {key: value for key, value in old.items() if key != "edit_date"}:
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        self._messages[where] = edited | {"edit_date": int(time.time())}
        return self._messages[where]

    # --- webhook ---------------------------------------------------------------------------------------------------

    async def _deliver(self, hook: Json) -> None:
        """Post pending updates in order until each is answered with 2xx, as Telegram does."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook.get("secret_token") else {}
        async with httpx.AsyncClient(timeout=10) as client:
            while True:
                if not self.pending:
                    self._news.clear()
                    await self._news.wait()
                    continue
                update = self.pending[0]
                with contextlib.suppress(httpx.HTTPError):
                    response = await client.post(self._reached(hook["url"]), json=update, headers=headers)
                    if response.is_success and update in self.pending:
                        self.pending.remove(update)
                        continue
                await asyncio.sleep(0.02)

    def _reached(self, url: str) -> str:
        return self.reach + urlsplit(url).path if self.reach else url

    async def _stop_delivering(self) -> None:
        if self._deliverer is not None:
            self._deliverer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._deliverer
            self._deliverer = None

    def _from_customer(self, chat: int, language: str) -> Json:
        return {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": private(chat),
            "from": person(chat, language),
        }


def person(chat: int, language: str = "zh-hans") -> Json:
    """A customer; in a private chat their id is the chat's."""
    return {"id": chat, "is_bot": False, "first_name": "小周", "username": f"u{chat}", "language_code": language}


def private(chat: int) -> Json:
    """A private chat."""
    return {"id": chat, "type": "private", "first_name": "小周", "username": f"u{chat}"}


def buttons_of(message: Json) -> list[Json]:
    """The buttons under a message."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _content(parameters: Json) -> Json:
    text = str(parameters.get("text", ""))
    content: Json = {}
    if parameters.get("parse_mode") == "HTML":
        content["html"] = text
        text = read_html(text)
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refused(400, "Bad Request: message is too long")
    return content | {"text": text} | _keyboard(parameters)


def _keyboard(parameters: Json) -> Json:
    rows = (parameters.get("reply_markup") or {}).get("inline_keyboard") or []
    for button in itertools.chain.from_iterable(rows):
        if not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if not button["text"].strip():
            raise Refused(400, "Bad Request: inline keyboard button text must be non-empty")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


async def _parameters(request: Request) -> Json:
    if "json" in request.headers.get("content-type", ""):
        return dict(await request.json())
    async with request.form() as form:
        sent = [
            (key, (value.filename, await value.read()) if isinstance(value, UploadFile) else value)
            for key, value in form.items()
        ]
    query: Iterator[tuple[str, Any]] = itertools.chain(request.query_params.items(), sent)
    return {key: json.loads(value) if key in COMPOUND else value for key, value in query}


def _answer(code: int, *, description: str, parameters: Json | None = None) -> Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status_code=code)
