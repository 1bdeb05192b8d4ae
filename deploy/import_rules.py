"""deploy: import-linter contracts for the shape of a room; each broken one says what to do instead.

The rules are data in pyproject.toml under tool.importlinter; docs/architecture.md gives the reasons.
Patterns name a module and all below it; each part may be a wildcard (`*.web` is every room's web).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class Floor(IntEnum):
    """The floors of a room; a module may only know its own floor and those below."""

    CONTRACTS = 0
    SETTINGS = 1
    PURE = 2
    PORTS = 3
    SERVICE = 4
    EDGE = 5
    BUILDER = 6


FLOOR_OF_PART = {
    "contracts": Floor.CONTRACTS,
    "settings": Floor.SETTINGS,
    "ports": Floor.PORTS,
    "service": Floor.SERVICE,
}

ADVICE_UPWARDS = {
    Floor.CONTRACTS: "contracts are plain values: move what they need into contracts.py, or the import out of it",
    Floor.SETTINGS: "settings are plain values: move the shared part into contracts.py",
    Floor.PURE: "a pure module gets values as arguments; if it must ask the world it is a service: add it to "
    "`services` in pyproject.toml (tool.importlinter)",
    Floor.PORTS: "a port describes what the room needs in words of its contracts; move the shared value down there",
    Floor.SERVICE: "declare a Protocol in the room's ports.py and let bot/app.py pass the adapter in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One import that should not be there, and what to do instead."""

    importer: str
    imported: str
    line: int
    advice: str


def matches(module: str, patterns: Iterable[str]) -> bool:
    """Whether `module` is, or lies below, what one of the patterns names."""
    parts = module.split(".")
    for pattern in patterns:
        wanted = pattern.split(".")
        if len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted)):
            return True
    return False


def room_of(module: str) -> str:
    """The room a module lies in: its first part."""
    return module.partition(".")[0]


def _names(*, required: bool = True) -> Any:
    """A list of names in the contract's table; import-linter puts the parsed list in this field's place."""
    subfield = fields.StringField()
    return fields.ListField(subfield=subfield) if required else fields.ListField(subfield=subfield, default=[])


class HouseContract(Contract):
    """What the three contracts share: reading the graph, collecting breaches, printing them."""

    shared: list[str] = _names()
    """Rooms of plumbing that anyone may use and that have no floors."""
    builders: list[str] = _names()
    """Where concrete things are built."""
    foreign: list[str] = _names(required=False)
    """Code that lives in a room's folder but runs elsewhere; nobody imports it."""

    @abstractmethod
    def find_breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """The imports that break this contract."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  import-linter's signature
        breaches = sorted(self.find_breaches(graph), key=lambda each: (each.importer, each.line, each.imported))
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for breach in check.metadata["breaches"]:
            output.print_error(f"{breach.importer} (line {breach.line}) imports {breach.imported}", bold=False)
            output.print(f"    instead: {breach.advice}")
        output.new_line()

    def rooms(self) -> list[str]:
        """The rooms with a door."""
        return [name for name in self.session_options["root_packages"] if name not in self.shared]

    def imports(self, graph: ImportGraph, rooms: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """Every import written in these rooms: importer, imported, line."""
        for importer in graph.modules:
            if room_of(importer) not in rooms or matches(importer, self.foreign):
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                details = graph.get_import_details(importer=importer, imported=imported)
                yield importer, imported, min((each["line_number"] for each in details), default=0)


class DoorContract(HouseContract):
    """From outside, only a room's door is imported."""

    door: list[str] = _names()

    def find_breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports across rooms that pass beside the door, and imports of foreign code."""
        everyone = [*self.rooms(), *self.shared]
        for importer, imported, line in self.imports(graph, everyone):
            room = room_of(imported)
            advice = None
            if matches(imported, self.foreign):
                advice = "that code runs in another Python; talk to the process it belongs to"
            elif room != room_of(importer) and room in self.rooms() and not self._is_open(importer, imported):
                advice = (
                    f"import {room}'s {', '.join(self.door)}; what is missing there belongs into {room}/service.py "
                    "or is passed in by bot/app.py"
                )
            if advice:
                yield Breach(importer=importer, imported=imported, line=line, advice=advice)

    def _is_open(self, importer: str, imported: str) -> bool:
        _, _, inside = imported.partition(".")
        return not inside or inside.partition(".")[0] in self.door or matches(importer, self.builders)


class InsideContract(HouseContract):
    """Inside a room, each floor knows only the floors below; adapters and web do not know each other."""

    edges: list[str] = _names()
    services: list[str] = _names(required=False)
    strangers: list[str] = _names(required=False)

    def find_breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports that go upwards, or from one side of the room to the other."""
        for importer, imported, line in self.imports(graph, self.rooms()):
            if room_of(importer) != room_of(imported) or "." not in importer or "." not in imported:
                continue
            if matches(imported, self.foreign):
                continue
            advice = self._advice(importer, imported)
            if advice:
                yield Breach(importer=importer, imported=imported, line=line, advice=advice)

    def _advice(self, importer: str, imported: str) -> str | None:
        mine, its = self._floor(importer), self._floor(imported)
        if mine < its:
            return ADVICE_UPWARDS.get(mine, "only bot/app.py and the commands build things; pass it in from there")
        sides = {importer.split(".")[1], imported.split(".")[1]}
        if len(sides) > 1 and sides <= set(self.strangers):
            return "both sides meet in the service: web calls it, and bot/app.py passes it the adapter"
        return None

    def _floor(self, module: str) -> Floor:
        if matches(module, self.builders):
            return Floor.BUILDER
        if matches(module, self.edges):
            return Floor.EDGE
        if matches(module, self.services):
            return Floor.SERVICE
        return FLOOR_OF_PART.get(module.split(".")[1], Floor.PURE)


class PlainContract(HouseContract):
    """Services and pure modules reach no infrastructure library, neither themselves nor through the shared rooms."""

    edges: list[str] = _names()
    libraries: list[str] = _names()

    def find_breaches(self, graph: ImportGraph) -> Iterator[Breach]:
        """Imports of a library, or of plumbing that leads to one, outside edges and builders."""
        present = [library for library in self.libraries if library in graph.modules]
        for importer, imported, line in self.imports(graph, self.rooms()):
            if matches(importer, [*self.edges, *self.builders]):
                continue
            if room_of(imported) in self.libraries:
                advice = f"move the call into {room_of(importer)}/adapters or web, behind a Protocol in ports.py"
            elif room_of(imported) in self.shared and (chain := self._chain(graph, imported, present)):
                way = " → ".join(chain)
                advice = f"it leads to a library ({way}); use kit.contracts here and the rest in adapters or web"
            else:
                continue
            yield Breach(importer=importer, imported=imported, line=line, advice=advice)

    @staticmethod
    def _chain(graph: ImportGraph, start: str, libraries: Sequence[str]) -> tuple[str, ...]:
        for library in libraries:
            chain = graph.find_shortest_chain(importer=start, imported=library)
            if chain:
                return chain
        return ()
