"""bot: labelled dialogues and what is reported of them. Pure but for `load_rows`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.contracts import JsonValue, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dialogue: what the customer says in order, and the articles the last message should get."""

    texts: tuple[str, ...]
    gold: tuple[str, ...]
    """Keys of articles; empty where the base has no answer."""
    group: str
    """`continue`, `same`, `change`, `far` (follow-ups), `two`, `one` (questions in one message)."""
    language: Language
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the bot did about the last message of a row."""

    row: Row
    decision: str
    answered: tuple[str, ...]
    """Keys of the articles that were shown."""
    offered: tuple[str, ...]
    """Keys of the articles that were offered as choices."""

    @property
    def right(self) -> bool:
        """Whether exactly the wanted articles were shown."""
        return bool(self.row.gold) and set(self.answered) == set(self.row.gold)

    @property
    def wrong(self) -> bool:
        """Whether an article was shown that was not wanted."""
        return bool(set(self.answered) - set(self.row.gold))

    @property
    def found(self) -> bool:
        """Whether every wanted article was shown or offered."""
        return bool(self.row.gold) and set(self.row.gold) <= {*self.answered, *self.offered}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of one group."""

    rows: int
    right: int
    wrong: int
    found: int


def load_rows(path: Path) -> tuple[Row, ...]:
    """Rows `{"texts", "gold", "group", "language", "split"}`, one JSON object a line."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return tuple(
        Row(
            texts=tuple(raw["texts"]),
            gold=tuple(raw["gold"]),
            group=raw["group"],
            language=Language(raw["language"]),
            split=raw["split"],
        )
        for raw in rows
    )


def figures_of(outcomes: Iterable[Outcome]) -> Figures:
    """The counts."""
    every = tuple(outcomes)
    return Figures(
        rows=len(every),
        right=sum(each.right for each in every),
        wrong=sum(each.wrong for each in every),
        found=sum(each.found for each in every),
    )


def by_group(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], Figures]:
    """Figures by language and group, in the order in which they come up."""
    groups = dict.fromkeys((each.row.language.value, each.row.group) for each in outcomes)
    return {
        (language, group): figures_of(o for o in outcomes if (o.row.language.value, o.row.group) == (language, group))
        for language, group in groups
    }


def as_json(outcomes: Sequence[Outcome]) -> dict[str, JsonValue]:
    """Figures by group and one line for every dialogue."""
    return {
        "groups": [
            {
                "language": language,
                "group": group,
                "rows": figures.rows,
                "right": figures.right,
                "wrong": figures.wrong,
                "found": figures.found,
            }
            for (language, group), figures in by_group(outcomes).items()
        ],
        "rows": [
            {
                "texts": list(each.row.texts),
                "gold": list(each.row.gold),
                "group": each.row.group,
                "language": each.row.language.value,
                "split": each.row.split,
                "decision": each.decision,
                "answered": list(each.answered),
                "offered": list(each.offered),
            }
            for each in outcomes
        ],
    }
