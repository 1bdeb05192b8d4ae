"""knowledge_base: an article's own wordings as customers may write them: other script, pinyin, slang, slips. Pure.

Each kind changes how a question is written and not what it asks, so the article must still be found. Made from indexed
wordings, never from held-out rows; what is measured is how much a way of writing costs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from opencc import OpenCC
from pypinyin import lazy_pinyin

from kit.contracts import Language
from knowledge_base.evaluation.noise_words import COLLOQUIAL, ENGLISH, OPENING_ZH, ORDER_ZH
from knowledge_base.evaluation.rows import Asked, Faq
from knowledge_base.wordings import Role

EACH = 40
"""Questions of each kind and language."""
LEAST_CHARACTERS = 6
"""Shorter wordings have no letter to spare."""
LONGEST_PINYIN = 12
"""Characters of a wording that is written in pinyin as a whole; nobody types more without choosing characters."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z]{5,}")
_ALL_HAN = re.compile(r"[\u4e00-\u9fff]+[?\uff1f]?")
_Change = Callable[[str, random.Random], str | None]
"""The changed text, or None where the change cannot be made."""


def disturbed(faqs: Sequence[Faq], *, seed: int = 0) -> tuple[Asked, ...]:
    """Up to EACH changed wordings of every kind; the group names kind and language."""
    chance = random.Random(seed)  # noqa: S311 - a fair draw, no secret
    wordings = [
        (faq.id, wording.language, wording.text)
        for faq in faqs
        for wording in faq.wordings
        if wording.role is Role.QUESTION and len(wording.text) >= LEAST_CHARACTERS
    ]
    alike = _sounding_alike([text for _, language, text in wordings if language is Language.ZH])
    found: list[Asked] = []
    for name, language, change in _kinds(alike):
        drawn = [wording for wording in wordings if wording[1] is language]
        chance.shuffle(drawn)
        rows: list[Asked] = []
        for article, _, text in drawn:
            changed = change(text, chance)
            if changed is not None and changed != text:
                rows.append(Asked(text=changed, gold=article, group=f"{name} {language}", language=language))
            if len(rows) == EACH:
                break
        found += rows
    return tuple(found)


def _kinds(alike: dict[str, str]) -> tuple[tuple[str, Language, _Change], ...]:
    zh, en = Language.ZH, Language.EN
    traditional = OpenCC("s2t")
    return (
        ("traditional", zh, lambda text, _: str(traditional.convert(text))),
        ("full width", zh, lambda text, _: _wide(text)),
        ("full width", en, lambda text, _: _wide(text)),
        ("sound", zh, lambda text, chance: _same_sound(text, alike, chance)),
        ("pinyin", zh, _in_pinyin),
        ("pinyin word", zh, _word_in_pinyin),
        ("mixed", zh, lambda text, _: _replaced(text, ENGLISH, most=2)),
        ("slang", zh, lambda text, _: _colloquial(text)),
        ("swapped", zh, _swapped_characters),
        ("swapped", en, _swapped_letters),
        ("missing", en, _missing_letter),
        ("noise", zh, lambda text, chance: f"亲 {text}{chance.choice(['！！！', '？？？', '😭😭', '。。。'])}"),
        ("noise", en, lambda text, chance: f"{text.upper()}{chance.choice(['!!!', '???', ' 😡😡', '.....'])}"),
        ("number", zh, lambda text, chance: f"{ORDER_ZH}CJ2611-{chance.randrange(10**6):06d} {text}"),
        ("number", en, lambda text, chance: f"{text} order CJ2611-{chance.randrange(10**6):06d}"),
    )


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _sounding_alike(texts: Sequence[str]) -> dict[str, str]:
    """For characters of these texts, the most frequent other one that sounds the same."""
    counts: dict[str, int] = {}
    for text in texts:
        for character in _HAN.findall(text):
            counts[character] = counts.get(character, 0) + 1
    by_sound: dict[str, list[str]] = {}
    for character in sorted(counts, key=lambda c: (-counts[c], c)):
        by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
    return {
        character: next(other for other in same if other != character)
        for same in by_sound.values()
        if len(same) > 1
        for character in same
    }


def _same_sound(text: str, alike: dict[str, str], chance: random.Random) -> str | None:
    places = [at for at, character in enumerate(text) if character in alike]
    if not places:
        return None
    at = chance.choice(places)
    return text[:at] + alike[text[at]] + text[at + 1 :]


def _in_pinyin(text: str, chance: random.Random) -> str | None:
    """The whole text in pinyin, with spaces between syllables or without any."""
    if len(text) > LONGEST_PINYIN or not _ALL_HAN.fullmatch(text):
        return None
    return chance.choice(["", " "]).join(lazy_pinyin(text.rstrip("?\uff1f")))


def _word_in_pinyin(text: str, chance: random.Random) -> str | None:
    """One word of two characters in pinyin: "怎么tuikuan"."""
    words = [piece.span() for piece in re.finditer("|".join(ENGLISH), text) if len(piece.group()) > 1]
    if not words:
        return None
    start, end = chance.choice(words)
    return text[:start] + "".join(lazy_pinyin(text[start:end])) + text[end:]


def _replaced(text: str, table: dict[str, str], *, most: int) -> str | None:
    longest_first = sorted(table, key=lambda word: (-len(word), word))
    changed, times = re.subn("|".join(longest_first), lambda word: table[word.group()], text, count=most)
    return changed if times else None


def _colloquial(text: str) -> str | None:
    changed = _replaced(text, COLLOQUIAL, most=9)
    return None if changed is None else f"{OPENING_ZH} {changed}"


def _swapped_characters(text: str, chance: random.Random) -> str | None:
    places = [at for at in range(len(text) - 1) if _HAN.match(text[at]) and _HAN.match(text[at + 1])]
    if not places:
        return None
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _swapped_letters(text: str, chance: random.Random) -> str | None:
    words = list(_WORD.finditer(text))
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _missing_letter(text: str, chance: random.Random) -> str | None:
    words = list(_WORD.finditer(text))
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    return text[:at] + text[at + 1 :]
