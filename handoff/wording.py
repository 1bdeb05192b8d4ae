"""handoff: makes what a representative types fit to be stored and sent. Pure."""

from __future__ import annotations

import unicodedata

from handoff.refusals import ReplyEmpty, ReplyTooLong

KEPT = frozenset("\n\t")


def check_reply(text: str, *, limit: int) -> str:
    """`text` without control characters and lone surrogates, outer white space gone.

    Raises `ReplyEmpty` when nothing is left and `ReplyTooLong` when more than `limit` characters are.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(c for c in unified if c in KEPT or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if not clean:
        raise ReplyEmpty(field="text")
    if len(clean) > limit:
        raise ReplyTooLong(field="text", limit=limit, length=len(clean))
    return clean
