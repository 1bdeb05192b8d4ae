"""bot: what of an entry a customer reads in a chat app: its words, its source, its choices. Pure; knows no app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.contracts import Choice, Entry, EntryKind
from kit.texts import Texts
from knowledge_base.contracts import ATTACHMENT_PATH

TITLE_LIMIT = 200


def words_of(entry: Entry, texts: Texts) -> str:
    """The entry's text; an event without one is told by its code. Empty when there is nothing to read."""
    if entry.kind is not EntryKind.EVENT or entry.text:
        return entry.text.strip()
    code, slots = entry.payload.get("code"), entry.payload.get("slots")
    key = f"handoff.event.{code}"
    if key not in texts.keys(entry.language):
        return ""
    return texts(key, entry.language, **(slots if isinstance(slots, dict) else {}))


def holds_file(entry: Entry) -> bool:
    """Whether a file is kept with the line."""
    file = entry.payload.get("file")
    return isinstance(file, dict) and "media_type" in file


def short_answer(entry: Entry) -> str:
    """What the article's editors wrote for chat apps, plain text; empty where they wrote nothing."""
    short = entry.payload.get("short")
    return short.strip() if entry.kind is EntryKind.BOT and isinstance(short, str) else ""


def source_line(entry: Entry, texts: Texts) -> str:
    """Which article it is from; empty where it is from none."""
    source = entry.payload.get("source")
    title = source.get("title") if isinstance(source, dict) else None
    if not isinstance(title, str) or not title:
        return ""
    return f"📖 {texts('channel.source', entry.language, title=title[:TITLE_LIMIT])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of the knowledge base that goes along with an answer."""

    id: str
    name: str
    address: str
    """On our own site, without its origin."""


def attached_to(entry: Entry) -> tuple[Attached, ...]:
    """The files that go along with the entry."""
    named = entry.payload.get("attachments")
    if entry.kind is not EntryKind.BOT or not isinstance(named, list):
        return ()
    found = ((str(each.get("name", "")), str(each.get("address", ""))) for each in named if isinstance(each, dict))
    return tuple(
        Attached(id=address.removeprefix(ATTACHMENT_PATH).partition("/")[0], name=name, address=address)
        for name, address in found
        if name and address.startswith(ATTACHMENT_PATH)
    )


def attached_lines(entry: Entry, public_url: str) -> str:
    """The files one a line, each with where it is, as far as the desk knows where people reach it."""
    return "\n".join(
        f"📎 {each.name}{f' {public_url}{each.address}' if public_url else ''}" for each in attached_to(entry)
    )


def choices_of(entry: Entry, *, most: int, label_limit: int) -> Iterator[Choice]:
    """The entry's choices, at most `most`, their labels cut to `label_limit` characters."""
    choices = entry.payload.get("choices")
    for choice in (choices if isinstance(choices, list) else [])[:most]:
        if isinstance(choice, dict) and choice.get("id") and (label := str(choice.get("label", "")).strip()):
            yield Choice(id=str(choice["id"]), label=_short(label, label_limit))


def _short(label: str, limit: int) -> str:
    return label if len(label) <= limit else label[: limit - 1] + "…"
