"""bot: keeps a waiting customer's place in the queue up to date in Telegram, in the one message that told it.

Nothing new is sent: people who wait would be woken for "three ahead of you". The message that holds the button to
leave the queue is edited, and only when the place has changed since this process last looked.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.pace import Pace
from bot.channels.ports import Queue, Waiting
from bot.channels.telegram.inbound import CHANNEL
from bot.channels.telegram.messages import TEXT_LIMIT, Part, keyboard_of, parts_of
from bot.contracts import Conversation
from handoff.contracts import QueuePlace, WaitRange
from kit.contracts import Clock, Language, Signals
from kit.texts import Texts

CALM_SECONDS = 1.0
"""News of the queue are gathered this long: Telegram allows few edits."""
LOOK_SECONDS = 15.0
"""How often the queue is looked at although no news came."""

log = structlog.get_logger("bot.telegram")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message says of a place: how many stand before, and how long it will probably take, in minutes."""

    ahead: int
    words: str | None
    low: int
    high: int | None


def told_of(place: QueuePlace) -> Told:
    """What is to be said of `place`."""
    if place.wait is None or place.wait.words is None:
        return Told(ahead=place.ahead, words=None, low=0, high=None)
    low, high = place.wait.minutes
    return Told(ahead=place.ahead, words=place.wait.words, low=low, high=high)


class QueuePlaces:
    """Edits the place of everybody who waits in Telegram."""

    def __init__(
        self,
        *,
        bot: Bot,
        pace: Pace,
        waiting: Waiting,
        queue: Queue,
        signals: Signals,
        texts: Texts,
        to_html: Callable[[str], str],
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        self._bot, self._pace, self._waiting, self._queue, self._signals = bot, pace, waiting, queue, signals
        self._texts, self._to_html, self._clock, self._zone = texts, to_html, clock, zone
        self._known: dict[str, Told] = {}
        """What each conversation's message says."""

    async def run(self) -> None:
        """Look whenever the queue changes, and now and then; cancel to stop."""
        changed = asyncio.Event()
        hearing = asyncio.create_task(self._hear(changed), name="telegram-queue-news")
        me = asyncio.current_task()
        try:
            while True:
                try:
                    await self.refresh()
                except (SQLAlchemyError, OSError) as error:
                    log.warning("telegram.places_not_read", error=type(error).__name__)
                # A cancellation in the middle of a call may come out of a library as that call's failure.
                if me is not None and me.cancelling():
                    return
                # Not wait_for: it may swallow a cancellation that comes in the same moment as the news.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await changed.wait()
                    await asyncio.sleep(CALM_SECONDS)
                changed.clear()
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def refresh(self) -> None:
        """Edit every message whose place is no longer right."""
        standing: dict[str, Told] = {}
        for conversation in await self._waiting.waiting(CHANNEL):
            place = await self._queue.place(conversation.id)
            if place is None:
                continue
            # What is seen for the first time has just been told by the reply itself.
            now = told_of(place)
            before = self._known.get(conversation.id, now)
            edited = before == now or await self._edit(conversation, now)
            standing[conversation.id] = now if edited else before
        self._known = standing

    async def _hear(self, changed: asyncio.Event) -> None:
        async with self._signals.subscribe("desk") as signals:
            async for _ in signals:
                changed.set()

    async def _edit(self, conversation: Conversation, now: Told) -> bool:
        """Whether the message says it now, or never will."""
        told = await self._waiting.told_place(conversation.id)
        if told is None or not told[1].isdecimal():
            return True
        entry, message_id = told
        # What the reply said of the place when it was sent is right no longer; two places would contradict each other.
        rest = replace(entry, text=without_place(entry.text, entry.language, self._texts))
        part = (parts_of(rest, texts=self._texts, to_html=self._to_html) or (Part(html="", plain=""),))[-1]
        text = self._with_place(part, entry.language, now)
        if len(text) > TEXT_LIMIT:
            return True
        await self._pace.call()
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=int(conversation.address),
                message_id=int(message_id),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard_of(entry),
            )
        except TelegramError as error:
            log.info("telegram.place_not_edited", conversation=conversation.id, error=type(error).__name__)
            return False
        return True

    def _with_place(self, part: Part, language: Language, now: Told) -> str:
        key = "bot.waiting.next" if now.ahead == 0 else "bot.waiting.ahead"
        place = self._texts(key, language, count=now.ahead)
        if now.words:
            wait = self._texts(f"bot.waiting.wait.{now.words}", language, low=now.low, high=now.high or 0)
            place = f"{place}{'' if language is Language.ZH else ' '}{wait}"
        time = self._clock().astimezone(self._zone).strftime("%H:%M")
        told = html.escape(self._texts("telegram.place", language, time=time, place=place))
        return f"{part.html}\n\n⏳ {told}".lstrip()


def without_place(text: str, language: Language, texts: Texts) -> str:
    """A reply without the lines that say where the customer stood and how long it would take when it was sent."""
    return "\n".join(line for line in text.split("\n") if not _says_place(line, language, texts))


def _says_place(line: str, language: Language, texts: Texts) -> bool:
    """Whether the house would say a place or an estimate with the numbers of `line` in just these words."""
    numbers = [int(number) for number in re.findall(r"\d+", line)] or [0]
    said = {texts("bot.waiting.next", language), texts("bot.waiting.ahead", language, count=numbers[0])}
    waits = [f"bot.waiting.wait.{words}" for words in WaitRange.WORDS]
    said |= {texts(key, language, low=numbers[0], high=numbers[-1]) for key in waits}
    return line.strip() in said
