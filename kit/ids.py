"""kit: the present moment and new ids, the two things services take as arguments."""

from __future__ import annotations

from datetime import UTC, datetime

from ulid import ULID


def now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new ULID: 26 characters, sortable by time."""
    return str(ULID())
