"""kit: renders pages from the templates of all rooms, in the reader's language, inside the common shell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kit.contracts import Language
from kit.texts import Texts
from kit.web.languages import language_of, theme_of

HTML_LANG = {Language.ZH: "zh-CN", Language.EN: "en"}


class Viewer(Protocol):
    """As much of the signed-in person as the shell shows (staff.contracts.Person fits)."""

    @property
    def display_name(self) -> str: ...

    @property
    def roles(self) -> frozenset[Any]: ...

    @property
    def csrf(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One entry of the main navigation."""

    href: str
    text: str
    """Text key of its label."""
    icon: str
    """Name of a symbol in static/kit/icons.svg."""
    roles: frozenset[str] = frozenset()
    """Who sees it: holders of one of these; empty means every signed-in person."""

    def shown_to(self, viewer: Viewer) -> bool:
        """Whether `viewer` sees this entry."""
        return not self.roles or bool(self.roles & {str(role) for role in viewer.roles})


class Pages:
    """The templates of the house, loaded once; immutable and safe to share between requests."""

    def __init__(
        self,
        texts: Texts,
        folders: Iterable[Path],
        *,
        nav: Sequence[NavItem] = (),
        language: Language = Language.ZH,
        time_zone: str = "Asia/Shanghai",
    ) -> None:
        self.texts = texts
        self._nav = tuple(nav)
        self._language = language
        self._zone = ZoneInfo(time_zone)
        self._templates = Environment(
            loader=FileSystemLoader(list(folders)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def with_nav(self, nav: Sequence[NavItem]) -> Pages:
        """The same pages with another navigation."""
        other = object.__new__(Pages)
        other.__dict__ |= {**self.__dict__, "_nav": tuple(nav)}
        return other

    def language(self, request: Request) -> Language:
        """The language this request is answered in."""
        return language_of(request, self._language)

    def when(self, moment: datetime, language: Language, style: str = "full") -> str:
        """`moment` on the desk's clocks, in words; `style` is the last part of a key below `shell.time.`."""
        return moment.astimezone(self._zone).strftime(self.texts(f"shell.time.{style}", language))

    def render(self, request: Request, template: str, **context: object) -> str:
        """The HTML of `template` (path such as `staff/accounts.html`), for whole pages and for fragments alike.

        Templates see: `t(key, **slots)`, `t_or(key, otherwise)`, `language`, `html_lang`, `theme`, `zone`,
        `person` (or None), `csrf`, `nav`, `path`, `texts_json(*prefixes)`, `when(datetime, style)`, and `context`.
        """
        language = self.language(request)
        person: Viewer | None = getattr(request.state, "person", None)

        def t(key: str, /, **slots: object) -> str:
            return self.texts(key, language, **slots)

        def t_or(key: str, otherwise: str) -> str:
            return t(key) if self.texts.has(key) else otherwise

        def texts_json(*prefixes: str) -> Markup:
            found: dict[str, str] = {}
            for prefix in prefixes:
                found |= self.texts.section(prefix, language)
            return json_block("texts", found)

        def when(moment: datetime, style: str = "full") -> str:
            return self.when(moment, language, style)

        return self._templates.get_template(template).render(
            t=t,
            t_or=t_or,
            texts_json=texts_json,
            json_block=json_block,
            when=when,
            language=language.value,
            html_lang=HTML_LANG[language],
            theme=theme_of(request),
            zone=self._zone.key,
            person=person,
            csrf=person.csrf if person else "",
            nav=[item for item in self._nav if person and item.shown_to(person)],
            path=request.url.path,
            **context,
        )

    def page(self, request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """A response with the rendered `template`; never kept by caches, since it is one person's."""
        return HTMLResponse(
            self.render(request, template, **context), status_code=status, headers={"Cache-Control": "no-store"}
        )


def json_block(name: str, value: object) -> Markup:
    """`<script type="application/json" id=name>`: data for browser modules, which CSP does not take for a script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # "<" would let the data end the element; in JSON it may always be written as an escape.
    harmless = Markup(text.replace("<", "\\u003c"))  # noqa: S704
    return Markup('<script type="application/json" id="{}">{}</script>').format(name, harmless)
