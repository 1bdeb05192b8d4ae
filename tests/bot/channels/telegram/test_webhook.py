"""tests: the webhook takes updates from Telegram only, and says 200 only for what is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.__main__ import main
from bot.adapters.channel_reads import SqlChannelReads
from bot.adapters.file_store import SqlFileStore
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.start import TelegramNotReady, telegram_faults
from bot.channels.telegram.webhook import PATH, SECRET_HEADER, build_webhook_router, register_webhook
from bot.contracts import Inbound, Received
from bot.settings.channels import TelegramMode, TelegramSettings
from kit.contracts import Language
from kit.refusals import Refusal
from knowledge_base.adapters.build import build_attachments
from tests.bot.channels.telegram.desk import SECRET, TelegramDesk
from tests.bot.support.desk import Parts
from tests.support.fake_bot_api import TOKEN, FakeBotApi, person, private
from tests.support.serving import serving
from tests.support.wait import until

CHAT = 6830127745
UPDATE = {
    "update_id": 5,
    "message": {"message_id": 9, "date": 1, "chat": private(CHAT), "from": person(CHAT, "en"), "text": "hello"},
}


def app_of(desk: TelegramDesk) -> FastAPI:
    app = FastAPI()
    router = desk.channel.router()
    assert router is not None
    app.include_router(router)

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return JSONResponse({"error": {"code": refusal.code}}, refusal.status)

    return app


@pytest.fixture
async def hooked(api: FakeBotApi, sqlite_parts: Parts) -> AsyncIterator[TelegramDesk]:
    """The channel in webhook mode."""
    desk = TelegramDesk(api=api, parts=sqlite_parts, mode=TelegramMode.WEBHOOK)
    yield desk
    await desk.channel.close()


@pytest.fixture
async def client(hooked: TelegramDesk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls the webhook's address."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(hooked)), base_url="http://desk") as client:
        yield client


async def test_an_update_with_the_secret_is_stored_and_then_acknowledged(
    client: httpx.AsyncClient, hooked: TelegramDesk
) -> None:
    for _ in range(2):  # Telegram repeats what it got no answer to
        assert (await client.post(PATH, json=UPDATE, headers={SECRET_HEADER: SECRET})).status_code == 200
    assert [entry.text for entry in await hooked.transcript(CHAT)] == ["hello"]


@pytest.mark.parametrize("given", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "ключ"])
async def test_without_the_secret_nothing_is_read_and_nothing_stored(
    client: httpx.AsyncClient, hooked: TelegramDesk, given: str | None
) -> None:
    headers = {} if given is None else {SECRET_HEADER.encode(): given.encode()}
    response = await client.post(PATH, json=UPDATE, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "wrong_secret")
    assert await hooked.transcript(CHAT) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"message": {}}', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_update_is_called_malformed(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(PATH, content=body, headers={SECRET_HEADER: SECRET})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "malformed")


async def test_an_update_without_meaning_is_acknowledged_so_that_it_does_not_come_again(
    client: httpx.AsyncClient,
) -> None:
    update = {"update_id": 6, "quantum_message": {}}
    assert (await client.post(PATH, json=update, headers={SECRET_HEADER: SECRET})).status_code == 200


async def test_while_the_store_is_away_telegram_is_told_to_come_again(api: FakeBotApi, sqlite_parts: Parts) -> None:
    class Away:
        async def receive(self, inbound: Inbound) -> Received:
            raise OperationalError("INSERT", {}, Exception("database is locked"))

    desk = TelegramDesk(api=api, parts=sqlite_parts, mode=TelegramMode.WEBHOOK, inbox=Away())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(desk)), base_url="http://desk") as client:
        response = await client.post(PATH, json=UPDATE, headers={SECRET_HEADER: SECRET})
    assert (response.status_code, response.json()["error"]["code"]) == (503, "store_away")
    await desk.channel.close()


async def test_through_a_real_server_telegram_delivers_with_the_secret_it_was_given(
    api: FakeBotApi, hooked: TelegramDesk
) -> None:
    async with serving(app_of(hooked)) as url:
        await register_webhook(hooked.channel.bot, public_url=url, secret=SECRET)
        for text in ("one", "two", "three"):
            api.say(CHAT, text, language="en")
        await until(lambda: not api.pending)
    assert [entry.text for entry in await hooked.transcript(CHAT)] == ["one", "two", "three"]
    assert api.called("setWebhook")[0]["allowed_updates"] == ["message", "edited_message", "callback_query"]


async def test_registering_is_tried_until_telegram_takes_it(api: FakeBotApi, hooked: TelegramDesk) -> None:
    waits: list[float] = []

    async def no_pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    api.fail("setWebhook", 502, times=2)
    api.fail("setWebhook", 429, retry_after=3)
    await register_webhook(hooked.channel.bot, public_url="https://desk.example.com/", secret=SECRET, sleep=no_pause)
    assert waits == [0.5, 1.0, 3.0]
    assert api.hook is not None
    assert api.hook["url"] == "https://desk.example.com/telegram/updates"


def test_webhook_mode_does_not_start_without_a_secret(desk: TelegramDesk) -> None:
    settings = TelegramSettings(enabled=True, mode=TelegramMode.WEBHOOK, webhook_url="https://desk.example.com")
    with pytest.raises(TelegramNotReady) as refused:
        TelegramChannel(
            settings,
            token=TOKEN,
            secret="",
            inbox=desk.parts.inbox,
            reads=desk.parts.store,
            files=SqlFileStore(desk.parts.database),
            attached=build_attachments(desk.parts.database, clock=desk.parts.clock),
            waiting=SqlChannelReads(desk.parts.database),
            queue=desk.queue,
            signals=desk.parts.signals,
            texts=desk.parts.texts,
            to_html=str,
            language=Language.ZH,
            clock=desk.parts.clock,
            zone=ZoneInfo("Asia/Shanghai"),
        )
    assert "TELEGRAM_SECRET is not set" in refused.value.faults[0]
    with pytest.raises(ValueError, match="TELEGRAM_SECRET"):
        build_webhook_router(receiver=desk.channel.receiver, secret="")


def test_the_desk_says_so_at_once_and_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yml"
    config.write_text("telegram: {enabled: true, mode: webhook, webhook_url: 'https://desk.example.com'}\n")
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.delenv("TELEGRAM_SECRET", raising=False)
    assert main(["run", "--config", str(config), "--data-dir", str(tmp_path / "var")]) == 2
    told = capsys.readouterr().err
    assert "config.yml has 1 fault(s)" in told
    assert "TELEGRAM_SECRET is not set" in told
    assert TOKEN not in told
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("token", "secret", "faults"),
    [
        (TOKEN, SECRET, 0),
        ("", SECRET, 1),
        ("hunter2", SECRET, 1),
        (TOKEN, "", 1),
        (TOKEN, "short", 1),
        (TOKEN, "with blanks in it, and a comma", 1),
        ("", "", 2),
    ],
)
def test_every_fault_of_the_secrets_is_named_at_once_and_none_is_quoted(token: str, secret: str, faults: int) -> None:
    settings = TelegramSettings(enabled=True, mode=TelegramMode.WEBHOOK, webhook_url="https://desk.example.com")
    found = telegram_faults(settings, token=token, secret=secret)
    assert len(found) == faults
    assert not any(value and value in json.dumps(found) for value in (token, secret))
    assert telegram_faults(TelegramSettings(enabled=False), token=token, secret=secret) == []


@pytest.mark.parametrize(
    ("enabled", "token", "wanted"),
    [("auto", "", False), ("auto", TOKEN, True), (True, "", True), (False, TOKEN, False)],
)
def test_a_token_alone_switches_telegram_on_unless_config_says_otherwise(
    enabled: Any, token: str, *, wanted: bool
) -> None:
    settings = TelegramSettings(enabled=enabled)
    assert settings.wanted(token) is wanted
    assert bool(telegram_faults(settings, token=token, secret="")) is (wanted and not token)


def test_webhook_mode_wants_a_public_https_address() -> None:
    with pytest.raises(ValueError, match="webhook_url"):
        TelegramSettings(enabled=True, mode=TelegramMode.WEBHOOK, webhook_url="http://desk.example.com")
