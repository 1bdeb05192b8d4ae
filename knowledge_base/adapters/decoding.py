"""knowledge_base: bytes of a text file to text, whatever program wrote them."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from knowledge_base.refusals import UnknownEncoding

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
GUESSED = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
"""Tried for text that is not UTF-8; GBK and GB2312 are parts of GB18030."""
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")
DECLARED = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "big5-hkscs": "big5"}
"""What a page may say of itself, and what it is then read as."""
SAMPLE = 200_000

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([a-zA-Z0-9-]+)", re.IGNORECASE)


def decode(content: bytes, encoding: str = "") -> tuple[str, str]:
    """(text, encoding used): the given one, else a byte mark, UTF-8, a page's own word, the likeliest guess.

    Raises `UnknownEncoding`.
    """
    if encoding and encoding not in ENCODINGS:
        raise UnknownEncoding(field="encoding")
    marked = next((found for mark, found in MARKS if content.startswith(mark)), "")
    for tried in [encoding or marked, *([] if encoding or marked else ["utf-8", *_declared(content)])]:
        try:
            return content.decode(tried).removeprefix("\ufeff"), tried
        except (UnicodeDecodeError, LookupError):
            if encoding or marked:
                raise UnknownEncoding(field="encoding") from None
    guess = from_bytes(content[:SAMPLE], cp_isolation=GUESSED).best()
    try:
        return content.decode(guess.encoding if guess else "gb18030"), guess.encoding if guess else "gb18030"
    except UnicodeDecodeError:
        raise UnknownEncoding(field="encoding") from None


def _declared(content: bytes) -> list[str]:
    found = _CHARSET.search(content[:4096])
    said = DECLARED.get(found.group(1).decode().lower()) if found else None
    return [said] if said else []
