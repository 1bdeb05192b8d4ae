"""bot.run: what the person at the terminal reads: one plain line for each thing that happened."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.run.part import PartNews
from kit.contracts import Language
from kit.texts import Texts


def terminal_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the terminal, by the usual variables; English where they name neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return Language.ZH if value.lower().startswith("zh") else Language.EN
    return Language.EN


class Voice:
    """Speaks to the terminal."""

    def __init__(self, texts: Texts, language: Language, *, out: Callable[[str], object]) -> None:
        self._texts, self._language, self._out = texts, language, out

    def text(self, key: str, **slots: str | float) -> str:
        """The sentence of `run.<key>`."""
        return self._texts(f"run.{key}", self._language, **slots)

    def both(self, key: str, **slots: str | float) -> list[str]:
        """The sentence in both languages, the terminal's own first."""
        order = sorted(Language, key=lambda each: each is not self._language)
        return [self._texts(f"run.{key}", each, **slots) for each in order]

    def say(self, key: str, **slots: str | float) -> None:
        """One line with the time of day before it."""
        self._out(f"{datetime.now().astimezone():%H:%M:%S}  {self.text(key, **slots)}")

    def part(self, name: str) -> str:
        """What people call a part."""
        return self.text(f"name.{name}")

    def tell(self, news: PartNews) -> None:
        """Say what happened to a part."""
        slots = dict(news.slots)
        if isinstance(reason := slots.get("reason"), str):
            slots["reason"] = self.text(f"absent.{reason}", **{k: v for k, v in slots.items() if k != "reason"})
        self.say(f"part.{news.happening}", part=self.part(news.status.name), **slots)

    def banner(self, address: str, *, sign_in: tuple[str, str] | None) -> None:
        """Where the desk is and how to get in; in both languages, because nobody knows yet who reads it."""
        pages = {"customer": "/", "desk": "/desk", "knowledge": "/knowledge"}
        lines = [*self.both("banner.ready", address=address), ""]
        lines += [f"  {address}{path}  {' / '.join(self.both(f'banner.{name}'))}" for name, path in pages.items()]
        if sign_in is not None:
            lines += ["", *self.both("banner.sign_in", name=sign_in[0], password=sign_in[1])]
        lines += ["", *self.both("banner.again"), *self.both("banner.stop")]
        rule = "=" * 78
        self._out("\n".join(["", rule, *lines, rule, ""]))
