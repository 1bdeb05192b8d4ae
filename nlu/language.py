"""nlu: the language of one message, from as little as one character. Pure; knows nothing of conversations.

The language is decided anew for every message. Digits, emoji, order numbers and words that both languages use say
nothing: the previous language decides. In a mixed text the side that carries the sentence wins: its little words
(的, 吗, 没 / the, is, not), and only without them the greater number of words.
"""

from __future__ import annotations

import re

from kit.contracts import Language
from kit.syllables import syllables_in
from nlu.pinyin import is_pinyin

HAN = re.compile(r"[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_BOPOMOFO = re.compile(r"[\u3105-\u312f\u31a0-\u31bf]")
_LATIN_WORD = re.compile(r"[a-zA-Z\u00c0-\u024f]+(?:['\u2019][a-zA-Z]+)*")
_SILENT = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+"  # addresses
    r"|(?=[A-Za-z]*\d)[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*"  # codes that hold a digit: CJ2611-088213, J5, 4k
    r"|(?<![A-Za-z])[A-Z]{2,4}-\d+"
)

_ZH_LITTLE = frozenset(
    "的了吗呢么吧不我你您他她它是在有这那怎什哪几多少还没能可以要想请给到就都也和跟被把啊呀嘛啦哦哈嗯"
    "嗎麼這請給來個們會幫还為为啥咋谁與从"
)
_EN_LITTLE = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "are",
        "am",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "done",
        "i",
        "my",
        "me",
        "we",
        "our",
        "you",
        "your",
        "he",
        "she",
        "it",
        "its",
        "they",
        "them",
        "their",
        "this",
        "that",
        "these",
        "those",
        "how",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "can",
        "can't",
        "cannot",
        "could",
        "will",
        "would",
        "won't",
        "should",
        "shall",
        "may",
        "might",
        "must",
        "to",
        "for",
        "of",
        "in",
        "at",
        "on",
        "by",
        "with",
        "from",
        "and",
        "or",
        "but",
        "not",
        "no",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "wasn't",
        "haven't",
        "hasn't",
        "have",
        "has",
        "had",
        "please",
        "if",
        "as",
        "so",
        "there",
        "any",
        "some",
        "i'm",
        "i've",
        "i'd",
        "i'll",
        "it's",
        "what's",
        "where's",
        "that's",
        "how's",
        "you're",
        "im",
        "ive",
        "dont",
        "doesnt",
        "didnt",
        "cant",
        "wont",
        "isnt",
        "hasnt",
        "havent",
        "whats",
        "wheres",
        "hows",
        "just",
        "still",
        "yet",
        "about",
        "got",
        "get",
        "need",
        "want",
    ]
)
_BOTH_USE = frozenset(
    [
        "ok",
        "okay",
        "k",
        "vip",
        "app",
        "wifi",
        "qq",
        "usb",
        "led",
        "lcd",
        "tv",
        "pc",
        "ac",
        "ip",
        "id",
        "bug",
        "bye",
        "byebye",
        "emmm",
        "emm",
        "hmm",
        "lol",
        "pro",
        "max",
        "mini",
        "plus",
        "apple",
        "iphone",
        "ipad",
        "android",
        "wechat",
        "alipay",
        "visa",
        "bluetooth",
        "cj",
        "clearhome",
        "nfc",
        "gps",
        "sn",
        "url",
        "pdf",
    ]
)
"""Words a Chinese text uses as well as an English one; alone they do not say which it is."""


_SYLLABLES_TOO = frozenset(["you", "me", "he", "she"])
"""Little English words that are everyday Chinese syllables (有, 么, 和, 设)."""
_LEAST_WORDS = 3


def detect_language(text: str, previous: Language) -> Language:  # noqa: PLR0911 - one way out a reason
    """The language of `text`; `previous` (of the message before, or the desk's default) where the text does not say."""
    spoken = _SILENT.sub(" ", text)
    han = HAN.findall(spoken) + _BOPOMOFO.findall(spoken)
    words = [word.lower().replace("\u2019", "'") for word in _LATIN_WORD.findall(spoken)]
    telling = [word for word in words if word not in _BOTH_USE]
    if not han:
        if not telling:
            return previous
        if is_pinyin(" ".join(telling)) or _spells_syllables(telling):
            return Language.ZH
        if previous is Language.ZH and len(telling) == 1 and len(telling[0]) == 1:
            return previous
        return Language.EN
    little_zh = sum(character in _ZH_LITTLE for character in han)
    little_en = sum(word in _EN_LITTLE for word in telling)
    if little_en and little_en > little_zh:
        return Language.EN
    if little_zh or not telling:
        return Language.ZH
    # Neither side has little words. A Chinese word is about two characters long.
    return Language.EN if len(telling) > (len(han) + 1) // 2 else Language.ZH


def _spells_syllables(words: list[str]) -> bool:
    """Whether all of several words spell Chinese syllables; hardly an English sentence does (decision 0034).

    One or two words prove nothing ("menu", "change", "more men"): there the vocabulary decides.
    """
    if any(word in _EN_LITTLE and word not in _SYLLABLES_TOO for word in words):
        return False
    return len(words) >= _LEAST_WORDS and len(set(words) - _SYLLABLES_TOO) > 1 and all(map(syllables_in, words))
