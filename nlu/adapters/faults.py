"""nlu: measures the trained extractor of faults on its held-out texts, beside a list of the faults it learned from."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.contracts import Language
from nlu.adapters.evaluation import PATIENCE_SECONDS, read_all
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.rasa_process import rasa_server
from nlu.adapters.training import FAULT
from nlu.contracts import Reading
from nlu.ports import Encoder
from nlu.starter_content import Marked, fault_examples

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFigures:
    """How well spans are found; `exact` counts equal ones, `overlap` those that share a character with a marked one."""

    rows: int
    marked: int
    found: int
    exact: int
    overlap: int

    @property
    def exact_f1(self) -> float:
        """Harmonic mean of precision and recall of equal spans."""
        return 2 * self.exact / (self.found + self.marked) if self.found + self.marked else 0.0

    @property
    def overlap_f1(self) -> float:
        """The same of overlapping spans."""
        return 2 * self.overlap / (self.found + self.marked) if self.found + self.marked else 0.0


def count_spans(rows: Sequence[Marked], found: Sequence[Spans]) -> SpanFigures:
    """Count over all rows. Pure."""
    pairs = [(span, row.spans) for row, spans in zip(rows, found, strict=True) for span in spans]
    return SpanFigures(
        rows=len(rows),
        marked=sum(len(row.spans) for row in rows),
        found=len(pairs),
        exact=sum(span in marked for span, marked in pairs),
        overlap=sum(any(span[0] < end and start < span[1] for start, end in marked) for span, marked in pairs),
    )


def listed(rows: Sequence[Marked], learned: Sequence[Marked]) -> list[list[tuple[int, int]]]:
    """What a plain list of the learned faults would find: the peer of the extractor. Pure."""
    phrases = {row.text[start:end] for row in learned for start, end in row.spans}
    pattern = re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))), re.IGNORECASE)
    return [[match.span() for match in pattern.finditer(row.text)] for row in rows]


def measure_faults(encoder: Encoder, model: Path) -> dict[str, SpanFigures]:
    """Serve `model`, ask it every held-out text; figures as `zh`, `zh list` and so on. Blocking."""
    made: dict[str, SpanFigures] = {}
    with (
        tempfile.TemporaryDirectory(prefix="nlu-faults-") as folder,
        rasa_server(model, log=Path(folder) / "rasa.log") as (url, secret, _),
    ):
        for language in Language:
            rows = [row for row in fault_examples(held_out=True) if row.language is language]
            found = asyncio.run(_ask(url, secret, read_all(encoder, [row.text for row in rows])))
            made[language.value] = count_spans(rows, found)
            made[f"{language.value} list"] = count_spans(rows, listed(rows, fault_examples()))
    return made


async def _ask(url: str, secret: str, readings: Sequence[Reading]) -> list[list[tuple[int, int]]]:
    client = RasaClient(url, secret, deadline=PATIENCE_SECONDS, breaker=Breaker(1, 0.0), intents=frozenset())
    try:
        parsed = [await client.parse(reading) for reading in readings]
    finally:
        await client.aclose()
    return [[(e.start, e.end) for e in entities if e.kind == FAULT] for _, entities, _ in parsed]


def shown(figures: dict[str, SpanFigures], say: Callable[[str], None]) -> None:
    """One line a group."""
    for name, each in figures.items():
        say(
            f"{name:8} rows {each.rows:3}  marked {each.marked:3}  found {each.found:3}  "
            f"exact F1 {each.exact_f1:.3f}  overlapping F1 {each.overlap_f1:.3f}"
        )
