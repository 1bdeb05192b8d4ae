"""bot: makes what arrives fit to be stored and shown. Pure; knows no channel."""

from __future__ import annotations

import unicodedata

from kit.contracts import Language

KEPT_CONTROLS = frozenset("\n\t")
HIDDEN = frozenset(
    "\u00ad\u200b\u200e\u200f\u2060\ufeff" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
)
"""Soft hyphens, zero-width spaces and writing-direction overrides: invisible, and able to make a text look like
another one. The zero-width joiner stays: family emoji and some scripts need it."""


def clean_text(text: str) -> str:
    """`text` without control characters, lone surrogates, hidden marks and outer white space; line ends unified."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in unified if _fit(character)).strip()


def clean_name(name: str, *, limit: int = 80) -> str:
    """A display name on one line, at most `limit` characters."""
    return " ".join(clean_text(name).split())[:limit]


def has_words(text: str) -> bool:
    """Whether anything in `text` can be read: a letter or digit of any script (emoji and punctuation are not)."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def guess_language(text: str, previous: Language) -> Language:
    """The language to show `text` in until it has been read properly: by script alone, else `previous`."""
    if any("\u3400" <= character <= "\u9fff" for character in text):
        return Language.ZH
    if any("a" <= character <= "z" for character in text.lower()):
        return Language.EN
    return previous


def _fit(character: str) -> bool:
    if character in KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in HIDDEN
