"""bot: files in Telegram: fetched when somebody wants to see them (`bot.ports.FetchesFiles`), and sent to customers."""

from __future__ import annotations

from telegram import Bot
from telegram.constants import FileSizeLimit, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.failures import send_failed
from kit.files import SentFile
from kit.refusals import FileTooLarge

PHOTOS = frozenset({"image/png", "image/jpeg", "image/webp"})
"""What Telegram shows as a photo; everything else is a document."""
MIB = 1024 * 1024


class TelegramFiles:
    """Gets files from Telegram."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, ref: str) -> bytes:
        """The content of a file. Raises `SendFailed`, `FileTooLarge` (Telegram hands out no larger ones)."""
        try:
            found = await self._bot.get_file(ref)
            return bytes(await found.download_as_bytearray())
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise FileTooLarge(field="file", limit=FileSizeLimit.FILESIZE_DOWNLOAD // MIB) from error
            raise send_failed(error) from error
        except TelegramError as error:
            raise send_failed(error) from error


async def send_file(bot: Bot, address: str, file: SentFile, *, caption: str) -> int:
    """Send `file` under `caption` (HTML); returns the message's id. Raises `TelegramError`."""
    chat, name = int(address), file.name
    if file.media_type in PHOTOS:
        try:
            sent = await bot.send_photo(chat, file.content, caption=caption, parse_mode=ParseMode.HTML, filename=name)
        except BadRequest as error:
            # Too narrow, too large: Telegram takes such a picture as a document.
            if "photo" not in error.message.lower():
                raise
        else:
            return sent.message_id
    sent = await bot.send_document(chat, file.content, caption=caption, parse_mode=ParseMode.HTML, filename=name)
    return sent.message_id
