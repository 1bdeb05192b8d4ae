"""kit: the switches every page carries: language and theme, kept in cookies of the browser."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.web.languages import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, YEAR_SECONDS

PATH = "/preferences"


def safe_path(path: str) -> str:
    """`path` where it leads to a page of ours, else `/`: a link must not carry anybody to another site."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


def build_preferences_router() -> APIRouter:
    """`POST /preferences`: form fields `language`, `theme` (each optional) and `next`."""
    router = APIRouter()

    @router.post(PATH)
    async def set_preferences(
        request: Request,
        language: Annotated[Language | None, Form()] = None,
        theme: Annotated[str, Form()] = "",
        next_: Annotated[str, Form(alias="next")] = "/",
    ) -> RedirectResponse:
        response = RedirectResponse(safe_path(next_), HTTPStatus.SEE_OTHER)
        chosen = {LANGUAGE_COOKIE: language, THEME_COOKIE: theme if theme in THEMES else None}
        secure = request.url.scheme == "https"
        for name, value in chosen.items():
            if value:
                response.set_cookie(name, value, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure)
        return response

    return router
