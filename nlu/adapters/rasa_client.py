"""nlu: asks the Rasa service within a deadline, and leaves it alone for a while when it fails."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import structlog

from nlu.adapters.encoder_service import packed
from nlu.adapters.rasa_process import DOOR
from nlu.contracts import Entity, Reading, Scored
from nlu.entities import settle
from nlu.ports import IntentsUnavailable

log = structlog.get_logger(__name__)
CONNECTIONS = 8
KEEP_SECONDS = 20
"""How long an idle connection is kept."""


class Nonsense(Exception):
    """The answer has the wrong shape or numbers that cannot be."""


@dataclass(slots=True)
class Breaker:
    """After `failures` in a row the service is left alone for `pause` seconds; then one message tries again."""

    failures: int
    pause: float
    clock: Callable[[], float] = time.monotonic
    in_a_row: int = 0
    closed_until: float = 0.0

    def lets_through(self) -> bool:
        """Whether a message may ask now."""
        if self.in_a_row < self.failures:
            return True
        if self.clock() < self.closed_until:
            return False
        self.closed_until = self.clock() + self.pause  # this one tries; the others wait for its result
        return True

    def succeeded(self) -> None:
        self.in_a_row = 0

    def failed(self) -> None:
        self.in_a_row += 1
        if self.in_a_row >= self.failures:
            self.closed_until = self.clock() + self.pause


class RasaClient:
    """Fits `nlu.ports.IntentService`. Answers within `deadline` seconds or raises `IntentsUnavailable`."""

    def __init__(self, url: str, secret: str, *, deadline: float, breaker: Breaker, intents: frozenset[str]) -> None:
        """`intents` are the names the desk knows; another name is a wrong model's. Empty: any name."""
        self._door = f"{url.rstrip('/')}{DOOR}/parse"
        self._deadline, self._breaker, self._intents = deadline, breaker, intents
        self._headers = {"X-Desk-Secret": secret}
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def parse(self, reading: Reading) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str]:
        if not self._breaker.lets_through():
            raise IntentsUnavailable("resting after failures")
        try:
            async with asyncio.timeout(self._deadline):
                body = await self._ask(
                    {"text": reading.text, "normalised": reading.normalised, "embedding": packed(reading.vector)}
                )
            result = read_answer(json.loads(body), reading.text, self._intents)
        except (aiohttp.ClientError, OSError, ValueError, Nonsense) as error:
            self._breaker.failed()
            # Only the kind of failure: the rest may hold the customer's text.
            log.warning("rasa.failed", kind=type(error).__name__, in_a_row=self._breaker.in_a_row)
            raise IntentsUnavailable(type(error).__name__) from error
        self._breaker.succeeded()
        return result

    async def _ask(self, question: dict[str, str]) -> bytes:
        if self._session is None:
            # Here and not in __init__: a session belongs to the event loop it is made in.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_SECONDS),
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        async with self._session.post(self._door, json=question, allow_redirects=False) as answer:
            answer.raise_for_status()
            if answer.status != HTTPStatus.OK:
                raise Nonsense(f"status {answer.status}")
            return await answer.read()


def read_answer(body: object, text: str, intents: frozenset[str]) -> tuple[tuple[Scored, ...], tuple[Entity, ...], str]:
    """The service's JSON as values. Raises `Nonsense`."""
    match body:
        case {"intent_ranking": [_, *_] as ranking, "entities": list(entities), "model": str(model)}:
            scored = tuple(_scored(item, intents) for item in ranking)
            return scored, settle(_entity(item, text) for item in entities), model
        case _:
            raise Nonsense("not the documented answer")


def _scored(item: object, intents: frozenset[str]) -> Scored:
    match item:
        case {"name": str(name), "confidence": float() | int() as confidence} if not isinstance(confidence, bool):
            if not math.isfinite(confidence) or not 0 <= confidence <= 1.0001:  # noqa: PLR2004 - rounding of a sum
                raise Nonsense("a confidence outside 0 to 1")
            if intents and name not in intents:
                raise Nonsense("an intent the desk does not know")
            return Scored(name=name, confidence=min(float(confidence), 1.0))
        case _:
            raise Nonsense("an intent without name and confidence")


def _entity(item: object, text: str) -> Entity:
    match item:
        case {"kind": str(kind), "start": int(start), "end": int(end)} if 0 <= start < end <= len(text):
            return Entity(kind=kind, value=text[start:end], start=start, end=end)
        case _:
            raise Nonsense("an entity outside the text")
