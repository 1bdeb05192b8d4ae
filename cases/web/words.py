"""cases: what readers see of kinds, steps, departments and history lines, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.contracts import Case, CaseChange
from cases.contracts.evidence import Evidence
from cases.contracts.linked import Linked
from cases.settings import CaseSettings
from kit.contracts import Language
from kit.texts import Texts

NAMED = frozenset({"bot", "customer", "house"})
"""Who is no account."""
SHORT = frozenset(
    {"follow_up", "category", "severity", "status", "step", "department", "level", "assignee_name", "product"}
)
"""Lines that say from what to what."""
PARTS = frozenset({"part", "part_used", "part_dropped", "part_arrived"})
TIMES = " × "
"""Between a part and how many of it, as `cases.after_sales` notes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of a history in words."""

    at: datetime
    who: str
    what: str
    change: str
    """From what to what, in the reader's words; empty where `quote` says it."""
    quote: str
    """What somebody wrote, in the language it was written in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The labels of the room for one reader."""

    texts: Texts
    settings: CaseSettings
    departments: Mapping[str, Mapping[Language, str]]
    language: Language

    def label(self, category: str) -> str:
        """A category."""
        return self.settings.label(category, self.language)

    def kind(self, name: str) -> str:
        """A kind of file."""
        return self.settings.kind_label(name, self.language)

    def step(self, case: Case, name: str | None = None) -> str:
        """A step of a file's workflow; the present one unless another is named. A merged one says so."""
        if name is None and case.merged_into is not None:
            return self.texts("cases.closure.merged", self.language)
        return self.settings.step_label(case.kind, name or case.step, self.language)

    def department(self, name: str) -> str:
        """A department; one that is gone from the settings keeps its name."""
        return self.departments.get(name, {}).get(self.language, name)

    def field(self, case: Case, name: str) -> str:
        """A field of a file's kind; one that is gone from the settings keeps its name."""
        found = next((each for each in self.settings.fields(case.kind) if each.name == name), None)
        return found.label(self.language) if found else name

    def filled(self, case: Case, name: str, value: str) -> str:
        """What was filled in, a choice in the reader's words."""
        found = next((each for each in self.settings.fields(case.kind) if each.name == name), None)
        chosen = found.choice(value) if found else None
        return chosen.label(self.language) if chosen else value

    def product(self, name: str) -> str:
        """A product; one that is gone from the settings keeps its name."""
        found = next((each for each in self.settings.after_sales.products if each.name == name), None)
        return found.label(self.language) if found else name

    def products(self) -> list[tuple[str, str]]:
        """All products with their labels."""
        return [(each.name, each.label(self.language)) for each in self.settings.after_sales.products]

    def part(self, name: str) -> str:
        """A part; one that is gone from the settings keeps its name."""
        found = next((each for each in self.settings.after_sales.parts if each.name == name), None)
        return found.label(self.language) if found else name

    def desk(self) -> list[tuple[str, str]]:
        """All departments with their labels."""
        return [(name, self.department(name)) for name in self.departments]

    def who(self, line: CaseChange | Evidence | Linked) -> str:
        """Whoever something is by; of a customer whose report was merged, with the number it had."""
        if line.by not in NAMED:
            return line.by_name or line.by
        return " ".join(filter(None, (self.texts(f"cases.by.{line.by}", self.language), line.by_name)))

    def what(self, name: str) -> str:
        """What a history line is about."""
        key = f"cases.change.{name}"
        return self.texts(key, self.language) if self.texts.has(key) else name

    def line(self, case: Case, line: CaseChange) -> HistoryLine:
        """A history line in words."""
        change = quote = ""
        if line.what in SHORT:
            before, after = (self._value(case, line.what, value) for value in (line.before, line.after))
            if line.what == "product":
                # Lines of early files name the day of purchase behind it.
                before, after = (self.product(value.partition(" ")[0]) for value in (line.before, line.after))
            change = f"{before} → {after}" if before else after
        elif line.what == "late":
            change, quote = self.texts(f"cases.clock.{line.before}", self.language), line.after
        elif line.what == "field":
            change, quote = self.field(case, line.before), self.filled(case, line.before, line.after)
        elif line.what in PARTS:
            part, times, pieces = line.after.partition(TIMES)
            quote = f"{self.part(part)}{times}{pieces}"
        elif line.what == "task":
            change, quote = self.department(line.before), line.after
        else:
            quote = f"{line.before} → {line.after}" if line.before and line.after else line.after or line.before
        return HistoryLine(at=line.at, who=self.who(line), what=self.what(line.what), change=change, quote=quote)

    def _value(self, case: Case, what: str, value: str) -> str:
        match what:
            case "category":
                return self.label(value)
            case "severity" | "status" | "level":
                return self.texts(f"cases.{what}.{value}", self.language) if value else ""
            case "step":
                return self.step(case, value)
            case "department":
                return self.department(value)
            case "follow_up":
                return self.texts(f"cases.follow_up.outcome.{value}", self.language) if value else ""
            case _:
                return value
