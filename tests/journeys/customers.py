"""tests: one customer on one channel. Journeys speak to every kind in the same words."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from kit.contracts import Language
from tests.bot.channels.web.desk import Socket
from tests.support.desk import RunningDesk
from tests.support.fake_bot_api import FakeBotApi, buttons_of
from tests.support.fake_wechat import FakeWeChat
from tests.support.wait import until

NUMBERED = re.compile(r"^(\d{1,2})\. (.+)$", re.MULTILINE)
WORDED = re.compile(r"^(?:也可以直接回复：|You can also reply: )(.+)$", re.MULTILINE)
LOCALES = {Language.ZH: "zh-hans", Language.EN: "en"}


class Customer(Protocol):
    """Somebody who talks to the desk."""

    async def arrive(self) -> None:
        """Open the conversation."""
        ...

    async def say(self, text: str) -> None: ...

    async def press(self, label: str) -> None:
        """Press the newest button that says `label`."""
        ...

    def house(self) -> list[str]:
        """What the house has said so far, as the customer reads it."""
        ...

    def buttons(self) -> list[str]:
        """The buttons that can be pressed now."""
        ...


async def heard(customer: Customer, words: str, *, since: int = 0) -> str:
    """Wait until the house says `words` in a message after the first `since`; returns the message."""

    def found() -> str:
        return next((text for text in customer.house()[since:] if words in text), "")

    try:
        return await until(found)
    except AssertionError as error:
        raise AssertionError(f"never heard {words!r}; heard {customer.house()[since:]}") from error


async def offered(customer: Customer, label: str) -> None:
    """Wait until there is a button that says `label`."""
    try:
        await until(lambda: label in customer.buttons())
    except AssertionError as error:
        raise AssertionError(f"no button {label!r}; there are {customer.buttons()}") from error


@dataclass(kw_only=True)
class WebCustomer:
    """A visitor with the widget's socket; `cut` and `reconnect` are what networks do."""

    desk: RunningDesk
    language: Language
    token: str = ""
    conversation: str = ""
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    _socket: Socket | None = None
    _reading: asyncio.Task[None] | None = None
    _keys: Any = field(default_factory=lambda: itertools.count(1))

    async def arrive(self) -> None:
        async with httpx.AsyncClient(base_url=self.desk.url) as client:
            self.token = (await client.post("/api/visitor")).json()["token"]
        await self.reconnect()

    async def reconnect(self) -> None:
        """Connect and name the last number there is."""
        connection = await connect(self.desk.url.replace("http", "ws", 1) + "/ws/visitor", compression=None)
        self._socket = Socket(connection)
        last = max(self.entries, default=0)
        ready = await self._socket.hello(self.token, after=last, language=self.language.value)
        self.conversation = ready["conversation"]
        self.states.append(ready["state"])
        self._reading = asyncio.create_task(self._read(self._socket), name="web-customer")

    async def cut(self) -> None:
        """The connection breaks without a word."""
        if self._socket is not None and self._reading is not None:
            self._socket.connection.transport.abort()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def leave(self) -> None:
        """Close the window."""
        if self._reading is not None and self._socket is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            await self._socket.connection.close()

    async def say(self, text: str) -> None:
        await self._send({"t": "send", "key": self._key(), "text": text})

    async def press(self, label: str) -> None:
        await offered(self, label)
        for entry in sorted(self.entries.values(), key=lambda entry: -int(entry["seq"])):
            for choice in entry["payload"].get("choices", []):
                if choice["label"] == label:
                    frame = {"t": "press", "key": self._key(), "choice": choice["id"], "seq": entry["seq"]}
                    await self._send(frame)
                    return

    def house(self) -> list[str]:
        return [entry["text"] for _, entry in sorted(self.entries.items()) if entry["kind"] != "customer"]

    def buttons(self) -> list[str]:
        said = [entry for _, entry in sorted(self.entries.items())]
        return [choice["label"] for entry in said for choice in entry["payload"].get("choices", [])]

    async def _send(self, frame: dict[str, Any]) -> None:
        assert self._socket is not None
        await self._socket.send(frame)

    def _key(self) -> str:
        return f"{self.token[:26]}-{next(self._keys)}"

    async def _read(self, socket: Socket) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await socket.connection.recv()
                self._take(socket.read(frame))

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "state":
            self.states.append(frame)
        elif frame["t"] == "typing" and frame["on"]:
            self.typing.append(frame["who"])
        for entry in frame.get("entries", []):
            if entry["seq"] in self.entries:
                self.doubled.append(entry["seq"])
            self.entries[entry["seq"]] = entry


@dataclass(kw_only=True)
class TelegramCustomer:
    """Somebody in a private chat with the bot."""

    api: FakeBotApi
    chat: int
    language: Language

    async def arrive(self) -> None:
        self.api.say(self.chat, "/start", language=LOCALES[self.language])

    async def say(self, text: str) -> None:
        self.api.say(self.chat, text, language=LOCALES[self.language])

    async def press(self, label: str) -> None:
        await offered(self, label)
        self.api.press(self.chat, label, language=LOCALES[self.language])

    def house(self) -> list[str]:
        return self.api.texts(self.chat)

    def buttons(self) -> list[str]:
        return [label for labels in self.keyboards() for label in labels]

    def keyboards(self) -> list[list[str]]:
        """The buttons of each message that has any."""
        every = [[button["text"] for button in buttons_of(message)] for message in self.api.messages(self.chat)]
        return [labels for labels in every if labels]


@dataclass(kw_only=True)
class WeChatCustomer:
    """Somebody who follows the account; what others press they answer with a number or a word."""

    wechat: FakeWeChat
    name: str
    language: Language

    async def arrive(self) -> None:
        self.wechat.event(self.name, "subscribe")
        if self.language is not Language.ZH:  # WeChat does not say what its customers speak
            await until(self.house)
            await self.say("hello")
            await until(lambda: len(self.house()) > 1)
            self.wechat.event(self.name, "CLICK", EventKey="start")

    async def say(self, text: str) -> None:
        self.wechat.say(self.name, text)

    async def press(self, label: str) -> None:
        await offered(self, label)
        self.wechat.say(self.name, self._offers()[-1].get(label, label))

    def house(self) -> list[str]:
        return self.wechat.texts(self.name)

    def buttons(self) -> list[str]:
        return [label for offer in self._offers() for label in offer]

    def _offers(self) -> list[dict[str, str]]:
        """The choices of each reply that has any: labels, each with what to answer."""
        return [offer for text in self.house() if (offer := offer_in(text))]


def offer_in(text: str) -> dict[str, str]:
    """The choices under a text of WeChat."""
    worded = WORDED.search(text)
    if worded:
        return {label: label for label in re.split("、|, ", worded[1])}
    return {label: number for number, label in NUMBERED.findall(text)}


@contextlib.asynccontextmanager
async def web_customer(desk: RunningDesk, language: Language) -> AsyncIterator[WebCustomer]:
    """A visitor who leaves at the end."""
    customer = WebCustomer(desk=desk, language=language)
    try:
        yield customer
    finally:
        await customer.leave()
