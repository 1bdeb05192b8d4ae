"""bot: sends outbox rows to WeChat (`bot.ports.ChannelSender`): as the answer to a waiting call, else by the API."""

from __future__ import annotations

import structlog

from bot.channels.pace import Pace
from bot.channels.ports import StoredFiles
from bot.channels.shown import holds_file
from bot.channels.unfinished import Unfinished
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.failures import WeChatRefused, send_failed
from bot.channels.wechat.files import send_picture
from bot.channels.wechat.inbound import CHANNEL
from bot.channels.wechat.messages import TEXT_LIMIT, texts_of
from bot.channels.wechat.windows import ReplyWindows
from bot.contracts import Capabilities, FailureKind, Outgoing, SendFailed
from kit.texts import Texts

CAPABILITIES = Capabilities(name=CHANNEL, text_limit=TEXT_LIMIT, markdown=False, buttons=0, pushes=True, typing=True)
NOT_SHOWN = "nothing-to-show"
"""The message id of an entry that holds no word for the customer."""

log = structlog.get_logger("bot.wechat")


def passive_id(key: str) -> str:
    """The message id of what was answered to the message `key`."""
    return f"passive.{key}"


class WeChatSender:
    """Sends entries as WeChat texts."""

    capabilities = CAPABILITIES

    def __init__(
        self,
        api: WeChatApi,
        *,
        windows: ReplyWindows,
        pace: Pace,
        texts: Texts,
        files: StoredFiles,
        public_url: str,
    ) -> None:
        self._public_url = public_url
        self._api, self._windows, self._pace, self._texts, self._files = api, windows, pace, texts, files
        self._unfinished = Unfinished()

    async def send(self, outgoing: Outgoing) -> str:
        """Send the entry; returns the id of its first message, by which a lost passive reply is found again."""
        if holds_file(outgoing.entry):
            return await self._send_file(outgoing)
        parts = texts_of(outgoing.entry, self._texts, public_url=self._public_url)
        out = self._unfinished.out(outgoing.id)
        try:
            for text in parts[len(out) :]:
                answered = "" if out else await self._answer(outgoing.address, text)
                out.append(answered or await self._send(outgoing, text))
        except WeChatRefused as error:
            raise send_failed(error) from error
        finally:
            self._unfinished.tidy(outgoing.id, finished=len(out) == len(parts))
        return out[0] if out else NOT_SHOWN

    async def _send_file(self, outgoing: Outgoing) -> str:
        file = await self._files.find(outgoing.conversation_id, outgoing.seq)
        if file is None:
            raise SendFailed(FailureKind.OURS, "the file of the line is gone")
        await self._pace.message(outgoing.address)
        try:
            await send_picture(self._api, outgoing.address, file)
        except WeChatRefused as error:
            raise send_failed(error) from error
        return f"service.{outgoing.id}"

    async def typing(self, address: str) -> None:
        """Show that somebody types; left out when WeChat does not want to."""
        try:
            await self._api.show_typing(address)
        except WeChatRefused as error:
            log.info("wechat.typing_failed", code=error.code)

    async def _answer(self, customer: str, text: str) -> str:
        """The passive id, when a call of the customer's waited and the text left with it."""
        while (window := self._windows.take(customer)) is not None:
            if await window.deliver(text):
                return passive_id(window.key)
        return ""

    async def _send(self, outgoing: Outgoing, text: str) -> str:
        await self._pace.message(outgoing.address)
        await self._api.send_text(outgoing.address, text)
        return f"service.{outgoing.id}"
