"""tests: the widget's page, its script and the demo shop, in both languages."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.settings.channels import WidgetSettings
from tests.bot.channels.web.desk import WebDesk
from tests.bot.support.desk import Parts


@pytest.mark.parametrize(
    ("lang", "title", "html_lang"), [("zh", "澄家电器客服", "zh-CN"), ("en", "Clearhome support", "en")]
)
async def test_the_widget_is_in_the_language_of_the_page_that_shows_it(
    desk: WebDesk, lang: str, title: str, html_lang: str
) -> None:
    other = {"zh": "en-GB", "en": "zh-CN"}[lang]
    async with desk.client() as client:
        page = await client.get(f"/widget?lang={lang}&theme=dark", headers={"Accept-Language": other})
    assert page.status_code == 200
    assert f'<h1 title="{title}">{title}</h1>' in page.text
    assert f'<html lang="{html_lang}" data-theme="dark" data-desk-zone="Asia/Shanghai">' in page.text


async def test_what_an_address_says_that_is_nonsense_is_ignored(desk: WebDesk) -> None:
    async with desk.client() as client:
        page = await client.get('/widget?lang="><script>&theme=<b>&host=javascript:alert(1)')
    assert page.status_code == 200
    assert "<script>&" not in page.text
    assert "javascript:alert" not in page.text


async def test_every_site_may_show_the_widget_and_none_the_other_pages(desk: WebDesk) -> None:
    async with desk.client() as client:
        widget, shop = await client.get("/widget"), await client.get("/")
    assert "frame-ancestors 'self' *" in widget.headers["content-security-policy"]
    assert "x-frame-options" not in widget.headers
    assert "frame-ancestors 'self';" in shop.headers["content-security-policy"] + ";"
    assert shop.headers["x-frame-options"] == "SAMEORIGIN"


async def test_an_operator_says_which_sites_may_show_the_widget(sqlite_parts: Parts) -> None:
    widget = WidgetSettings(embed_origins=("https://shop.example.com", "https://m.example.com"))
    async with WebDesk(parts=sqlite_parts, widget=widget).running() as desk, desk.client() as client:
        policy = (await client.get("/widget")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://shop.example.com https://m.example.com" in policy


@pytest.mark.parametrize(
    "origin", ["shop.example.com", "https://shop.example.com/", "https://a;b", "'none'", "https://a b"]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="is not an origin"):
        WidgetSettings(embed_origins=(origin,))


async def test_the_loader_is_small_brings_its_texts_and_may_be_loaded_by_every_site(desk: WebDesk) -> None:
    async with desk.client() as client:
        script = await client.get("/widget.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(script.content) < 12_000
    assert "\\u8f6c" in script.text or "\\u5ba2\\u670d" in script.text
    assert "Open the support chat" in script.text
    assert "/* texts */" not in script.text


async def test_pages_hold_no_inline_style_or_script(desk: WebDesk) -> None:
    async with desk.client() as client:
        for path in ("/", "/widget"):
            text = (await client.get(path)).text
            assert " style=" not in text
            assert " onclick=" not in text
            assert "<style" not in text
            scripts = [part.split(">", 1)[0] for part in text.split("<script")[1:]]
            assert all("src=" in script or "application/json" in script for script in scripts)
