"""tests: a page with the conversation elements alone, and a desk behind them that does what a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kit.rooms import static_folders, template_folders
from kit.texts import Texts
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from tests.support.browser import Windows
from tests.support.scripted_desk import ScriptedDesk
from tests.support.serving import serving


@pytest.fixture
def desk(texts: Texts) -> ScriptedDesk:
    return ScriptedDesk(texts, Pages(texts, template_folders()))


@pytest.fixture
async def probe(desk: ScriptedDesk, texts: Texts, windows: Windows) -> AsyncIterator[str]:
    windows.tolerate("WebSocket connection to")
    windows.tolerate("ERR_INTERNET_DISCONNECTED")
    pages = Pages(texts, template_folders())
    async with serving(build_application(pages, [desk.router()], WebSettings(), static=static_folders())) as address:
        yield f"{address}/probe"
