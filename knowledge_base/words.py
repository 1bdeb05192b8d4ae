"""knowledge_base: the words of a text, for lexical search in Chinese and English. Pure.

Chinese: jieba's words and every pair of neighbouring characters (a word jieba cuts differently in two texts still
meets). English: stems. Numbers and model names (`10kg`, `j5`) are words of their own kind.
"""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from typing import Any

from nlu.service import is_code as begins_as_code

_PIECE = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff]+)|((?:[a-z]+[-.]?)?\d[\d.,]*[a-z]*)|([a-z]+(?:'[a-z]+)?)")
RARE = 10
"""Of jieba's counts; words below it (发飘, to drift) are likelier slips than words."""
TELLING = 4
"""Letters; shorter English words say little."""
_COMMON = frozenset(
    re.findall(
        r"[\w']+",
        "about after also been before cannot could does doing done dont don't from have having here into just like "
        "make many more much need only please should some that their them then there these they this those want were "
        "what when where which while will with would your can't won't i've i'm it's "
        "什么 怎么 怎么办 怎样 如何 为什么 哪里 哪个 多少 多久 可以 能不能 是不是 有没有 没有 一个 一下 这个 那个 "
        "我们 你们 他们 需要 应该 已经 现在 还是 还有 如果 但是 时候 问题 请问 知道 不能 不是 就是",
    )
)
_OTHER = re.compile(r"[\W_]+")
_NEGATION = re.compile(
    r"不|没|别(?!的|人|家|处)|未|无|\b(?:not|no|never|without|can't|cannot|cant|won't|wont|don't|dont|doesn't|doesnt|didn't|didnt"
    r"|isn't|isnt|haven't|havent|hasn't|hasnt|wasn't|unable|nothing)\b"
)
# "能不能", "有没有", "是不是" ask and deny nothing.
_ASKING = re.compile(r"(.)[不没]\1|有没有|[了吗]没$|不$|没$|没有$")
_KINDS = (
    re.compile(
        r"怎么(?!还|没|不|回事|了)|如何|咋(?!还|没|不|回事|了)|怎样|\bhow (?:do|can|to|should|would|may|might)\b"
    ),
    re.compile(r"为什么|为啥|为何|怎么还|怎么没|怎么不|怎么回事|咋还|咋没|咋回事|\bwhy\b|\bhow come\b"),
    re.compile(r"多久|几天|什么时候|啥时候|何时|几点|多长时间|\bwhen\b|\bhow long\b|\bhow soon\b|\bwhat time\b"),
    re.compile(r"多少钱|多少|几块|收费|费用|价格|贵|\bhow much\b|\bcost|\bprice|\bfee|\bcharge"),
    re.compile(r"哪里|哪儿|在哪|去哪|\bwhere\b"),
    re.compile(r"哪个|哪种|哪款|哪家|\bwhich\b"),
)


def words_of(folded: str) -> frozenset[str]:
    """The words of a folded text; the first letter says the kind: `w` word, `b` pair of characters, `n` number."""
    found: set[str] = set()
    for piece in _PIECE.finditer(folded):
        chinese, number, latin = piece.groups()
        if chinese:
            found.update("w" + word for word in _jieba().cut_for_search(chinese))
            found.update("b" + chinese[i : i + 2] for i in range(len(chinese) - 1))
        elif number:
            found.add("n" + number.rstrip(".,"))
        else:
            found.add(latin_word(latin))
    return frozenset(found)


def telling_words(folded: str) -> frozenset[str]:
    """The words of a folded text as people read them, without those that every question has."""
    found: set[str] = set()
    for piece in _PIECE.finditer(folded):
        chinese, _, latin = piece.groups()
        if chinese:
            found.update(word for word in _jieba().cut(chinese) if len(word) > 1)
        elif latin and len(latin) >= TELLING:
            found.add(latin)
    return frozenset(found - _COMMON)


def lone_characters(chinese: str) -> list[tuple[int, int]]:
    """Where, as (start, end), two or more characters follow each other that form no usual word with a neighbour."""
    jieba = _jieba()
    spans: list[tuple[int, int]] = []
    at = start = 0
    # Without guessing at new words: a slip (发飘) must fall into its characters.
    for word in [*jieba.cut(chinese, HMM=False), ""]:
        if len(word) != 1 and (jieba.get_FREQ(word) or RARE) >= RARE:
            if at - start > 1:
                spans.append((start, at))
            start = at + len(word)
        at += len(word)
    return spans


def latin_word(typed: str) -> str:
    """The word of `words_of` for one run of Latin letters (lower case)."""
    return "w" + _stem(typed)


def bare(text: str) -> str:
    """A text without case, width, spaces and punctuation: what is left is the same for the same words."""
    return _OTHER.sub("", unicodedata.normalize("NFKC", text).lower())


def is_number(word: str) -> bool:
    """Whether a word of `words_of` is a number or a model name."""
    return word.startswith("n")


def is_code(word: str) -> bool:
    """Whether a word of `words_of` names one thing among its like: a model, an error code (`e1`, `v8`, `ro-600`)."""
    return word.startswith("n") and begins_as_code(word[1:])


def denies(folded: str) -> bool:
    """Whether the text says that something is not so."""
    return bool(_NEGATION.search(_ASKING.sub(" ", folded)))


def question_kinds(folded: str) -> int:
    """What is asked (how, why, when, how much, where, which), as a set of bits; 0 when the words do not say."""
    return sum(1 << bit for bit, kind in enumerate(_KINDS) if kind.search(folded))


@functools.cache
def _jieba() -> Any:
    import jieba  # noqa: PLC0415 - reads its dictionary, half a second

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


@functools.lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word.replace("'", ""))
    return stem


@functools.cache
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415

    return snowballstemmer.stemmer("english")
