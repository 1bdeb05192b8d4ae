"""bot: what is stored beside the words of an entry: the source of an answer, the words on buttons. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.contracts import Entry
from kit.contracts import JsonValue
from knowledge_base.contracts import Match


def labels_in(choices: Sequence[JsonValue]) -> list[str]:
    """The words on buttons as they are stored."""
    return [str(choice["label"]) for choice in choices if isinstance(choice, dict)]


def source_of(match: Match) -> dict[str, JsonValue]:
    """What an answer's payload says of its article; `attachments` names the files that go along."""
    files: list[JsonValue] = [{"name": each.name, "address": each.address} for each in match.attachments]
    return {
        "format": "markdown",
        "short": match.short,
        **({"attachments": files} if files else {}),
        "source": {
            "article_id": match.article_id,
            "key": match.key,
            "version": match.version,
            "title": match.title,
            "language": match.language.value,
            "confidence": round(match.confidence, 4),
            # For "did not help" below an answer that is no longer the last one.
            **({"department": match.department} if match.department else {}),
        },
    }


def file_name_in(entry: Entry) -> str | None:
    """What people read for the file a line brings; None where it brings none."""
    file = entry.payload.get("file")
    return str(file.get("name") or file.get("kind") or "?") if isinstance(file, dict) else None
