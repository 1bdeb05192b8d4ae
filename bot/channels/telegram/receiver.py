"""bot: takes Telegram updates in, the same way for polling and webhook.

`take` returns after the commit; only then may the update be acknowledged to Telegram. What is owed to the customer
besides (the button stops spinning, why a text was refused) is done afterwards and may fail without harm.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
from collections.abc import Coroutine
from dataclasses import replace

import structlog
from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.pace import Pace
from bot.channels.ports import Reads, TakesIn
from bot.channels.telegram.buttons import read_button
from bot.channels.telegram.inbound import CHANNEL, Press, translate
from bot.channels.telegram.messages import TEXT_LIMIT, Part, choice_at
from bot.channels.telegram.sender import TelegramSender
from bot.clean import guess_language
from bot.contracts import Inbound
from kit.contracts import Language
from kit.refusals import Refusal
from kit.texts import Texts

COURTESIES = 200
"""Most answers under way at once; past it they are left out, the stored messages never."""
CLOSE_SECONDS = 3.0

log = structlog.get_logger("bot.telegram")


class TelegramReceiver:
    """Stores updates and does what courtesy asks for."""

    def __init__(
        self,
        *,
        bot: Bot,
        inbox: TakesIn,
        reads: Reads,
        sender: TelegramSender,
        pace: Pace,
        texts: Texts,
        language: Language,
    ) -> None:
        self._bot, self._inbox, self._reads, self._sender, self._pace = bot, inbox, reads, sender, pace
        self._texts, self._language = texts, language
        self._courtesies: set[asyncio.Task[None]] = set()

    async def take(self, update: Update) -> None:
        """Store what `update` says. Raises when the store fails: then it is not taken and must come again."""
        found = translate(update)
        inbound = found.inbound
        if inbound is not None and found.press is not None:
            inbound = await self._named(inbound, found.press)
        if inbound is None:
            log.info("telegram.ignored", update=update.update_id, reason=found.ignored or "button_gone")
            if found.press is not None:
                self._soon(self._answer(found.press))
            return
        try:
            received = await self._inbox.receive(inbound)
        except Refusal as refusal:
            log.info("telegram.refused", update=update.update_id, code=refusal.code)
            self._soon(self._explain(inbound, refusal))
            if found.press is not None:
                self._soon(self._answer(found.press))
            return
        log.info(
            "telegram.received",
            conversation=received.conversation_id,
            seq=received.seq,
            update=update.update_id,
            duplicate=received.duplicate,
        )
        if found.press is not None:
            self._soon(self._answer(found.press) if received.duplicate else self._put_away(found.press))

    async def close(self) -> None:
        """Finish what is under way; give up on what takes long."""
        if self._courtesies:
            await asyncio.wait(self._courtesies, timeout=CLOSE_SECONDS)
        for task in self._courtesies:
            task.cancel()

    async def _named(self, inbound: Inbound, press: Press) -> Inbound | None:
        """`inbound` with its choice, where the button named only a place under the entry."""
        if press.button is None or press.button.index is None:
            return inbound
        home = await self._reads.find_at(CHANNEL, inbound.address)
        entry = await self._reads.entry(home.id, press.button.seq) if home else None
        choice = choice_at(entry, press.button.index) if entry else None
        return replace(inbound, choice=choice) if choice else None

    def _soon(self, courtesy: Coroutine[None, None, None]) -> None:
        if len(self._courtesies) >= COURTESIES:
            courtesy.close()
            return
        task = asyncio.create_task(self._quietly(courtesy), name="telegram-courtesy")
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _quietly(self, courtesy: Coroutine[None, None, None]) -> None:
        try:
            await courtesy
        except TelegramError as error:
            log.info("telegram.courtesy_failed", error=type(error).__name__)

    async def _answer(self, press: Press, *, label: str = "") -> None:
        await self._pace.call()
        await self._bot.answer_callback_query(press.callback_id, text=f"✓ {label}"[:200] if label else None)

    async def _put_away(self, press: Press) -> None:
        """Stop the spinning, then write down what was chosen where the buttons stood."""
        label = _label_of(press)
        with contextlib.suppress(BadRequest):  # "query is too old": nothing spins any more
            await self._answer(press, label=label)
        message = press.message
        if message is None:
            return
        await self._pace.call()
        chosen = f"{message.text_html}\n\n✓ <b>{html.escape(label)}</b>" if message.text and label else ""
        if 0 < len(chosen) <= TEXT_LIMIT:
            with contextlib.suppress(BadRequest):
                await self._bot.edit_message_text(
                    chosen, chat_id=message.chat.id, message_id=message.message_id, parse_mode=ParseMode.HTML
                )
                return
        await self._bot.edit_message_reply_markup(chat_id=message.chat.id, message_id=message.message_id)

    async def _explain(self, inbound: Inbound, refusal: Refusal) -> None:
        language = guess_language(inbound.text, inbound.language_hint or self._language)
        text = self._texts(refusal.text_key, language, **refusal.slots)
        await self._sender.say(inbound.address, (Part(html=html.escape(text), plain=text),))


def _label_of(press: Press) -> str:
    markup = press.message.reply_markup if press.message else None
    if not isinstance(markup, InlineKeyboardMarkup) or press.button is None:
        return ""
    buttons = (button for row in markup.inline_keyboard for button in row)
    return next((button.text for button in buttons if read_button(str(button.callback_data)) == press.button), "")
