"""cases: the values of evidence: pictures and papers that belong to a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file that belongs to a case; its bytes are kept as they came."""

    id: str
    case_id: str
    name: str
    """As it was called, without anything a path or a header could trip over."""
    media_type: str
    """By its content, never by its name."""
    size: int
    digest: str
    """SHA-256 of the content: the same file twice is one."""
    at: datetime
    by: str
    """Account id or `customer`."""
    by_name: str
