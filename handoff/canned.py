"""handoff: canned replies: what their variables stand for, and how they are found. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from handoff.contracts import CannedReply, FilledReply, Handoff
from handoff.refusals import UnknownVariable
from kit.syllables import sounds_of

VARIABLES = ("customer", "agent", "department", "order", "product", "case")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_UNITS = re.compile(r"[a-z0-9]+|[^\W_]")


def check_variables(text: str) -> None:
    """Raises UnknownVariable when braces name something that no conversation has."""
    unknown = [name for name in _VARIABLE.findall(text) if name not in VARIABLES]
    if unknown:
        raise UnknownVariable(field="text", name=unknown[0], known=", ".join(f"{{{name}}}" for name in VARIABLES))


def values_of(handoff: Handoff, *, agent_name: str, department: str) -> dict[str, str]:
    """What the variables stand for in this conversation; what is not known is missing or empty."""
    packet = handoff.packet
    known = dict(reversed([*packet.given, *packet.entities]))  # what was given counts before what was recognised
    return {
        "customer": handoff.customer_name,
        "agent": agent_name,
        "department": department,
        "order": known.get("order_number", ""),
        "product": known.get("product", ""),
        "case": (packet.complaint.number if packet.complaint else None) or known.get("case_number", ""),
    }


def fill(reply: CannedReply, values: Mapping[str, str], gap: Callable[[str], str]) -> FilledReply:
    """The reply with its variables filled; `gap` names what is not known, and its mark stands in the text instead."""
    gaps: list[str] = []

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        if not value:
            value = f"[{gap(found[1])}]"
            gaps.append(value)
        return value

    return FilledReply(id=reply.id, title=reply.title, text=_VARIABLE.sub(filled, reply.text), gaps=tuple(gaps))


def find(replies: Iterable[CannedReply], query: str) -> list[CannedReply]:
    """Those that `query` means, the likeliest first: by words, by initials and by pinyin (`tk`, `tuik` and 退款)."""
    asked = _plain(query).split()
    ranked = [(rank, reply) for reply in replies if (rank := _rank(reply, asked)) is not None]
    ranked.sort(key=lambda pair: (pair[0], _plain(pair[1].title), pair[1].id))
    return [reply for _, reply in ranked]


def _rank(reply: CannedReply, asked: list[str]) -> int | None:
    """0 for the best, None for one that is not meant; the weakest part of what was asked decides."""
    title, text = _plain(reply.title), _plain(reply.text)
    worst = 0
    for part in asked:
        if title.startswith(part):
            rank = 0
        elif part in title:
            rank = 1
        elif sounds_like(title, part):
            rank = 2
        elif part in text:
            rank = 3
        else:
            return None
        worst = max(worst, rank)
    return worst


def sounds_like(title: str, letters: str) -> bool:
    """Whether `letters` begin the sounds of characters (or the words) that follow each other in `title`.

    Each unit may be written out or cut short: 退款进度 is meant by `tkjd`, `tuikuan` and `tuikjd`, and `warranty card`
    by `wc`.
    """
    units = tuple(_UNITS.findall(title))
    return any(_spelled(units[start:], letters) for start in range(len(units)))


@functools.lru_cache(maxsize=20_000)
def _spelled(units: tuple[str, ...], letters: str) -> bool:
    if not letters:
        return True
    if not units:
        return False
    unit = units[0]
    for sound in (sounds_of(unit) if len(unit) == 1 else ()) or (unit,):
        for length in range(1, min(len(sound), len(letters)) + 1):
            if sound[:length] != letters[:length]:
                break
            if _spelled(units[1:], letters[length:]):
                return True
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
