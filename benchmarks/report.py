"""benchmarks: the figures as a table for people and as JSON for machines. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.measure import LIMIT_MS, Measured


def table(rows: Sequence[Measured], machine: Mapping[str, str]) -> str:
    """A Markdown table with the machine under it."""
    lines = [
        (
            f"| bot | answer p50, ms | answer p99, ms | answers/s at p99 ≤ {LIMIT_MS:g} ms | p99 at that rate, ms "
            "| processor ms an answer |"
        ),
        "|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        best = row.sustained
        rate, p99 = ("-", "-") if best is None or best.figures is None else (f"{best.rate:g}", f"{best.figures.p99:g}")
        spent = ", ".join(f"{name} {value:g}" for name, value in row.processor_ms.items() if value)
        lines.append(f"| {row.name} | {row.idle.p50:g} | {row.idle.p99:g} | {rate} | {p99} | {spent} |")
    lines += ["", ", ".join(f"{name} {value}" for name, value in machine.items())]
    return "\n".join(lines)


def as_json(rows: Sequence[Measured], machine: Mapping[str, str], *, at: str, notes: Sequence[str]) -> str:
    """Everything that was measured, each step included."""
    told = [asdict(row) | {"sustained": None if row.sustained is None else row.sustained.rate} for row in rows]
    return json.dumps({"at": at, "machine": dict(machine), "notes": list(notes), "rows": told}, indent=2)
