"""knowledge_base: the values of imports: files on their way into the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.contracts import JsonValue, Language
from knowledge_base.contracts.articles import Draft


class Verdict(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"


class ImportState(StrEnum):
    """The life of an import."""

    SENDING = "sending"
    """The file is still on its way."""
    WAITING = "waiting"
    """Somebody should work at it, or is doing so."""
    CHECKED = "checked"
    """The dry run is over; nothing is stored unless somebody says so."""
    BRINGING = "bringing"
    """Decided: every row will be stored, whatever happens; it cannot be cancelled any more."""
    DONE = "done"
    REFUSED = "refused"
    """Nothing was stored; `refusal` says why."""
    CANCELLED = "cancelled"
    """Nothing was stored, and what was kept of it is being removed."""


WORKED_AT = (ImportState.SENDING, ImportState.WAITING, ImportState.BRINGING)
"""Where something is still going on."""


class ImportStep(StrEnum):
    """What is being done; people see it."""

    SENDING = "sending"
    READING = "reading"
    CHECKING = "checking"
    PREPARING = "preparing"
    BRINGING = "bringing"


class ImportStopped(Exception):
    """Somebody cancelled the import, or another worker has it now; whoever works at it leaves it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How somebody wants a file to be read."""

    encoding: str = ""
    """Empty: found out."""
    language: Language = Language.ZH
    """The side of columns that do not say their language."""
    fields: Mapping[int, str] | None = None
    """Field by column number, where somebody said it; None: remembered or guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One row of the file and what becomes of it."""

    number: int
    name: str
    """Of the page, in a package of pages."""
    verdict: Verdict
    key: str
    title: str
    fields: tuple[str, ...]
    """Which fields change."""
    faults: Mapping[str, str]
    """Text key by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What a file would do, or has done."""

    kind: str
    encoding: str
    headings: tuple[str, ...]
    fields: Mapping[int, str]
    names_articles: bool
    """Whether a column says which article a row is about; without one no row is planned."""
    counts: Mapping[Verdict, int]
    rows: tuple[ReportRow, ...]
    """The first ones: refused before changed, new and same ones."""

    def count(self, verdict: Verdict) -> int:
        """How many rows there are of a kind."""
        return self.counts.get(verdict, 0)

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.counts.values())

    @property
    def can_be_stored(self) -> bool:
        """Whether no row is refused and some row changes anything."""
        storing = self.count(Verdict.CREATE) + self.count(Verdict.CHANGE)
        return self.names_articles and storing > 0 and not self.count(Verdict.REFUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file on its way into the base."""

    id: str
    name: str
    """Of the file."""
    options: ImportOptions
    size: int
    """Of the file, bytes."""
    state: ImportState
    stores: bool
    """Whether the rows are to be stored; else only a dry run is wanted."""
    step: ImportStep
    done: int
    total: int
    """Of the step: rows, or bytes while it is sent; 0 where nobody knows yet."""
    report: ImportReport | None
    refusal: Mapping[str, JsonValue] | None
    """Code, slots and details of the refusal."""
    account_id: str
    person: str
    at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRow:
    """A row that will be stored."""

    number: int
    article_id: str
    expected_version: int
    """What the plan was made for; 0 where the article is new."""
    draft: Draft
