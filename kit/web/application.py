"""kit: puts a web application together from routers: errors, static files, preferences and security around them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from kit.web.errors import install_errors
from kit.web.pages import Pages
from kit.web.preferences import build_preferences_router
from kit.web.security import Security
from kit.web.settings import WebSettings
from kit.web.static_files import static_routes

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_application(
    pages: Pages,
    routers: Iterable[APIRouter],
    settings: WebSettings,
    *,
    static: Iterable[Path],
    lifespan: Lifespan | None = None,
    embeddable: Mapping[str, str] | None = None,
    shared: Collection[str] = (),
    body_limits: Mapping[str, int] | None = None,
) -> ASGIApp:
    """The ASGI application.

    `embeddable` maps paths of pages that other sites may frame to those sites (`*`, or origins with spaces between),
    `shared` are paths of scripts they may load, `body_limits` path prefixes with body limits in bytes of their own.
    """
    app = FastAPI(openapi_url=None, lifespan=lifespan, redirect_slashes=False)
    install_errors(app, pages)
    for router in routers:
        app.include_router(router)
    app.include_router(build_preferences_router())
    app.router.routes.extend(static_routes(static))
    return Security(
        app,
        pages.texts,
        origins={settings.public_url} if settings.public_url else (),
        embeddable=embeddable,
        shared=shared,
        body_limit=settings.body_limit_kib * 1024,
        body_limits=body_limits,
    )
