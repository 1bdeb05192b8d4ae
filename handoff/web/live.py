"""handoff: keeps every open console up to date. One listener on the signal wire serves all sockets of the process.

News only say where to look: what is sent was read from SQL. While the wire is down, and now and then anyway, SQL is
looked at without news, so a lost signal costs a moment and never a message.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, Self

import structlog

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent, Sight
from handoff.delivering import Delivering
from handoff.web.frames import deliveries_frame, entries_frame, state_frame
from handoff.web.watchers import TOPIC, Doing, Watchers
from kit.contracts import JsonValue, Signal, Signals
from kit.refusals import NotFound

WIRE_DOWN_SECONDS = 0.5
"""How often SQL is asked while the wire is down."""
HEAL_SECONDS = 2.0
"""How often the queue's version is compared although the wire works."""
CALM_SECONDS = 0.5
"""Consoles read their lists again at most this often; the first news after a pause reach them at once."""
CHUNK = 100
"""Entries in one frame."""
MOST_NAMED = 50
"""Conversations named in one frame; where more changed, the lists are read as a whole."""

log = structlog.get_logger(__name__)


class Outlet(Protocol):
    """As much of a socket as the hub uses (`kit.web.sockets.FrameSocket` fits)."""

    def send(self, frame: dict[str, JsonValue]) -> bool: ...


class Watch:
    """One conversation that one console shows."""

    def __init__(self, conversation_id: str, *, after: int) -> None:
        self.conversation_id = conversation_id
        self.sent = after
        """The last number this console got."""
        self.epoch = -1
        self.quiet = False
        """A supervisor looks, and colleagues are not told."""
        self.turn = asyncio.Lock()
        """Entries leave in order although news arrive side by side."""


class Console:
    """One connected console and what it watches."""

    def __init__(self, outlet: Outlet, agent: Agent, sight: Sight) -> None:
        self.outlet, self.agent, self.sight = outlet, agent, sight
        """`sight` is what its reader may see; it is read again with every sign of life."""
        self.watches: dict[str, Watch] = {}

    def is_seen(self, conversation_id: str) -> bool:
        """Whether colleagues may know that it shows the conversation."""
        watch = self.watches.get(conversation_id)
        return watch is not None and not watch.quiet


class LiveDesk:
    """The consoles of this process. `async with` runs its listener."""

    def __init__(
        self, agents: AgentDesk, delivering: Delivering, signals: Signals, *, render: Callable[[str], str]
    ) -> None:
        self._agents, self._delivering, self._signals, self._render = agents, delivering, signals, render
        self._consoles: set[Console] = set()
        self.watchers = Watchers(signals, self._watching)
        self._open: frozenset[str] = frozenset()
        self._version = -1
        self._queue_news = asyncio.Event()
        self._changed: set[str] | None = set()
        """Conversations that look different in the lists since these were told; None: perhaps all."""
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for run in (self._listen, self._look_now_and_then, self._tell_queue):
            self._tasks.append(asyncio.create_task(self._for_ever(run), name=f"live-desk-{run.__name__.strip('_')}"))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def add(self, console: Console) -> None:
        """A console connected."""
        self._consoles.add(console)

    async def remove(self, console: Console) -> None:
        """A console is gone."""
        self._consoles.discard(console)
        for conversation_id in list(console.watches):
            await self.unwatch(console, conversation_id)

    async def unwatch(self, console: Console, conversation_id: str) -> None:
        """The console does not show it any more."""
        watch = console.watches.pop(conversation_id, None)
        if watch is not None and not watch.quiet:
            await self.watchers.tell(conversation_id, console.agent, Doing.GONE)

    def send_queue(self, console: Console, changed: Collection[str] | None = None) -> None:
        """Tell one console which queue version there is, and which conversations look different (None: perhaps all)."""
        named: JsonValue = [*sorted(changed)] if changed is not None and len(changed) <= MOST_NAMED else None
        console.outlet.send({"t": "queue", "version": max(self._version, 0), "conversations": named})

    async def watch(self, console: Console, conversation_id: str, *, after: int, newest: int = 0) -> None:
        """Send what follows `after`, then everything that happens. Raises NotFound.

        Of a transcript longer than `newest` (0: any) only its end is sent; what is before is asked for
        (`transcript.py`).
        """
        await self._agents.load_latest(conversation_id, sight=console.sight)
        if newest:
            after = max(after, await self._agents.before_newest(conversation_id, newest))
        watch = Watch(conversation_id, after=after)
        console.watches[conversation_id] = watch
        await self._send_entries(console, watch, always=True)
        await self._send_state(console, watch)
        if not watch.quiet:
            await self.watchers.tell(conversation_id, console.agent, Doing.VIEWING, came=True)

    async def _for_ever(self, run: Callable[[], object]) -> None:
        while True:
            try:
                await run()  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - a store that is away for a while must not end the listener
                log.warning("live_desk.interrupted", part=run.__name__, kind=type(error).__name__)
                await asyncio.sleep(WIRE_DOWN_SECONDS)

    async def _listen(self) -> None:
        async with self._signals.subscribe("conversation:*", "desk", f"{TOPIC}*") as news:
            async for signal in news:
                if signal is None:
                    await self._look_everywhere()
                elif signal.topic == "desk":
                    self._lists_differ(signal.body.get("conversations"))
                elif signal.topic.startswith(TOPIC):
                    await self.watchers.heard(signal)
                else:
                    await self._heard(signal.topic.removeprefix("conversation:"), signal)

    async def _heard(self, conversation_id: str, signal: Signal) -> None:
        if "typing" in signal.body:
            self._relay_typing(conversation_id, signal.body)
            return
        if signal.body.get("packet"):
            for console in self._watching(conversation_id):
                console.outlet.send({"t": "packet", "conversation": conversation_id})
            return
        if signal.body.get("receipt"):
            await self._send_deliveries(conversation_id, self._watching(conversation_id))
            return
        if signal.body.get("state") or conversation_id in self._open:
            self._lists_differ([conversation_id])  # its last words stand in them, or its owner
        for console in self._watching(conversation_id):
            watch = console.watches.get(conversation_id)
            if watch is not None and (not signal.body.get("state") or await self._still_seen(console, watch)):
                await self._send_entries(console, watch)
                if signal.body.get("state"):
                    await self._send_state(console, watch)

    def _relay_typing(self, conversation_id: str, body: dict[str, JsonValue]) -> None:
        frame: dict[str, JsonValue] = {
            "t": "typing",
            "conversation": conversation_id,
            "who": body.get("who", "customer"),
            "on": bool(body.get("typing")),
        }
        if isinstance(text := body.get("text"), str):
            frame["text"] = text
        if frame["who"] != "agent":
            for console in self._watching(conversation_id):
                console.outlet.send(frame)

    def _lists_differ(self, conversations: JsonValue = None) -> None:
        if isinstance(conversations, list) and self._changed is not None:
            self._changed.update(map(str, conversations))
        else:
            self._changed = None
        self._queue_news.set()

    async def _tell_queue(self) -> None:
        while True:
            await self._queue_news.wait()
            self._queue_news.clear()
            if self._consoles:
                await self._read_version()
            changed, self._changed = self._changed, set()
            for console in list(self._consoles):
                self.send_queue(console, changed)
            await asyncio.sleep(CALM_SECONDS)

    async def _look_now_and_then(self) -> None:
        while True:
            down = not self._signals.up()
            await asyncio.sleep(WIRE_DOWN_SECONDS if down else HEAL_SECONDS)
            if not self._consoles:
                continue
            if down or await self._agents.version() != self._version:
                await self._look_everywhere()

    async def _look_everywhere(self) -> None:
        self._lists_differ()
        for console in list(self._consoles):
            for watch in list(console.watches.values()):
                if not await self._still_seen(console, watch):
                    continue
                await self._send_entries(console, watch)
                await self._send_state(console, watch)

    async def _read_version(self) -> None:
        version = await self._agents.version()
        if version != self._version:
            self._open = await self._agents.open_ids()
            self._version = version

    async def _still_seen(self, console: Console, watch: Watch) -> bool:
        """Whether the reader may still see the conversation; else this console hears no more of it."""
        try:
            await self._agents.load_latest(watch.conversation_id, sight=console.sight)
        except NotFound:
            if console.watches.get(watch.conversation_id) is watch:
                del console.watches[watch.conversation_id]
            return False
        return True

    async def _send_entries(self, console: Console, watch: Watch, *, always: bool = False) -> None:
        async with watch.turn:
            lines = await self._agents.lines(watch.conversation_id, after=watch.sent)
            if not lines and always:
                console.outlet.send(entries_frame(watch.conversation_id, (), after=watch.sent, render=self._render))
            for start in range(0, len(lines), CHUNK):
                part = lines[start : start + CHUNK]
                frame = entries_frame(watch.conversation_id, part, after=watch.sent, render=self._render)
                if not console.outlet.send(frame):
                    return
                watch.sent = part[-1].seq
        if any(line.kind == "agent" for line in lines):
            await self._send_deliveries(watch.conversation_id, [console])

    async def _send_deliveries(self, conversation_id: str, consoles: Sequence[Console]) -> None:
        if consoles:
            frame = deliveries_frame(conversation_id, await self._delivering.of(conversation_id))
            for console in consoles:
                console.outlet.send(frame)

    async def _send_state(self, console: Console, watch: Watch) -> None:
        with contextlib.suppress(NotFound):
            handoff = await self._agents.load_latest(watch.conversation_id, sight=console.sight)
            if handoff.epoch != watch.epoch:
                watch.epoch = handoff.epoch
                held_by_other = handoff.agent_id is not None and handoff.agent_id != console.agent.id
                watch.quiet = console.sight.quiet and held_by_other
                console.outlet.send(state_frame(handoff))

    def _watching(self, conversation_id: str) -> list[Console]:
        return [console for console in self._consoles if conversation_id in console.watches]
