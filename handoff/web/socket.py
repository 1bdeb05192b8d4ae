"""handoff: `/ws/desk`, the console's socket. Frames are described in docs/protocol.md."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket

from handoff.agent_desk import AgentDesk
from handoff.contracts import Agent
from handoff.mentions import Mentions
from handoff.reading import Reading
from handoff.sights import Sights
from handoff.web.agents import agent_of
from handoff.web.frames import KEY_LIMIT, count_of, flag_of, text_of, typed_of
from handoff.web.live import Console, LiveDesk
from handoff.web.watchers import Doing
from kit.contracts import JsonValue
from kit.refusals import Malformed, NotAllowed, NotSignedIn, Refusal
from kit.texts import Texts
from kit.web.sockets import FrameSocket
from staff.contracts import Person, Role
from staff.ports import Gate

SESSION_OVER = 4401
NOT_ALLOWED = 4403
MAY_WORK = (Role.AGENT, Role.SUPERVISOR)

Frame = dict[str, JsonValue]


class DeskSocket:
    """One connection of one agent."""

    def __init__(
        self,
        socket: WebSocket,
        *,
        agents: AgentDesk,
        mentions: Mentions,
        reading: Reading,
        live: LiveDesk,
        gate: Gate,
        sights: Sights,
        texts: Texts,
    ) -> None:
        self._socket, self._agents, self._mentions, self._live = socket, agents, mentions, live
        self._reading = reading
        self._gate, self._sights, self._texts = gate, sights, texts

    async def run(self) -> None:
        """Serve the connection until it ends."""
        try:
            person = await self._person()
        except Refusal as refusal:
            # Accepted first: a browser is told nothing of why a handshake failed, and would try again for ever.
            await self._socket.accept()
            await self._socket.close(SESSION_OVER if isinstance(refusal, NotSignedIn) else NOT_ALLOWED)
            return
        async with FrameSocket(self._socket, self._texts) as frames:
            agent = agent_of(person)
            console = Console(frames, agent, await self._sights.of(person.id, person.roles))
            self._live.add(console)
            try:
                await self._serve(frames, console, agent)
            finally:
                await self._live.remove(console)

    async def _serve(self, frames: FrameSocket, console: Console, agent: Agent) -> None:
        while (frame := await frames.receive()) is not None:
            key = frame.get("key")
            try:
                await self._handle(frames, console, agent, frame)
            except NotSignedIn:
                frames.close(SESSION_OVER)
            except NotAllowed:
                frames.close(NOT_ALLOWED)
            except Refusal as refusal:
                frames.refuse(refusal, key=key if isinstance(key, str) else None)

    async def _handle(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        handle = self._handlers().get(str(frame["t"]))
        if handle is None:
            raise Malformed(field="t", details={"t": ", ".join(self._handlers())})
        await handle(frames, console, agent, frame)

    def _handlers(self) -> dict[str, Callable[[FrameSocket, Console, Agent, Frame], Awaitable[None]]]:
        return {
            "hello": self._hello,
            "watch": self._watch,
            "unwatch": self._unwatch,
            "send": self._send,
            "note": self._note,
            "typing": self._typing,
            "seen": self._seen,
            "ping": self._ping,
        }

    async def _hello(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        await self._agents.arrive(agent)
        console.watches.clear()  # the console names what it watches again
        frames.send({"t": "ready", "me": {"id": agent.id, "name": agent.name}})
        self._live.send_queue(console)

    async def _watch(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        newest = count_of(frame, "newest") if "newest" in frame else 0
        await self._live.watch(console, text_of(frame, "conversation"), after=count_of(frame, "after"), newest=newest)

    async def _unwatch(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        await self._live.unwatch(console, text_of(frame, "conversation"))

    async def _send(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        key = text_of(frame, "key", limit=KEY_LIMIT)
        conversation, text, epoch = text_of(frame, "conversation"), typed_of(frame), count_of(frame, "epoch")
        seq = await self._agents.reply(conversation, agent, key=key, text=text, epoch=epoch)
        frames.send({"t": "ack", "key": key, "seq": seq})

    async def _note(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        key = text_of(frame, "key", limit=KEY_LIMIT)
        conversation, text = text_of(frame, "conversation"), typed_of(frame)
        seq = await self._mentions.note(conversation, agent, key=key, text=text, sight=console.sight)
        frames.send({"t": "ack", "key": key, "seq": seq})

    async def _typing(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        conversation, on = text_of(frame, "conversation"), flag_of(frame, "on")
        if "note" not in frame or not flag_of(frame, "note"):
            await self._agents.typing(conversation, agent, on=on)
        if console.is_seen(conversation):
            doing = Doing.WRITING if on else Doing.VIEWING
            await self._live.watchers.tell(conversation, agent, doing)

    async def _seen(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        conversation, watch = text_of(frame, "conversation"), console.watches.get(text_of(frame, "conversation"))
        if watch is not None:  # nobody has read what they were not sent
            await self._reading.note(conversation, agent, upto=min(count_of(frame, "upto"), watch.sent))

    async def _ping(self, frames: FrameSocket, console: Console, agent: Agent, frame: Frame) -> None:
        # A session that was ended elsewhere ends the console too; other roles or departments are seen by now.
        person = await self._person()
        console.sight = await self._sights.of(person.id, person.roles)
        await self._agents.beat(agent_of(person))
        frames.send({"t": "pong"})

    async def _person(self) -> Person:
        return await self._gate.require(self._socket, *MAY_WORK)
