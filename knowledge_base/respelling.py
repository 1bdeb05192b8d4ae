"""knowledge_base: reads a question as the base would have written it: pinyin, words by sound, words by shape. Pure.

The base's own words are the vocabulary, so an import teaches it product names too. What is read is only a second
version of the question; whoever searches asks for both and believes the one that is found with more confidence.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kit.syllables import sounds_of, syllables_in
from knowledge_base.lexicon import Lexicon
from knowledge_base.words import latin_word, lone_characters

LOOK_ALIKES = Path(__file__).parent / "look_alikes.yml"
LONGEST = 120
"""Letters of one run of pinyin; nobody types more."""
LONGEST_WORD = 4
"""Characters of a word that is looked for by sound or shape."""
SOUNDS = 6
"""Most readings of one word (还没 is huanmei and haimei)."""
UNREAD = 0.3
"""Share of a text's Latin letters that may stay unread; English leaves more."""
_RUN = re.compile(r"[a-z]+(?: ?[a-z]+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_LITTLE = re.compile(r"[的了吗呢吧啊呀嘛不没我你您他她它是在有就也都还这那哪个一几么]")
"""Characters that stand alone in every sentence; beside them nothing is missing."""
_TYPED = re.compile(r"[a-z]+")
_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    text: str
    cuts: frozenset[int]
    """Where in its letters a syllable ends; a typed space may stand there only."""
    score: float
    """Logarithm of how often the base says it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speller:
    """The words of one base by their sound."""

    by_letters: Mapping[str, tuple[_Word, ...]]
    by_sound: Mapping[tuple[str, ...], str]
    """The most frequent word of two to four characters by its blurred syllables."""
    lexicon: Lexicon
    longest: int
    """Letters of the longest word."""


def build_speller(lexicon: Lexicon) -> Speller:
    """The speller of a base; about 10 microseconds a word."""
    counts = {
        word[1:]: int(lexicon.word_starts[number + 1] - lexicon.word_starts[number])
        for word, number in lexicon.numbers.items()
        if word[0] == "w" and _HAN_RUN.fullmatch(word[1:] * 2) and len(word) <= LONGEST_WORD + 1
    }
    total = sum(counts.values()) or 1
    by_letters: dict[str, dict[frozenset[int], _Word]] = {}
    by_sound: dict[tuple[str, ...], str] = {}
    for text in sorted(counts, key=lambda word: (-counts[word], word)):
        for syllables in itertools.islice(itertools.product(*map(sounds_of, text)), SOUNDS):
            cuts = frozenset(itertools.accumulate(map(len, syllables)))
            word = _Word(text=text, cuts=cuts, score=math.log(counts[text] / total))
            by_letters.setdefault("".join(syllables), {}).setdefault(cuts, word)
            if len(text) > 1:
                by_sound.setdefault(tuple(map(_blurred, syllables)), text)
    return Speller(
        by_letters={letters: tuple(words.values()) for letters, words in by_letters.items()},
        by_sound=by_sound,
        lexicon=lexicon,
        longest=max(map(len, by_letters), default=0),
    )


def respell(speller: Speller, folded: str) -> str | None:
    """The folded text as the base would write it, or None when it is already written so."""
    text = _read_pinyin(speller, folded) if _LATIN.search(folded) else folded
    text = _HAN_RUN.sub(lambda run: _by_sound(speller, run.group()), text)
    return text if text != folded else None


def _read_pinyin(speller: Speller, folded: str) -> str:
    """The text with its runs of pinyin as Chinese; as it was when too much of it is something else."""
    typed = _TYPED.findall(folded)
    foreign = {word for word in typed if not syllables_in(word)}
    english = {word for word in typed if len(word) > 1 and latin_word(word) in speller.lexicon.numbers}
    if foreign or 2 * sum(map(len, english)) > sum(map(len, typed)):
        foreign |= english  # `fan` is a fan here; in "mei fan ying" it is a syllable
    # Beside Chinese one syllable is enough: "怎么gai地址".
    least = 1 if _HAN_RUN.search(folded) else 2
    read = _RUN.sub(lambda run: _read_run(speller, run.group(), foreign, least), folded)
    if read == folded or least == 1:
        return read
    return read if len(_LATIN.findall(read)) <= UNREAD * len(_LATIN.findall(folded)) else folded


def _read_run(speller: Speller, run: str, foreign: set[str], least: int) -> str:
    """The run with every stretch of typed words that reads as words of the base; what is `foreign` stays.

    One of the words must have `least` characters (two, where what is typed is longer than a syllable: "api").
    """
    pieces: list[str] = []
    for stays, words in itertools.groupby(run.split(" "), key=foreign.__contains__):
        typed = list(words)
        enough = least if all(map(_is_one_syllable, typed)) else 2
        read = None if stays else _cover(speller, typed, enough)
        pieces.append(" ".join(typed) if read is None else read)
    return " ".join(pieces)


def _is_one_syllable(typed: str) -> bool:
    return syllables_in(typed) == 1 and len(typed) > 1


def _cover(speller: Speller, typed: list[str], least: int) -> str | None:
    """The likeliest words of the base that say exactly these letters, one of them of `least` characters; or None."""
    letters = "".join(typed)
    if not 1 < len(letters) <= LONGEST:
        return None
    spaces = set(itertools.accumulate(map(len, typed)))
    best: list[tuple[float, bool, str] | None] = [(0.0, False, ""), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - speller.longest), end):
            before = best[start]
            if before is None:
                continue
            inside = {at - start for at in spaces if start < at < end}
            for word in speller.by_letters.get(letters[start:end], ()):
                found = (before[0] + word.score, before[1] or len(word.text) >= least, before[2] + word.text)
                here = best[end]
                if inside <= word.cuts and (here is None or found[0] > here[0]):
                    best[end] = found
    last = best[-1]
    return last[2] if last is not None and last[1] else None


def _by_sound(speller: Speller, run: str) -> str:
    """The run with words that stand nowhere in the base as the base's words that sound or look the same.

    Only characters that form no word with a neighbour are looked at: people choose a wrong character, seldom two words
    that say something else.
    """
    for start, end in lone_characters(run):
        at = start
        while at < end - 1:
            for length in range(min(LONGEST_WORD, end - at), 1, -1):
                meant = _meant(speller, run[at : at + length])
                if meant is not None:
                    run = run[:at] + meant + run[at + length :]
                    at += length - 1
                    break
            at += 1
    return run


def _meant(speller: Speller, heard: str) -> str | None:
    """The base's word that sounds like `heard`, or looks like it but for one character."""
    known = speller.lexicon.numbers
    if _LITTLE.search(heard) or any("b" + heard[at : at + 2] in known for at in range(len(heard) - 1)):
        return None
    for at, character in enumerate(heard):
        for other in _look_alikes().get(character, ""):
            seen = heard[:at] + other + heard[at + 1 :]
            if "w" + seen in known:
                return seen
    for syllables in itertools.islice(itertools.product(*map(sounds_of, heard)), SOUNDS):
        word = speller.by_sound.get(tuple(map(_blurred, syllables)))
        if word is not None:
            return word
    return None


@functools.cache
def _blurred(syllable: str) -> str:
    """The syllable as many regions say it: zh is z, ch is c, sh is s, and a closing ng is n."""
    short = re.sub(r"^([zcs])h", r"\1", syllable)
    return short.removesuffix("g") if short.endswith("ng") else short


@functools.cache
def _look_alikes() -> dict[str, str]:
    """For each character those that look like it."""
    groups: Iterable[str] = yaml.safe_load(LOOK_ALIKES.read_text(encoding="utf-8"))["groups"]
    found: dict[str, str] = {}
    for group in groups:
        for character in group:
            found[character] = found.get(character, "") + group.replace(character, "")
    return found
