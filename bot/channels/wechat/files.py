"""bot: pictures in WeChat: fetched when somebody wants to see them (`bot.ports.FetchesFiles`), and sent to customers.

WeChat keeps a customer's picture for three days. An Official Account cannot send papers, and films only after they were
looked at by WeChat: a representative who tries is told that it did not arrive.
"""

from __future__ import annotations

from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.failures import WeChatRefused, send_failed
from bot.contracts import FailureKind, SendFailed
from kit.files import SentFile

TAKEN = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What WeChat takes as a picture."""


class WeChatFiles:
    """Gets pictures from WeChat."""

    def __init__(self, api: WeChatApi) -> None:
        self._api = api

    async def fetch(self, ref: str) -> bytes:
        """The content of a customer's picture. Raises `SendFailed`."""
        try:
            return await self._api.download(ref)
        except WeChatRefused as error:
            raise send_failed(error) from error


async def send_picture(api: WeChatApi, customer: str, file: SentFile) -> None:
    """Send a picture. Raises `WeChatRefused`, and `SendFailed` for what WeChat does not take."""
    if file.media_type not in TAKEN:
        raise SendFailed(FailureKind.OURS, "WeChat takes pictures only (PNG, JPEG, GIF)")
    await api.send_image(customer, await api.upload(file))
