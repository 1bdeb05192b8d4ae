"""nlu: folds a text for machines, and cleans it for people. Pure.

`clean` is what people read and what is stored; `fold` is what is encoded, searched and matched. Questions and article
wordings must go through the same `fold`, so the encoder does it itself (`nlu.encoder.build`). `FOLD_VERSION` is part of
the encoder's fingerprint: raise it whenever `fold` answers differently.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from opencc import OpenCC

from nlu.language import HAN
from nlu.pinyin import replace_pinyin
from nlu.slang import replace_slang

TEXT_LIMIT = 2_000
"""Most characters that are read of one message; longer ones blocked the parser for minutes (FACTS)."""
FOLD_VERSION = 4

_KEPT_CONTROLS = "\n\t"
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"([!?。,、~.…\-_=*#]|[^\w\s])\1+")
_STRETCHED = re.compile(r"([a-z])\1{3,}")
_ORDER = re.compile(
    # The noun before the number goes with it: "订单号 CJ2611-088213", "order no. CJ2611-088213".
    r"(?:(?:订单号?码?|单号|order(?: number| no\.?| id)?)\s?[:#]?\s?#?)?(?<![a-z0-9])cj[\s-]?\d{4}[\s-]?\d{6}(?![0-9])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d-])(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?![\d-])|(?<![\d-])400[\s-]?\d{3}[\s-]?\d{4}(?![\d-])"
    r"|(?<![\d-])0\d{2,3}-\d{7,8}(?![\d-])"
)
_LONG_NUMBER = re.compile(r"(?<![a-z0-9.])[a-z]{0,4}\d{8,}(?![a-z0-9])", re.IGNORECASE)
_CARD = re.compile(
    # Identity card, bank card in groups of four.
    r"(?<![a-z0-9])\d{17}[\dx](?![a-z0-9])|(?<!\d)\d{4}(?:[\s-]\d{4}){3}(?:[\s-]?\d{1,4})?(?!\d)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
_GREETING = re.compile(
    # Politeness before the question says nothing of what is asked; "你好意思", "hi-fi" are no greetings.
    r"^(?:(?:[你您]好(?!意思|像|几|多|大|久|不容易)[呀啊哈]?|哈[喽啰]|嗨|在[吗么]|有人[吗么]|请问一?下?|麻烦问一?下"
    r"|亲(?:亲|们|爱的)?(?![戚子自测人身手属友情朋眼口笔临密生]))[\s,.!?~、:;]*"
    r"|(?:hi there|hello there|hi|hello|hey|good (?:morning|afternoon|evening)|excuse me)[\s,.!?~:;]+)+"
    r"(?=.*[\u3400-\u9fff].*[\u3400-\u9fff]|.*[a-z]{3})"
)
_DEAR = re.compile(r"(?<=[吗呢呀啊吧哦嘛\s,.!?~])亲{1,2}[\s,.!?~]*$")
"""The same word behind the question ("怎么退呀亲~"); 父亲 and 母亲 are no greetings."""
_MASKS = {
    # Plain words and not a made-up token: the encoder has read them often.
    "order": ("订单号", "order number"),
    "phone": ("手机号", "phone number"),
    "number": ("编号", "reference number"),
    "mail": ("邮箱", "email address"),
}


def clean(text: str) -> str:
    """`text` for people: cut at `TEXT_LIMIT`, without NUL, control characters, lone surrogates or hidden marks.

    A leading `/` is kept: it is just text.
    """
    cut = text[: TEXT_LIMIT * 4].translate(_INVISIBLE)
    kept = "".join(c for c in cut if c in _KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"})
    return kept.strip()[:TEXT_LIMIT].rstrip()


@functools.lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """`text` for machines.

    NFKC, simplified characters, lower case, slang in plain words, pinyin of shopping words as Chinese, numbers masked,
    a greeting before the question left out.
    Folding twice is the same as once. A text of which nothing would be left (emoji only) is kept as it is.
    """
    flat = unicodedata.normalize("NFKC", clean(text)).replace("\u2019", "'").replace("\u2018", "'").lower()
    if HAN.search(flat):
        flat = replace_slang(_simplifier().convert(flat))
    flat = _mask(flat)
    flat = replace_pinyin(flat)
    flat = _STRETCHED.sub(r"\1\1", _REPEATED.sub(r"\1", flat))
    return _GREETING.sub("", _DEAR.sub("", _SPACE.sub(" ", flat).strip()).strip())


def bare(text: str) -> str:
    """Letters and digits of the folded text: two texts with the same ones say the same. Emoji alone stay."""
    folded = fold(text)
    return "".join(c for c in folded if c.isalnum()) or folded


def mask_personal(text: str) -> str:
    """`text` for keeping: mails, cards, phones, order and other long numbers replaced by what they are.

    Names and addresses have no shape; whoever reviews the text takes them out.
    """
    flat = unicodedata.normalize("NFKC", clean(text))
    return _mask(flat, ((_MAIL, "mail"), (_CARD, "number"), *_NUMBERS))


_NUMBERS = ((_ORDER, "order"), (_PHONE, "phone"), (_LONG_NUMBER, "number"))


def _mask(text: str, patterns: tuple[tuple[re.Pattern[str], str], ...] = _NUMBERS) -> str:
    side = 0 if HAN.search(text) else 1
    for pattern, name in patterns:
        text = pattern.sub(_MASKS[name][side], text)
    return text


@functools.cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
