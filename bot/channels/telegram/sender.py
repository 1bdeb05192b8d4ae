"""bot: sends outbox rows to Telegram (`bot.ports.ChannelSender`).

Telegram has no key that would make sending twice the same as sending once. What can be known is kept: the parts of a
long entry that are already out are not sent again when a later part fails.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Bot, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.pace import Pace
from bot.channels.ports import AttachedFiles, StoredFiles
from bot.channels.shown import Attached, attached_to, holds_file
from bot.channels.telegram.failures import seconds_of, send_failed
from bot.channels.telegram.files import send_file
from bot.channels.telegram.messages import BUTTON_LIMIT, TEXT_LIMIT, Part, ToHtml, opening_of, parts_of
from bot.channels.unfinished import Unfinished
from bot.contracts import Capabilities, FailureKind, Outgoing, SendFailed
from kit.refusals import NotFound
from kit.texts import Texts

CAPABILITIES = Capabilities(
    name="telegram", text_limit=TEXT_LIMIT, markdown=True, buttons=BUTTON_LIMIT, pushes=True, typing=True
)
NOT_SHOWN = "nothing-to-show"
"""The message id of an entry that holds no word for the customer."""

log = structlog.get_logger("bot.telegram")


class TelegramSender:
    """Sends entries as Telegram messages."""

    capabilities = CAPABILITIES

    def __init__(
        self, bot: Bot, *, pace: Pace, texts: Texts, to_html: ToHtml, files: StoredFiles, attached: AttachedFiles
    ) -> None:
        self._bot, self._pace, self._texts, self._to_html = bot, pace, texts, to_html
        self._files, self._attached = files, attached
        self._unfinished = Unfinished()

    async def send(self, outgoing: Outgoing) -> str:
        """Send the entry, then the files that go along with it; returns the id of the message with the buttons."""
        if holds_file(outgoing.entry):
            return await self._send_file(outgoing)
        parts = parts_of(outgoing.entry, texts=self._texts, to_html=self._to_html)
        attached = attached_to(outgoing.entry) if parts else ()
        out = self._unfinished.out(outgoing.id)
        try:
            for part in parts[len(out) :]:
                await self._pace.message(outgoing.address)
                out.append(str(await self._send(outgoing.address, part)))
            for each in attached[len(out) - len(parts) :]:
                out.append(await self._attach(outgoing.address, each))
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pace.hold(outgoing.address, seconds_of(error))
            raise send_failed(error) from error
        finally:
            self._unfinished.tidy(outgoing.id, finished=len(out) == len(parts) + len(attached))
        return out[len(parts) - 1] if parts else NOT_SHOWN

    async def _attach(self, address: str, attached: Attached) -> str:
        """Send a file that goes along with an answer. Raises `TelegramError`."""
        try:
            file = await self._attached.load(attached.id, attached.name)
        except NotFound:
            log.warning("telegram.attachment_gone", attachment=attached.id)
            return NOT_SHOWN
        await self._pace.message(address)
        return str(await send_file(self._bot, address, file, caption=""))

    async def _send_file(self, outgoing: Outgoing) -> str:
        entry = outgoing.entry
        file = await self._files.find(entry.conversation_id, entry.seq)
        if file is None:
            raise SendFailed(FailureKind.OURS, "the file of the line is gone")
        await self._pace.message(outgoing.address)
        try:
            return str(await send_file(self._bot, outgoing.address, file, caption=opening_of(entry).strip()))
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pace.hold(outgoing.address, seconds_of(error))
            raise send_failed(error) from error

    async def say(self, address: str, parts: Sequence[Part]) -> None:
        """Send something that is no entry, such as why a message was refused. Raises `TelegramError`."""
        for part in parts:
            await self._pace.message(address)
            await self._send(address, part)

    async def typing(self, address: str) -> None:
        """Show "typing" in the chat; Telegram takes it away after five seconds or with the next message."""
        await self._pace.call()
        try:
            await self._bot.send_chat_action(chat_id=int(address), action=ChatAction.TYPING)
        except TelegramError as error:
            log.info("telegram.typing_failed", error=type(error).__name__)

    async def _send(self, address: str, part: Part) -> int:
        try:
            message = await self._bot.send_message(
                chat_id=int(address),
                text=part.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=part.keyboard,
            )
        except BadRequest as error:
            if "parse entities" not in error.message:
                raise
            log.warning("telegram.html_refused", reason=error.message)
            message = await self._bot.send_message(chat_id=int(address), text=part.plain, reply_markup=part.keyboard)
        return message.message_id
