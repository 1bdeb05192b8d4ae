"""tests: what every answer and every request is held to, through a real HTTP server where that matters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import structlog
import websockets
from fastapi import APIRouter, Body, Form, Request, WebSocket
from starlette.types import ASGIApp

from kit.contracts import Language
from kit.refusals import NotAllowed, NotFound, TooMany
from kit.rooms import static_folders, template_folders
from kit.sql import Database
from kit.texts import Texts
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.security import Security
from kit.web.settings import WebSettings
from staff.contracts import Role
from tests.support.clock import MovableClock
from tests.support.serving import serving
from tests.support.web import House, build_house, sign_in

LIMIT = 1024 * 1024


def build_probe() -> APIRouter:  # noqa: C901 - each of its routes is short
    """Routes that do one thing each."""
    router = APIRouter()

    @router.post("/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @router.post("/add")
    async def add(number: Annotated[int, Body(embed=True, ge=1)]) -> dict[str, int]:
        return {"number": number + 1}

    @router.post("/form")
    async def form(words: Annotated[str, Form()] = "") -> dict[str, str]:
        return {"words": words}

    @router.get("/crash")
    async def crash() -> None:
        raise RuntimeError("the customer wrote: my secret")

    @router.get("/missing")
    async def missing() -> None:
        raise NotFound(field="id")

    @router.get("/busy")
    async def busy() -> None:
        raise TooMany(seconds=7)

    @router.websocket("/ws-refused")
    async def ws_refused(socket: WebSocket) -> None:
        if "accept" in socket.query_params:
            await socket.accept()
        raise NotAllowed

    @router.websocket("/ws-crash")
    async def ws_crash(socket: WebSocket) -> None:
        await socket.accept()
        raise ValueError("another secret") from RuntimeError("my secret")

    @router.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())
        await socket.close()

    return router


@pytest.fixture
def app(texts: Texts) -> ASGIApp:
    return build_application(
        Pages(texts, template_folders()),
        [build_probe()],
        WebSettings(),
        static=static_folders(),
        embeddable={"/widget": "https://shop.example.com"},
        shared={"/widget.js"},
    )


@pytest.fixture
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


@pytest.fixture
async def address(app: ASGIApp) -> AsyncIterator[str]:
    async with serving(app) as address:
        yield address


@pytest.mark.parametrize("path", ["/missing", "/no-such-page", "/static/kit/desk.css", "/crash", "/widget"])
async def test_every_answer_carries_the_safety_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_only_the_widget_may_stand_on_other_sites(client: httpx.AsyncClient) -> None:
    page, widget, script = [(await client.get(path)).headers for path in ("/", "/widget", "/widget.js")]
    assert "frame-ancestors 'self'" in page["content-security-policy"]
    assert page["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self' https://shop.example.com" in widget["content-security-policy"]
    assert "x-frame-options" not in widget
    assert script["cross-origin-resource-policy"] == "cross-origin"
    assert widget["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://desk.test"}, 200),
        ({"Origin": "https://desk.test"}, 200),  # behind a proxy that ends TLS
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "http://desk.test.evil.test"}, 403),
        ({"Origin": "http://desk.test:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_another_sites_page_cannot_change_anything(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    response = await client.post("/echo", content=b"x", headers=headers)
    assert response.status_code == status
    if status == 403:
        error = response.json()["error"]
        assert (error["code"], error["text"]) == ("foreign_origin", "请求来自其他网站，已拒绝。")
    assert (await client.get("/missing", headers=headers)).status_code == 404


async def test_the_public_address_counts_as_our_own(texts: Texts) -> None:
    pages = Pages(texts, template_folders())
    app = build_application(pages, [build_probe()], WebSettings(public_url="https://help.shop.example"), static=[])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://10.0.0.1:8080") as client:
        own = await client.post("/echo", headers={"Origin": "https://help.shop.example"})
        other = await client.post("/echo", headers={"Origin": "https://shop.example"})
    assert (own.status_code, other.status_code) == (200, 403)


async def test_a_socket_opens_for_our_own_pages_and_programs_only(address: str) -> None:
    ws = address.replace("http", "ws") + "/ws"
    for origin in (None, address):
        async with websockets.connect(ws, origin=origin, proxy=None) as socket:  # type: ignore[arg-type]
            await socket.send("hello")
            assert await socket.recv() == "hello"
    for origin in ("http://evil.test", "null", "http://127.0.0.1"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(ws, origin=origin, proxy=None)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403


async def test_a_body_is_taken_up_to_the_limit_and_refused_beyond_it(client: httpx.AsyncClient) -> None:
    assert (await client.post("/echo", content=b"x" * LIMIT)).json() == {"length": LIMIT}
    response = await client.post("/echo", content=b"x" * (LIMIT + 1))
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("path", ["/echo", "/form", "/add"])
async def test_a_body_that_hides_its_length_is_counted(address: str, path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"words="
        for _ in range(80):
            yield b"x" * 16_384

    types = {"/echo": "text/plain", "/form": "application/x-www-form-urlencoded", "/add": "application/json"}
    async with httpx.AsyncClient(base_url=address) as client:
        response = await client.post(path, content=chunks(), headers={"Content-Type": types[path]})
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
    assert "content-security-policy" in response.headers


async def test_a_client_that_never_finishes_its_body_is_let_go(app: ASGIApp, texts: Texts) -> None:
    async with serving(Security(app, texts, body_seconds=0.2)) as address:
        host, port = address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body_too_slow" in answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"number": "many"}',
        b'{"number": 0}',
        b'{"numbr": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=["empty", "broken", "list", "text", "wrong type", "out of range", "wrong key", "not UTF-8", "deep"],
)
async def test_malformed_json_gets_the_envelope_with_what_is_wrong(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/add", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    error = response.json()["error"]
    assert set(error) == {"code", "text", "field", "details"}
    assert error["code"] == "malformed"
    assert error["text"]


@pytest.mark.parametrize("language", list(Language))
async def test_a_refusal_reads_the_same_for_programs_people_and_htmx(
    client: httpx.AsyncClient, texts: Texts, language: Language
) -> None:
    headers = {"Accept-Language": language.value}
    sentence = texts("refusal.too_many", language, seconds=7)
    program = await client.get("/busy", headers=headers)
    assert program.json() == {"error": {"code": "too_many", "text": sentence, "field": None, "details": {}}}
    person = await client.get("/busy", headers={**headers, "Accept": "text/html"})
    assert sentence in person.text
    assert "<!doctype html>" in person.text
    fragment = await client.get("/busy", headers={**headers, "Accept": "text/html", "HX-Request": "true"})
    assert sentence in fragment.text
    assert "<!doctype html>" not in fragment.text
    assert fragment.headers["hx-retarget"] == "#toasts"
    for response in (program, person, fragment):
        assert response.status_code == 429
        assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/missing", 404, "not_found"),
        ("GET", "/no-such-page", 404, "not_found"),
        ("GET", "/static/kit/no-such.js", 404, "not_found"),
        ("GET", "/static/kit/../../settings.py", 404, "not_found"),
        ("GET", "/static/kit/..%2f..%2fsettings.py", 404, "not_found"),
        ("DELETE", "/add", 405, "not_allowed_here"),
        ("GET", "/crash", 500, "fault"),
    ],
)
async def test_whatever_goes_wrong_has_the_one_envelope(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert "secret" not in response.text
    page = await client.request(method, path, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert "secret" not in page.text


async def test_a_crash_is_logged_by_kind_and_place_and_quotes_nobody(
    address: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as events:
        async with httpx.AsyncClient(base_url=address) as client:
            assert (await client.get("/crash")).status_code == 500
        async with websockets.connect(address.replace("http", "ws") + "/ws-crash", proxy=None) as socket:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011
    assert [(event["event"], event["kind"]) for event in events] == [
        ("web.crashed", "RuntimeError"),
        ("web.socket_crashed", "ValueError < RuntimeError"),
    ]
    assert all("test_security.py" in event["where"] for event in events)
    captured = capfd.readouterr()
    assert "secret" not in captured.out + captured.err + caplog.text + repr(events)


async def test_a_refusal_that_leaves_a_sockets_route_closes_the_socket(address: str) -> None:
    ws = f"{address.replace('http', 'ws')}/ws-refused"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(ws, proxy=None)
    assert refused.value.response.status_code == 403
    async with websockets.connect(f"{ws}?accept", proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


@pytest.fixture
def house(sqlite_database: Database, texts: Texts, clock: MovableClock) -> House:
    return build_house(sqlite_database, texts, clock=clock)


@pytest.mark.parametrize(
    "path",
    ["/account", "/account/password", "/account/sign-out-everywhere", "/sign-out", "/staff"],
)
async def test_a_change_without_the_sessions_token_is_refused(house: House, path: str) -> None:
    await house.add("boss", Role.ADMIN)
    await house.add("other", Role.ADMIN)
    async with house.client(html=False) as browser, house.client() as other:
        await sign_in(browser, "boss")
        await sign_in(other, "other")
        own, foreign = browser.headers.pop("X-CSRF-Token"), other.headers["X-CSRF-Token"]
        form: dict[str, Any] = {"display_name": "B", "name": "new", "present": "x", "password": "x"}
        for token in ({}, {"csrf": ""}, {"csrf": foreign}, {"csrf": own + "x"}):
            response = await browser.post(path, data=form | token)
            assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf")
        for header in (foreign.encode(), "\u00e9".encode("latin-1")):
            response = await browser.post(path, data=form, headers=[(b"X-CSRF-Token", header)])
            assert response.status_code == 403
        allowed = await browser.post(path, data=form | {"csrf": own})
        assert allowed.status_code in {200, 303, 422}


async def test_json_with_the_token_in_its_body_only_is_refused(house: House) -> None:
    await house.add("boss", Role.ADMIN)
    async with house.client(html=False) as browser:
        await sign_in(browser, "boss")
        token = browser.headers.pop("X-CSRF-Token")
        response = await browser.post("/sign-out", content=json.dumps({"csrf": token}))
    assert response.status_code == 403


@pytest.mark.parametrize("asked", ["https://evil.test", "//evil.test", "/\\evil.test", "/\t/evil.test", ""])
async def test_switching_the_language_never_leads_to_another_site(house: House, asked: str) -> None:
    async with house.client() as browser:
        response = await browser.post("/preferences", data={"language": "zh", "next": asked})
    assert (response.status_code, response.headers["location"]) == (303, "/")


async def test_switches_keep_language_and_theme_in_the_browser(house: House) -> None:
    async with house.client(language=Language.EN) as browser:
        assert '<html lang="en" data-theme="auto">' in (await browser.get("/sign-in")).text
        await browser.post("/preferences", data={"language": "zh"})
        await browser.post("/preferences", data={"theme": "dark", "next": "/sign-in"})
        assert '<html lang="zh-CN" data-theme="dark">' in (await browser.get("/sign-in")).text
        assert (await browser.post("/preferences", data={"language": "fr"})).status_code == 422
        await browser.post("/preferences", data={"theme": '"><script>'})
        assert 'data-theme="dark"' in (await browser.get("/sign-in")).text
