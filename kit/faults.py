"""kit: a fault as it may stand in the log: its kind and place, never its message, which may quote a customer."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

FRAMES = 6
"""Innermost calls that are named."""


def log_fault(log: Any, event: str, error: BaseException, **fields: object) -> None:
    """Write `event` with `fault_fields` to a structlog logger; use it instead of `exc_info`, which holds messages."""
    log.error(event, **fields, **fault_fields(error))


def fault_fields(error: BaseException) -> dict[str, str]:
    """Fields of a log event: `kind` of the error and of what caused it, `where` it arose, innermost call last."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < FRAMES:
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    calls = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = " > ".join(f"{Path(call.filename).name}:{call.lineno} {call.name}" for call in calls)
    return {"kind": " < ".join(kinds), "where": where}
