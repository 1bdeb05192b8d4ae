"""cases: whether what somebody knows proves that a file is theirs. Pure.

The number alone proves nothing: it is printed, forwarded and guessed. Whoever also knows the whole telephone number,
mail address or order number on the file may hear how far it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cases.contracts import Case

DIGITS = re.compile(r"[\d\s()+.-]{7,}")
LEAST_DIGITS = 7
"""A part of a telephone number is no telephone number."""
LEAST_SIGNS = 8
"""Shorter order numbers are guessed too soon."""


def proves(case: Case, known: Iterable[str]) -> bool:
    """Whether one of `known` is the telephone number, mail address or order number on the file."""
    on_file = keys_of(case.contact or "") | keys_of(case.order_number or "")
    return any(keys_of(each) & on_file for each in known)


def keys_of(text: str) -> frozenset[str]:
    """What a text may be recognised by: its telephone numbers, its mail addresses, the whole of it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    phones = {re.sub(r"\D", "", found) for found in DIGITS.findall(plain)}
    mails = set(re.findall(r"[a-z0-9._%+-]+@[a-z0-9.-]+", plain))
    whole = re.sub(r"[^a-z0-9]", "", plain)
    numbers = {phone.removeprefix("86") if len(phone) > 11 else phone for phone in phones}  # noqa: PLR2004
    return frozenset(
        {phone for phone in numbers if len(phone) >= LEAST_DIGITS}
        | mails
        | ({whole} if len(whole) >= LEAST_SIGNS and re.search(r"\d", whole) else set())
    )
