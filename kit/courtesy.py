"""kit: the polite words around a question, in both languages. Pure; imports no room.

Whoever cuts a message into pieces (`nlu.clauses` into matters, `bot.questions` into questions) asks here which pieces
say nothing by themselves. What is left out *before* a question for the encoder is narrower: `nlu.normalise`.
"""

from __future__ import annotations

import re

_COURTESY = re.compile(
    # "++" never takes back what it matched: "谢谢谢谢…" can be read in very many ways.
    r"(?:(?:[你您]好|哈[喽啰]|嗨|亲亲?|在[吗么]|在不在|有人[吗么]|请问一?下?|想?问一?下|麻烦(?:您|你|问)?一?下?|打扰一?下?"
    r"|(?:非常|十分)?感谢|多?谢谢?|您|你|啦|了|啊|呀|哈"
    r"|hi|hello|hey|there|good (?:morning|afternoon|evening)|(?:are you|anyone|anybody) there|excuse me|quick question"
    r"|thank you|thanks?|thx|many|so much|very much|a lot|please|sorry)(?![a-z])\W*)++",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z0-9']+", re.IGNORECASE)
LEAST_HAN, LEAST_WORDS = 2, 2
"""Han characters or words that a piece needs to say something by itself."""


def is_courtesy(text: str) -> bool:
    """Whether `text` is greeting, thanks and excuse and no more; an empty text is not."""
    return _COURTESY.fullmatch(text.strip()) is not None


def says_something(text: str) -> bool:
    """Whether a piece of a message says something by itself: a word or two that are not courtesy."""
    if is_courtesy(text):
        return False
    return len(_HAN.findall(text)) >= LEAST_HAN or len(_WORD.findall(text)) >= LEAST_WORDS
