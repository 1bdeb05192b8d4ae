"""kit: which language a page is shown in, and the cookies that keep a person's choice of language and theme."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from kit.contracts import Language

LANGUAGE_COOKIE = "desk_language"
THEME_COOKIE = "desk_theme"
THEMES = ("auto", "light", "dark")
YEAR_SECONDS = 365 * 24 * 3600


def choose_language(*, cookie: str | None, account: Language | None, accepted: str, default: Language) -> Language:
    """The language of a page: what was last switched to, else the account's, else the browser's, else `default`.

    `accepted` is an Accept-Language header.
    """
    if cookie in set(Language):
        return Language(cookie)
    if account is not None:
        return account
    wishes: list[tuple[float, Language]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        name = tag.split("-")[0].lower()
        if name in set(Language):
            wishes.append((_number(quality), Language(name)))
    # max() keeps the first of equals, as browsers list the dearest first.
    best = max(wishes, key=lambda wish: wish[0], default=(0.0, default))
    return best[1] if best[0] > 0 else default


def language_of(request: HTTPConnection, default: Language = Language.ZH) -> Language:
    """The language to answer `request` in; the signed-in person, if any, stands in `request.state.person`.

    A page that is told its language in its address (the widget on somebody's site) sets `request.state.language`.
    """
    told = getattr(request.state, "language", None)
    if told is not None:
        return Language(told)
    person = getattr(request.state, "person", None)
    return choose_language(
        cookie=request.cookies.get(LANGUAGE_COOKIE),
        account=getattr(person, "language", None),
        accepted=request.headers.get("accept-language", ""),
        default=getattr(request.state, "default_language", default),
    )


def theme_of(request: HTTPConnection) -> str:
    """`auto`, `light` or `dark`; `request.state.theme` wins, as in `language_of`."""
    theme = getattr(request.state, "theme", None) or request.cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else "auto"


def _number(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
