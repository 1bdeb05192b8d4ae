"""bot: the Telegram channel put together; `bot/app.py` builds one where `telegram.enabled` is set."""

from __future__ import annotations

import asyncio
import contextlib
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.pace import Pace
from bot.channels.ports import AttachedFiles, Queue, Reads, StoredFiles, TakesIn, Waiting
from bot.channels.secrecy import hide_in_logs, quiet_libraries
from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.menu import publish_menu
from bot.channels.telegram.messages import ToHtml
from bot.channels.telegram.places import QueuePlaces
from bot.channels.telegram.polling import RawUpdates, TelegramPolling
from bot.channels.telegram.receiver import TelegramReceiver
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.start import check_telegram
from bot.channels.telegram.webhook import build_webhook_router, register_webhook
from bot.settings.channels import TelegramMode, TelegramSettings
from kit.contracts import Clock, Language, Signals
from kit.texts import Texts

CONNECTIONS = 16
SECONDS = 10.0
"""Deadline of connecting, and of each read and write, of one call to Telegram."""


class TelegramChannel:
    """Sender, receiver and what feeds it: `run_worker` in the worker, `router` and `run_web` in the web process."""

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        token: str,
        secret: str,
        inbox: TakesIn,
        reads: Reads,
        files: StoredFiles,
        attached: AttachedFiles,
        waiting: Waiting,
        queue: Queue,
        signals: Signals,
        texts: Texts,
        to_html: ToHtml,
        language: Language,
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        check_telegram(settings, token=token, secret=secret)
        # Before the bot exists: it logs its own address when it is made.
        quiet_libraries()
        hide_in_logs(token)
        self._settings, self._secret, self._texts, self._language = settings, secret, texts, language
        self._polled = RawUpdates(connect_timeout=SECONDS, read_timeout=SECONDS)
        self._called = HTTPXRequest(
            connection_pool_size=CONNECTIONS,
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            write_timeout=SECONDS,
            pool_timeout=SECONDS,
        )
        self.bot = Bot(
            token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=self._called,
            get_updates_request=self._polled,
        )
        pace = Pace(per_second=settings.messages_per_second, seconds_apart=settings.seconds_between_messages)
        self.sender = TelegramSender(self.bot, pace=pace, texts=texts, to_html=to_html, files=files, attached=attached)
        self.files = TelegramFiles(self.bot)
        self.receiver = TelegramReceiver(
            bot=self.bot,
            inbox=inbox,
            reads=reads,
            sender=self.sender,
            pace=pace,
            texts=texts,
            language=language,
        )
        self.places = QueuePlaces(
            bot=self.bot,
            pace=pace,
            waiting=waiting,
            queue=queue,
            signals=signals,
            texts=texts,
            to_html=to_html,
            clock=clock,
            zone=zone,
        )

    def router(self) -> APIRouter | None:
        """The webhook's route; None in polling mode."""
        if self._settings.mode is not TelegramMode.WEBHOOK:
            return None
        return build_webhook_router(receiver=self.receiver, secret=self._secret)

    async def run_web(self) -> None:
        """Register the webhook, where that is the mode; returns when Telegram has taken it."""
        if self._settings.mode is TelegramMode.WEBHOOK:
            await register_webhook(self.bot, public_url=self._settings.webhook_url, secret=self._secret)

    async def run_worker(self) -> None:
        """Publish the menu, keep places up to date and, in polling mode, ask for updates; for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.places.run(), name="telegram-places")
            tasks.create_task(publish_menu(self.bot, self._texts, self._language), name="telegram-menu")
            if self._settings.mode is TelegramMode.POLLING:
                polling = TelegramPolling(
                    bot=self.bot,
                    request=self._polled,
                    receiver=self.receiver,
                    poll_seconds=self._settings.poll_seconds,
                )
                tasks.create_task(polling.run(), name="telegram-polling")

    async def close(self) -> None:
        """Let what is under way finish, then close the connections."""
        await self.receiver.close()
        for request in (self._polled, self._called):
            with contextlib.suppress(Exception):
                await request.shutdown()
