"""bot: the pages of the website's channel: the widget, the script that puts it on a site, and a shop to see it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from bot.settings.channels import WidgetSettings
from bot.settings.conversation import ShopSettings
from kit.contracts import Language
from kit.texts import Texts
from kit.web.languages import THEMES
from kit.web.pages import Pages

WIDGET, LOADER = "/widget", "/widget.js"
SHARED = (LOADER,)
"""For `kit.web.application`: the script other sites may load."""
LOADER_FILE = Path(__file__).parent / "static" / "channels" / "loader.js"
LOADER_SECONDS = 300
TEXTS_HERE = "/* texts */ {}"
PRODUCTS = ("washer", "fridge", "air", "vacuum", "kettle", "speaker")


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetPages:
    """What the pages are made of."""

    pages: Pages
    shop: ShopSettings
    text_limit: int
    file_limit_mib: int
    preview: bool


def embeddable(settings: WidgetSettings) -> dict[str, str]:
    """For `kit.web.application`: the page other sites may frame, and which sites."""
    return {WIDGET: " ".join(settings.embed_origins)}


def build_widget_pages(parts: WidgetPages) -> APIRouter:
    """`/widget`, `/widget.js` and the demo shop at `/`."""
    router = APIRouter()
    loader = loader_script(LOADER_FILE.read_text(encoding="utf-8"), parts.pages.texts, parts.shop)

    @router.get(WIDGET)
    async def widget(request: Request, lang: str = "", theme: str = "") -> HTMLResponse:
        """The chat window; `lang` and `theme` come from the page that shows it."""
        if lang in set(Language):
            request.state.language = Language(lang)
        if theme in THEMES:
            request.state.theme = theme
        language = parts.pages.language(request)
        return parts.pages.page(
            request,
            "channels/widget.html",
            shop=parts.shop.name(language),
            text_limit=parts.text_limit,
            file_limit=parts.file_limit_mib,
            preview=parts.preview,
        )

    @router.get(LOADER)
    async def script() -> Response:
        headers = {"Cache-Control": f"public, max-age={LOADER_SECONDS}"}
        return Response(loader, media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get("/")
    async def shop(request: Request) -> HTMLResponse:
        """A made-up shop with the widget on it."""
        language = parts.pages.language(request)
        return parts.pages.page(request, "channels/shop.html", shop=parts.shop.name(language), products=PRODUCTS)

    return router


def loader_script(source: str, texts: Texts, shop: ShopSettings) -> str:
    """The loader with its texts in it: it runs on other people's pages, where no texts of ours are."""
    words = {
        language.value: {
            "title": texts("widget.title", language, shop=shop.name(language)),
            "open": texts("widget.open", language),
            "close": texts("widget.close", language),
            "unread": texts("widget.unread", language, count="{count}"),
        }
        for language in Language
    }
    return source.replace(TEXTS_HERE, json.dumps(words, ensure_ascii=True))
