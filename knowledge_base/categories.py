"""knowledge_base: categories as a tree. A category is a path such as `returns/refund`; its name is what stands last.

Pure. A category needs no table of its own: it exists as long as an article stands in it, and so do those above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SEPARATOR = "/"
MOST_LEVELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One place in the tree."""

    path: str
    level: int
    """0 at the top."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(SEPARATOR)[2]


def tidy_path(path: str) -> str:
    """The path without spaces around its parts and without empty parts."""
    return SEPARATOR.join(part for part in (each.strip() for each in path.split(SEPARATOR)) if part)


def tree_of(paths: Iterable[str]) -> tuple[Node, ...]:
    """Every category and everything above it, parents before their children."""
    found: set[tuple[str, ...]] = set()
    for path in paths:
        parts = tuple(path.split(SEPARATOR)) if path else ()
        found |= {parts[:end] for end in range(1, len(parts) + 1)}
    return tuple(Node(path=SEPARATOR.join(parts), level=len(parts) - 1) for parts in sorted(found))
