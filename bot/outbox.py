"""bot: the outbox. Sends replies to channels that are pushed to, in order within a conversation.

A row is marked as tried before the call and as sent after it. In between it is leased: of many processes that send to
the same channel one makes the call, and a row whose process died is free again when the longest call must be over. A
crash between the two sends once more, which only a channel with keys of its own could prevent; `Outgoing.attempts`
above 1 tells the channel that this may be a repeat.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.contracts import EntryKind, FailureKind, NewEntry, Outgoing, SendFailed
from bot.pace import wait_after
from bot.ports import ChannelSender
from bot.ports.stores import ConversationStore, OutboxStore
from bot.settings.conversation import OutboxSettings
from bot.worker import cancelled, forever
from kit.contracts import Clock, Signals, Transactions, Tx
from kit.texts import Texts

log = structlog.get_logger("bot.outbox")

SWEEP_SECONDS = 2.0
SWEEP_LIMIT = 200
TYPING_SECONDS = 2.0
SPARE = timedelta(seconds=5)
"""For noting what came of a call, and for clocks of two machines that differ a little."""
TOPIC, AGENT = "conversation:", "agent"
FINAL = frozenset({FailureKind.GONE, FailureKind.OURS})
"""Trying again would not help: the customer is gone, or what we send is wrong."""


class Outbox:
    """Sends what waits until it is stopped."""

    def __init__(
        self,
        *,
        senders: Mapping[str, ChannelSender],
        outbox: OutboxStore,
        store: ConversationStore,
        transactions: Transactions,
        signals: Signals,
        texts: Texts,
        clock: Clock,
        settings: OutboxSettings,
    ) -> None:
        self._senders, self._outbox, self._store = dict(senders), outbox, store
        self._transactions, self._signals, self._texts = transactions, signals, texts
        self._clock, self._settings = clock, settings
        self._sending: set[str] = set()
        self._again: set[str] = set()
        self._slots = asyncio.Semaphore(settings.sends_at_once)
        self._loops: list[asyncio.Task[None]] = []
        self._deliveries: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin; returns at once. Without a pushing channel there is nothing to do."""
        if self._senders:
            loops = (("listen", self._listen), ("sweep", self._sweep))
            self._loops = [asyncio.create_task(forever(name, loop), name=f"outbox-{name}") for name, loop in loops]

    async def stop(self) -> None:
        """Let calls that are under way end, send nothing new."""
        await cancelled(self._loops)
        self._loops = []
        if self._deliveries:
            await asyncio.wait(self._deliveries, timeout=self._settings.send_seconds)
        await cancelled([*self._deliveries])

    def offer(self, conversation_id: str) -> None:
        """Something may wait to be sent there."""
        if conversation_id in self._sending:
            self._again.add(conversation_id)
            return
        self._sending.add(conversation_id)
        task = asyncio.create_task(self._deliver(conversation_id), name="outbox-delivery")
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _listen(self) -> None:
        async with self._signals.subscribe("conversation:*") as news:
            async for signal in news:
                if signal is None:
                    await self._look()
                elif "seq" in signal.body:
                    self.offer(signal.topic.removeprefix(TOPIC))
                elif signal.body.get("who") == AGENT and signal.body.get("typing") is True:
                    await self._show_typing(signal.topic.removeprefix(TOPIC))

    async def _show_typing(self, conversation_id: str) -> None:
        """A representative types: say so where the channel can. Fleeting, so a failure is not worth a word."""
        conversation = await self._store.find(conversation_id)
        sender = None if conversation is None else self._senders.get(conversation.channel)
        if conversation is not None and sender is not None and sender.capabilities.typing:
            with contextlib.suppress(SendFailed, TimeoutError):
                async with asyncio.timeout(TYPING_SECONDS):
                    await sender.typing(conversation.address)

    async def _sweep(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(SWEEP_SECONDS if self._signals.up() else SWEEP_SECONDS / 4)

    async def _look(self) -> None:
        channels = frozenset(self._senders)
        for outgoing in await self._outbox.heads(self._clock(), channels=channels, limit=SWEEP_LIMIT):
            self.offer(outgoing.conversation_id)

    async def _deliver(self, conversation_id: str) -> None:
        """Send what waits in one conversation, one after the other, until nothing may be sent now."""
        try:
            while True:
                self._again.discard(conversation_id)
                async with self._slots:
                    while await self._send_head(conversation_id):
                        pass
                if conversation_id not in self._again:
                    return
        except Exception as error:
            log.warning("outbox.delivery_broke", conversation=conversation_id, exc_info=error)
        finally:
            self._sending.discard(conversation_id)

    async def _send_head(self, conversation_id: str) -> bool:
        """Send the first pending row; whether to look for the next."""
        channels = frozenset(self._senders)
        heads = await self._outbox.heads(self._clock(), channels=channels, limit=1, conversation_id=conversation_id)
        if not heads:
            return False
        [outgoing] = heads
        until = self._clock() + timedelta(seconds=self._settings.send_seconds) + SPARE
        attempts = await self._transactions.write(
            lambda tx: self._outbox.begin(tx, outgoing.id, attempts=outgoing.attempts, until=until)
        )
        if attempts is None:
            return False  # another process sends it, and what comes after it
        try:
            message_id = await self._call(outgoing, attempts)
        except SendFailed as failed:
            return await self._note_failure(outgoing, attempts, failed)
        await self._transactions.write(
            lambda tx: self._outbox.sent(tx, outgoing.id, message_id=message_id, at=self._clock())
        )
        log.info("outbox.sent", conversation=outgoing.conversation_id, seq=outgoing.seq, attempts=attempts)
        await self._tell(outgoing)
        return True

    async def _call(self, outgoing: Outgoing, attempts: int) -> str:
        tried = Outgoing(
            id=outgoing.id,
            conversation_id=outgoing.conversation_id,
            seq=outgoing.seq,
            channel=outgoing.channel,
            address=outgoing.address,
            entry=outgoing.entry,
            attempts=attempts,
        )
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                return await self._senders[outgoing.channel].send(tried)
        except SendFailed:
            raise
        except TimeoutError as error:
            raise SendFailed(FailureKind.UNAVAILABLE, "no answer in time") from error
        except Exception as error:
            log.exception("outbox.sender_broke", conversation=outgoing.conversation_id)
            raise SendFailed(FailureKind.OURS, type(error).__name__) from error

    async def _note_failure(self, outgoing: Outgoing, attempts: int, failed: SendFailed) -> bool:
        now = self._clock()
        too_old = now - outgoing.entry.at > timedelta(hours=self._settings.give_up_hours)
        final = failed.kind in FINAL or too_old
        log.warning(
            "outbox.failed",
            conversation=outgoing.conversation_id,
            seq=outgoing.seq,
            kind=failed.kind.value,
            attempts=attempts,
            final=final,
        )
        wait = failed.retry_after or wait_after(
            attempts, first=self._settings.retry_first_seconds, longest=self._settings.retry_longest_seconds
        )

        async def work(tx: Tx) -> None:
            if not final:
                again = now + timedelta(seconds=wait)
                await self._outbox.put_off(tx, outgoing.id, failure=failed.kind, reason=failed.reason, next_at=again)
                return
            # The conversation before the row, as everywhere: nobody waits for each other.
            await self._store.append(tx, outgoing.conversation_id, [self._failed_line(outgoing, failed)], at=now)
            await self._outbox.failed(tx, outgoing.id, failure=failed.kind, reason=failed.reason, at=now)

        await self._transactions.write(work)
        if final:
            await self._signals.publish(f"conversation:{outgoing.conversation_id}", {"seq": outgoing.seq})
            await self._tell(outgoing)
        return final

    async def _tell(self, outgoing: Outgoing) -> None:
        """Representatives see what became of their own words."""
        if outgoing.entry.kind is EntryKind.AGENT:
            await self._signals.publish(f"conversation:{outgoing.conversation_id}", {"receipt": True})

    def _failed_line(self, outgoing: Outgoing, failed: SendFailed) -> NewEntry:
        """What colleagues see in the transcript; the customer cannot be reached there anyway."""
        language = outgoing.entry.language
        return NewEntry(
            kind=EntryKind.EVENT,
            key=f"outbox:{outgoing.id}:failed",
            text=self._texts("bot.event.delivery_failed", language, seq=outgoing.seq),
            language=language,
            payload={
                "code": "delivery_failed",
                "slots": {"seq": outgoing.seq, "kind": failed.kind.value},
                "public": False,
            },
            public=False,
        )
