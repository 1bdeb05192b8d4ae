"""nlu: versions of the Rasa model: what is known of each, which is served, and which may replace it. Pure.

A model file never changes; its name follows from everything that went into it. Which one is served follows from the
list of publications and rollbacks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SLACK = 0.02
"""How much one part of the held-out set may lose while the whole does not: about one standard error of 400 rows."""


class Refused(Exception):
    """The publication or rollback does not happen; the message says why and what would make it happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What went into one model."""

    name: str
    made_at: str
    """ISO 8601, UTC."""
    encoder: str
    """Fingerprint of the encoder; vectors of another one mean nothing to the model."""
    code: str
    """Hash of Rasa's version and of our components, without which the file cannot be loaded."""
    examples: int
    approved: int
    """How many of the examples came from people's corrections."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How one model did on one held-out set; shares from 0 to 1, None where the set has no such rows."""

    held_out: str
    """Hash of the held-out set; scores of different sets are not compared."""
    rows: int
    accuracy: float
    """All rows; a strange message counts as right when the model says so."""
    accuracy_zh: float | None
    accuracy_en: float | None
    oos_recall: float | None
    parse_p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One line of the list: a model begins to be served, or (`back`) the one before it again."""

    model: str
    at: str
    reason: str = ""
    forced: bool = False
    back: bool = False


def served_by(history: Sequence[Publication]) -> tuple[str, ...]:
    """The served model and those a rollback would reach, newest first."""
    stack: list[str] = []
    for line in history:
        if line.back:
            stack.pop()
        elif not stack or stack[-1] != line.model:
            stack.append(line.model)
    return tuple(reversed(stack))


def find_losses(served: Scores, candidate: Scores) -> tuple[str, ...]:
    """Names of the figures that forbid the candidate to replace the served model."""
    losses = ["accuracy"] if candidate.accuracy < served.accuracy else []
    for name in ("accuracy_zh", "accuracy_en", "oos_recall"):
        old, new = getattr(served, name), getattr(candidate, name)
        if old is not None and new is not None and new < old - SLACK:
            losses.append(name)
    return tuple(losses)


def table(first: tuple[str, Scores], second: tuple[str, Scores], losses: Sequence[str] = ()) -> str:
    """Two versions side by side; a lost figure is marked."""
    lines = [f"{'':14} {first[0]:>22} {second[0]:>22}  difference"]
    for name in ("rows", "accuracy", "accuracy_zh", "accuracy_en", "oos_recall", "parse_p95_ms"):
        old, new = getattr(first[1], name), getattr(second[1], name)
        change = f"{new - old:+.4f}" if old is not None and new is not None and isinstance(old, float) else ""
        mark = "  worse" if name in losses else ""
        lines.append(f"{name:14} {_shown(old):>22} {_shown(new):>22}  {change}{mark}")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.4f}"
