"""nlu.rasa: the one door of the Rasa service: a text and its vector in, the parse out. No tracker, no dialogue.

`POST /webhooks/desk/parse` `{"text", "normalised", "embedding"}` with the header `X-Desk-Secret`
→ `{"intent_ranking": [{"name", "confidence"}], "known": 0..1, "entities": […], "model": file}`.
`GET /webhooks/desk/status` → `{"model", "rasa"}`. Message text never reaches a log.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import rasa
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from components.embedding import vector_of
from components.following import follow
from components.guard import harmless

logger = logging.getLogger(__name__)


class NoMessageText(logging.Filter):
    """Drops what a log record says about a message; keeps where it came from. Rasa logs whole messages on errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("rasa") and record.levelno >= logging.WARNING:
            record.msg, record.args, record.exc_info = "%s:%s", (record.name, record.lineno), None
            record.exc_text = None
        return True


class DeskInput(InputChannel):
    """The input channel; holds the secret that the desk shares with this server."""

    def __init__(self, secret: str) -> None:
        if not secret or secret.startswith("${"):
            raise ValueError("DESK_RASA_SECRET is not set; the Rasa service is only started by the desk")
        self._secret = secret
        for handler in logging.getLogger().handlers:
            handler.addFilter(NoMessageText())

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        return cls(str((credentials or {}).get("secret") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; `on_new_message` (the dialogue side) is not used."""
        door = Blueprint("desk_webhook", __name__)

        def refused(request: Request) -> HTTPResponse | None:
            given = request.headers.get("x-desk-secret", "")
            if hmac.compare_digest(given.encode(), self._secret.encode()):
                return None
            return response.json({"error": "wrong secret"}, status=403)

        @door.get("/status")
        async def status(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            model = agent.processor.model_filename if agent and agent.processor else None
            return refused(request) or response.json({"model": model, "rasa": rasa.__version__})

        @door.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            wrong = refused(request)
            if wrong is not None:
                return wrong
            message = message_of(request)
            if message is None:
                return response.json({"error": "text, normalised and embedding are wanted"}, status=422)
            agent = request.app.ctx.agent
            processor = agent.processor if agent else None  # this message's, even when another model comes meanwhile
            if not processor:
                return response.json({"error": "no model is loaded"}, status=503)
            try:
                parsed = await processor.parse_message(message)
            except Exception as error:  # noqa: BLE001 - any component may break; the desk is told
                # Only the kind of fault: the trace of a component may hold the text.
                logger.error("parse failed: %s", type(error).__name__)  # noqa: TRY400 - as said
                return response.json({"error": type(error).__name__}, status=500)
            return response.json(
                {
                    "intent_ranking": parsed.get("intent_ranking", []),
                    "known": parsed.get("known", 0.0),
                    "entities": [
                        {"kind": e["entity"], "value": str(e["value"]), "start": e["start"], "end": e["end"]}
                        for e in parsed.get("entities", [])
                    ],
                    "model": processor.model_filename,
                }
            )

        @door.listener("after_server_start")
        async def follow_publications(app: Any, _loop: Any) -> None:
            app.add_task(follow(app))

        return door


def message_of(request: Request) -> UserMessage | None:
    """What is asked, as Rasa takes it; None when the body is not what is wanted."""
    try:
        body = request.json
        text, folded, embedding = body["text"], body["normalised"], body["embedding"]
        vector_of(embedding)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not what is wanted
        return None
    if not isinstance(text, str) or not isinstance(folded, str):
        return None
    metadata = {"embedding": embedding, "normalised": folded}
    return UserMessage(harmless(text) or " ", metadata=metadata, input_channel=DeskInput.name())
