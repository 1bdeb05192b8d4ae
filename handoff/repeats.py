"""handoff: whether an agent asks a customer for what they gave already. Pure.

Plain rules: a question or a request, and the name of a fact, in one sentence. What is shown back ("is your order number
still …?") is no asking: the customer does not have to say it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
ASKS = re.compile(
    r"[?？]|请(?:您)?(?:再)?(?:提供|告知|告诉|说|发|报|留|给)|麻烦(?:您)?(?:再)?(?:提供|告知|告诉|说|发|报|留|给)|(?:是|有)?多少|是什么"
    r"|(?:could|can|would|may) (?:you|i)|please (?:tell|give|send|share|provide|confirm|let)|what(?:'s| is| are)|which",
    re.IGNORECASE,
)
NAMES = {
    "order_number": re.compile(r"订单号|订单编号|单号|订单号码|\border (?:number|no\b|id)|\border #", re.IGNORECASE),
    "phone": re.compile(
        r"手机号|电话号|联系电话|联系方式|(?:您|你)的(?:手机|电话)|\b(?:phone|mobile|telephone)\b"
        r"|\bnumber to (?:call|reach)",
        re.IGNORECASE,
    ),
    "wanted": re.compile(
        r"(?:您|你)(?:希望|想要|想|要求)(?:怎么|如何|我们怎么|什么)|诉求|what would you like (?:us )?to (?:do|happen)"
        r"|how would you like",
        re.IGNORECASE,
    ),
    "product": re.compile(r"哪款|什么(?:商品|产品|型号)|型号是|\bwhich (?:product|model|item)\b", re.IGNORECASE),
}
SAME = {"contact": "phone", "mail": "phone"}
"""Facts that are asked for by the same words."""
DIGITS = 4


def asked_again(text: str, given: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The facts of `given` (kind, value) that `text` asks for although they are known, each once."""
    known: dict[str, list[str]] = {}
    for kind, value in given:
        known.setdefault(SAME.get(kind, kind), []).append(value)
    found: list[str] = []
    for kind, values in known.items():
        names = NAMES.get(kind)
        if names is None:
            continue
        for sentence in SENTENCE.findall(text):
            if names.search(sentence) and ASKS.search(sentence) and not _shows(sentence, values):
                found.append(kind)
                break
    return tuple(found)


def _shows(sentence: str, values: Iterable[str]) -> bool:
    """Whether the sentence holds the value, or its last digits: it confirms and does not ask."""
    return any(value in sentence or value[-DIGITS:] in sentence for value in values if len(value) >= DIGITS)
