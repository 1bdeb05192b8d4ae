"""cases: a report as bytes and back: JSON with sorted keys, the same bytes for the same report."""

from __future__ import annotations

import hashlib
import json

from pydantic import TypeAdapter

from cases.contracts.reports import Report

_REPORT = TypeAdapter(Report)


def data_of(report: Report) -> str:
    """Canonical JSON."""
    plain = _REPORT.dump_python(report, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def report_from(data: str) -> Report:
    """The report of its bytes."""
    return _REPORT.validate_json(data)


def checksum(data: str) -> str:
    """SHA-256 of the bytes."""
    return hashlib.sha256(data.encode()).hexdigest()
