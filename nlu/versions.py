"""nlu: versions of a model: what is known of each, which is served, and which may replace it. Pure.

A model file never changes; its name follows from everything that went into it. Which one is served follows from the
list of publications and rollbacks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

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
    left_out: int = 0
    """Examples that were there and not learned from: there were too many."""


class Measured(Protocol):
    """Scores of one model on one held-out set, by the names of its figures."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    shown: ClassVar[tuple[str, ...]]
    """Figures in the order of the table."""
    whole: ClassVar[tuple[str, ...]]
    """Figures that may not fall at all."""
    parts: ClassVar[tuple[str, ...]]
    """Figures that may fall by SLACK."""

    @property
    def held_out(self) -> str:
        """Hash of the held-out set; scores of different sets are not compared."""
        ...


M = TypeVar("M", bound=Measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How one model did on one held-out set; shares from 0 to 1, None where the set has no such rows."""

    shown: ClassVar[tuple[str, ...]] = (
        "rows",
        "accuracy",
        "accuracy_zh",
        "accuracy_en",
        "oos_recall",
        "parse_p95_ms",
    )
    whole: ClassVar[tuple[str, ...]] = ("accuracy",)
    parts: ClassVar[tuple[str, ...]] = ("accuracy_zh", "accuracy_en", "oos_recall")

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


def find_losses(served: M, candidate: M) -> tuple[str, ...]:
    """Names of the figures that forbid the candidate to replace the served model."""
    losses = []
    for name in (*served.whole, *served.parts):
        old, new = getattr(served, name), getattr(candidate, name)
        allowed = 0.0 if name in served.whole else SLACK
        if old is not None and new is not None and new < old - allowed:
            losses.append(name)
    return tuple(losses)


def table(first: tuple[str, M], second: tuple[str, M], losses: Sequence[str] = ()) -> str:
    """Two versions side by side; a lost figure is marked."""
    lines = [f"{'':14} {first[0]:>22} {second[0]:>22}  difference"]
    for name in first[1].shown:
        old, new = getattr(first[1], name), getattr(second[1], name)
        change = f"{new - old:+.4f}" if old is not None and new is not None and isinstance(old, float) else ""
        mark = "  worse" if name in losses else ""
        lines.append(f"{name:14} {_shown(old):>22} {_shown(new):>22}  {change}{mark}")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.4f}"
