"""bot: the address WeChat calls: proof of the address (GET), messages (POST)."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from bot.channels.store_away import STORE_FAULTS, StoreAway
from bot.channels.wechat.envelope import Envelope, text_reply
from bot.channels.wechat.receiver import WeChatReceiver
from bot.channels.wechat.windows import ReplyWindow
from kit.contracts import Clock

PATH = "/wechat/messages"
BODY_LIMITS = {"/wechat/": 64 * 1024}
"""For `kit.web.application`."""
DONE = "success"
"""What WeChat takes for "received, no reply"."""

log = structlog.get_logger("bot.wechat")


def build_callback_router(*, receiver: WeChatReceiver, envelope: Envelope, clock: Clock) -> APIRouter:
    """The two routes."""
    router = APIRouter()

    @router.get(PATH)
    async def prove(request: Request) -> Response:
        """WeChat asks once whether the address is ours: the echo, if it is WeChat that asks."""
        envelope.check(request.query_params)
        return Response(request.query_params.get("echostr", ""), media_type="text/plain")

    @router.post(PATH)
    async def take(request: Request) -> Response:
        values = envelope.open(request.query_params, await request.body())
        try:
            answer = await receiver.take(values)
        except STORE_FAULTS as error:
            log.warning("wechat.not_stored", error=type(error).__name__)
            raise StoreAway from error
        if answer.window is not None and await request.is_disconnected():
            answer.window.end(left=False)
            return Response(DONE, media_type="text/plain")
        if not answer.text:
            return Response(DONE, media_type="text/plain")
        xml = envelope.close(text_reply(values, answer.text, at=int(clock().timestamp())))
        return _Reply(xml, answer.window)

    return router


class _Reply(Response):
    """Tells its window when it has left."""

    def __init__(self, xml: str, window: ReplyWindow | None) -> None:
        super().__init__(xml, media_type="application/xml")
        self._window = window

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = False
        try:
            await super().__call__(scope, receive, send)
            left = True
        finally:
            if self._window is not None:
                self._window.end(left=left)
