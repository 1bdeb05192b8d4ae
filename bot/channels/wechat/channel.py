"""bot: the WeChat channel put together; `bot/app/wechat.py` builds one where `wechat.enabled` is set."""

from __future__ import annotations

import contextlib
import os

import httpx
from fastapi import APIRouter

from bot.channels.pace import Pace
from bot.channels.ports import Reads, Sent, StoredFiles, TakesIn
from bot.channels.secrecy import hide_in_logs, quiet_libraries
from bot.channels.wechat.api import SECONDS, AccessToken, WeChatApi
from bot.channels.wechat.callback import build_callback_router
from bot.channels.wechat.encryption import MessageCipher
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.files import WeChatFiles
from bot.channels.wechat.receiver import WeChatReceiver
from bot.channels.wechat.sender import WeChatSender
from bot.channels.wechat.start import WeChatSecrets, check_wechat
from bot.channels.wechat.windows import ReplyWindows
from bot.settings.channels import WeChatSettings
from kit.contracts import Clock, Language
from kit.texts import Texts


class WeChatChannel:
    """Sender and receiver of one account; both belong into the process that WeChat calls."""

    def __init__(
        self,
        settings: WeChatSettings,
        secrets: WeChatSecrets,
        *,
        inbox: TakesIn,
        reads: Reads,
        sent: Sent,
        files: StoredFiles,
        texts: Texts,
        language: Language,
        clock: Clock,
        public_url: str = "",
    ) -> None:
        check_wechat(settings, secrets)
        quiet_libraries()
        for secret in (secrets.secret, secrets.token, secrets.aes_key):
            if secret:
                hide_in_logs(secret)
        self._clock = clock
        self._client = httpx.AsyncClient(base_url=settings.api_url, timeout=SECONDS)
        cipher = MessageCipher(secrets.aes_key, app_id=settings.app_id, salt=os.urandom) if settings.encrypted else None
        self._envelope = Envelope(token=secrets.token, cipher=cipher, clock=clock)
        windows = ReplyWindows()
        token = AccessToken(self._client, app_id=settings.app_id, secret=secrets.secret)
        api = WeChatApi(self._client, token)
        self.files = WeChatFiles(api)
        self.sender = WeChatSender(
            api,
            windows=windows,
            pace=Pace(per_second=settings.messages_per_second, seconds_apart=0),
            texts=texts,
            files=files,
            public_url=public_url,
        )
        self.receiver = WeChatReceiver(
            inbox=inbox,
            reads=reads,
            sent=sent,
            windows=windows,
            reply_seconds=settings.reply_seconds,
            texts=texts,
            language=language,
            public_url=public_url,
        )

    def router(self) -> APIRouter:
        """The routes WeChat calls."""
        return build_callback_router(receiver=self.receiver, envelope=self._envelope, clock=self._clock)

    async def close(self) -> None:
        """Close the connections."""
        with contextlib.suppress(Exception):
            await self._client.aclose()
