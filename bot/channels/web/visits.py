"""bot: one visitor's conversation, the same for sockets and plain HTTP: open it, read it, say something in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.identity import Identifies, Identity, Signed
from bot.channels.ports import Files, Names, Queue, Reads, Seen, TakesIn
from bot.channels.web.frames import Frame, ToHtml, entries_json, state_json
from bot.channels.web.rate import Rate
from bot.contracts import Capabilities, Conversation, Inbound, InboundKind, Owner, Received
from bot.public import is_public
from handoff.contracts import QueuePlace
from kit.contracts import Clock, Language
from kit.files import SentFile
from kit.refusals import Malformed, NotFound

CHANNEL = "web"
CAPABILITIES = Capabilities(name=CHANNEL, text_limit=2000, markdown=True, buttons=8, pushes=False, typing=True)
PART = 50
"""Entries in one frame."""
OUTLOOK_SECONDS = 1.0
"""How long what the desk looks like is remembered; every window asks for it."""


@dataclass(slots=True, kw_only=True)
class Visits:
    """What the widget's routes share."""

    inbox: TakesIn
    reads: Reads
    queue: Queue
    names: Names
    clock: Clock
    rate: Rate
    files: Files
    receipts: Seen
    to_html: ToHtml
    signed: Signed
    identifies: Identifies
    case_page: Callable[[str], str]
    """The path of the page with a conversation's cases, for its customer."""
    _outlook: tuple[float, QueuePlace] | None = field(default=None, init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def find(self, visitor: str) -> Conversation | None:
        """The visitor's conversation, if there is one yet."""
        return await self.reads.find_at(CHANNEL, visitor)

    async def open(self, visitor: str, language: Language | None, identity: Identity | None = None) -> Conversation:
        """The visitor's conversation; a new one begins with the bot's greeting.

        With an `identity` it is noted whose it is. Raises a refusal when it is somebody else's.
        """
        home = await self._opened(visitor, language, identity.name if identity else "")
        if identity is not None:
            await self.identifies.identify(home.id, identity.subject)
        return home

    def identity(self, said: object) -> Identity | None:
        """Who the shop says the visitor is; None where nothing is said. Raises `IdentityRefused`."""
        return self.signed.read(said) if isinstance(said, str) and said else None

    async def _opened(self, visitor: str, language: Language | None, name: str) -> Conversation:
        home = await self.find(visitor)
        if home is not None:
            return home
        start = Inbound(
            channel=CHANNEL,
            external_id=f"start-{visitor}",
            address=visitor,
            kind=InboundKind.START,
            customer_name=name,
            language_hint=language,
        )
        received = await self.inbox.receive(start)
        opened = await self.reads.find(received.conversation_id)
        if opened is None:
            raise LookupError(received.conversation_id)
        return opened

    async def say(self, visitor: str, frame: Mapping[str, object], language: Language | None) -> Received:
        """Store what a `send` or `press` frame says. Raises `kit.refusals.Refusal`."""
        inbound = inbound_of(visitor, frame, language)
        self.rate.check(visitor)
        return await self.inbox.receive(inbound)

    async def send_file(
        self, visitor: str, *, key: str, name: str, content: bytes, language: Language | None
    ) -> Received:
        """Store a file the customer sends. Raises `kit.refusals.Refusal`."""
        file = self.files.check(name, content)
        self.rate.check(visitor)
        home = await self.find(visitor)
        if home is not None:
            await self.files.check_pace(home.id)
        return await self.inbox.receive(
            Inbound(
                channel=CHANNEL,
                external_id=key,
                address=visitor,
                kind=InboundKind.FILE,
                file_name=file.name,
                file_kind=str(file.facts["kind"]),
                file=file,
                language_hint=language,
            )
        )

    async def file(self, visitor: str, seq: int) -> SentFile:
        """The file of a line of the visitor's own conversation. Raises `NotFound`."""
        home = await self.find(visitor)
        entry = await self.reads.entry(home.id, seq) if home is not None else None
        if home is None or entry is None or not is_public(entry):
            raise NotFound
        return await self.files.load(home.id, seq)

    async def entries(self, conversation_id: str, *, after: int) -> Frame | None:
        """The next part of the transcript after `after`; None when there is none."""
        entries = await self.reads.entries(conversation_id, after=after, limit=PART)
        return entries_json(entries, after=after, to_html=self.to_html) if entries else None

    async def state(self, conversation: Conversation | None) -> Frame:
        """Who the visitor is talking to, and where they stand in the queue."""
        place, agent = None, ""
        if conversation is not None and conversation.owner is Owner.QUEUE:
            place = await self.queue.place(conversation.id)
        if conversation is not None and conversation.agent_id is not None:
            agent = await self.names(conversation.agent_id)
        # Whoever waits is told what the queue looks like now; for the others a moment ago will do.
        return state_json(conversation, agent=agent, place=place, outlook=place or await self._look())

    async def _look(self) -> QueuePlace:
        # When somebody comes on duty thousands of windows ask at one moment: one of them looks, the others wait for it.
        async with self._looking:
            now = time.monotonic()
            if self._outlook is None or now - self._outlook[0] > OUTLOOK_SECONDS:
                self._outlook = (now, await self.queue.outlook(self.clock()))
            return self._outlook[1]


def inbound_of(visitor: str, frame: Mapping[str, object], language: Language | None) -> Inbound:
    """The inbound of a `send` or `press` frame. Raises `Malformed` naming every field that is wrong."""
    faults = {}
    key, text, choice, seq = frame.get("key"), frame.get("text"), frame.get("choice"), frame.get("seq")
    pressed = "choice" in frame
    if not isinstance(key, str) or not key:
        faults["key"] = "a text that is yours alone, such as a UUID"
    if pressed and not isinstance(choice, str):
        faults["choice"] = "the id of a choice"
    if pressed and seq is not None and not is_number(seq):
        faults["seq"] = "the number of the entry with the choice, or nothing"
    if not pressed and not isinstance(text, str):
        faults["text"] = "a text"
    if faults:
        raise Malformed(field=next(iter(faults)), details=faults)
    return Inbound(
        channel=CHANNEL,
        external_id=str(key),
        address=visitor,
        kind=InboundKind.PRESS if pressed else InboundKind.TEXT,
        text="" if pressed else str(text),
        choice=str(choice) if pressed else "",
        to_seq=seq if isinstance(seq, int) and pressed else None,
        language_hint=language,
    )


def is_number(value: object) -> bool:
    """Whether `value` is a number an entry can have; booleans are not, though Python counts them as such."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def language_in(value: object) -> Language | None:
    """A language the desk speaks, where `value` names one."""
    return Language(value) if isinstance(value, str) and value in set(Language) else None
