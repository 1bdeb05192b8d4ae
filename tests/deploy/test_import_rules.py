"""tests: the import rules of pyproject.toml, on graphs made by hand and once through the real command."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph
from importlinter.contracts.layers import LayersContract

from deploy.import_rules import DoorContract, HouseContract, InsideContract, PlainContract, matches
from deploy.locations import ROOT

CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NOT_ROOMS = {"benchmarks", "deploy", "tests"}
KINDS: dict[str, type[HouseContract]] = {"door": DoorContract, "inside": InsideContract, "plain": PlainContract}


def breaches(kind: str, *imports: tuple[str, str]) -> list[tuple[str, str]]:
    graph = ImportGraph()
    for importer, imported in imports:
        graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import")
    options = next(each for each in CONFIG["contracts"] if each["type"] == kind)
    contract = KINDS[kind](name=kind, session_options=CONFIG, contract_options=options)
    return [(each.importer, each.imported) for each in contract.find_breaches(graph)]


def test_every_room_on_disk_is_held_by_the_import_rules() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_ROOMS
    assert rooms == set(CONFIG["root_packages"]), "name the room in root_packages and in the layers of pyproject.toml"


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("handoff.web.console", "staff.service"),
        ("handoff.service", "staff.contracts"),
        ("bot.turn", "knowledge_base.service.search"),
        ("bot.settings", "nlu.settings"),
        ("bot.app", "handoff.web.console"),
        ("bot.app.parts", "nlu.adapters.rasa_client"),
        ("knowledge_base.__main__", "nlu.encoder.build"),
        ("bot.web.page", "kit.web.templates"),
        ("bot.web.page", "bot.adapters.tables"),
    ],
)
def test_a_room_may_be_entered_by_its_door_and_built_by_a_builder(importer: str, imported: str) -> None:
    assert breaches("door", (importer, imported)) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("bot.turn", "knowledge_base.adapters.faiss_index"),
        ("bot.turn", "knowledge_base.lexical"),
        ("handoff.web.console", "staff.web.gate"),
        ("bot.application", "staff.web.gate"),
        ("kit.web.shell", "staff.adapters.tables"),
        ("nlu.service", "nlu.rasa.components.guard"),
    ],
)
def test_a_room_may_not_be_entered_beside_its_door(importer: str, imported: str) -> None:
    assert breaches("door", (importer, imported)) == [(importer, imported)]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("handoff.web.console", "handoff.service"),
        ("handoff.adapters.store", "handoff.ports"),
        ("handoff.service", "handoff.ports"),
        ("handoff.service", "handoff.ordering"),
        ("handoff.ordering", "handoff.settings"),
        ("handoff.settings", "handoff.contracts"),
        ("bot.inbox", "bot.ports"),
        ("bot.app", "bot.adapters.store"),
        ("bot.__main__", "bot.app"),
    ],
)
def test_a_module_may_know_the_floors_below_it(importer: str, imported: str) -> None:
    assert breaches("inside", (importer, imported)) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("handoff.service", "handoff.adapters.store"),
        ("handoff.service.claims", "handoff.web.console"),
        ("handoff.ports", "handoff.service"),
        ("handoff.ordering", "handoff.ports"),
        ("handoff.settings", "handoff.ordering"),
        ("handoff.contracts", "handoff.settings"),
        ("handoff.web.console", "handoff.adapters.store"),
        ("handoff.adapters.store", "handoff.web.console"),
        ("bot.web.page", "bot.app"),
    ],
)
def test_a_module_may_not_know_the_floors_above_it_or_the_other_side(importer: str, imported: str) -> None:
    assert breaches("inside", (importer, imported)) == [(importer, imported)]


@pytest.mark.parametrize(
    "library", ["sqlalchemy", "redis", "httpx", "faiss", "torch", "telegram", "fastapi", "starlette"]
)
def test_only_edges_and_builders_reach_infrastructure(library: str) -> None:
    found = breaches(
        "plain",
        ("staff.service", library),
        ("staff.passwords", library),
        ("staff.adapters.store", library),
        ("staff.web.gate", library),
        ("bot.app", library),
        ("bot.channels.telegram.sender", library),
        ("kit.sql", library),
    )
    assert sorted(found) == [("staff.passwords", library), ("staff.service", library)]


def test_a_service_does_not_reach_a_library_through_the_plumbing_either() -> None:
    chain = [("kit.sql", "kit.engine"), ("kit.engine", "sqlalchemy"), ("kit.contracts", "typing")]
    found = breaches("plain", ("staff.service", "kit.sql"), ("staff.service", "kit.contracts"), *chain)
    assert found == [("staff.service", "kit.sql")]


def test_a_breach_tells_what_to_do_instead() -> None:
    graph = ImportGraph()
    graph.add_import(importer="bot.turn", imported="staff.adapters.store", line_number=7, line_contents="import")
    options = next(each for each in CONFIG["contracts"] if each["type"] == "door")
    contract = DoorContract(name="door", session_options=CONFIG, contract_options=options)
    (breach,) = contract.find_breaches(graph)
    assert breach.line == 7
    assert "import staff's contracts, ports, service, settings" in breach.advice


@pytest.mark.parametrize(
    ("pattern", "module", "expected"),
    [
        ("*.web", "staff.web", True),
        ("*.web", "staff.web.gate", True),
        ("*.web", "staff.webbing", False),
        ("*.web", "staff.adapters.web", False),
        ("bot.app", "bot.application", False),
    ],
)
def test_a_pattern_names_a_module_and_all_below_it(pattern: str, module: str, *, expected: bool) -> None:
    assert matches(module, [pattern]) is expected


def rooms_layers() -> LayersContract:
    options = {key: value for key, value in CONFIG["contracts"][0].items() if key not in {"name", "type"}}
    return LayersContract(name="layers", session_options=CONFIG, contract_options=options)


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("bot.turn", "handoff.contracts", True),
        ("handoff.service", "staff.contracts", True),
        ("cases.contracts", "nlu.contracts", True),
        ("insights.service", "staff.contracts", True),
        ("handoff.service", "knowledge_base.contracts", False),
        ("knowledge_base.service", "bot.contracts", False),
        ("insights.service", "cases.contracts", False),
        ("nlu.service", "staff.contracts", False),
        ("staff.service", "handoff.contracts", False),
        ("kit.texts", "nlu.contracts", False),
    ],
)
def test_rooms_stand_on_each_other_in_one_order(importer: str, imported: str, *, kept: bool) -> None:
    graph = ImportGraph()
    for room in {*CONFIG["root_packages"], "insights"}:
        graph.add_module(room)
    for module in (importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import")
    assert rooms_layers().check(graph=graph, verbose=False).kept is kept


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_command_refuses_a_crooked_house_with_advice_and_passes_a_straight_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for room in CONFIG["root_packages"]:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("", encoding="utf-8")
        (tmp_path / room / "contracts.py").write_text("", encoding="utf-8")
    service = tmp_path / "handoff" / "service.py"
    service.write_text("from staff import contracts\n", encoding="utf-8")
    straight = lint(tmp_path)
    assert straight.returncode == 0, straight.stdout + straight.stderr

    service.write_text("import sqlalchemy\nfrom knowledge_base import lexical\n", encoding="utf-8")
    (tmp_path / "knowledge_base" / "lexical.py").write_text("", encoding="utf-8")
    crooked = lint(tmp_path)
    assert crooked.returncode == 1
    assert "handoff.service (line 2) imports knowledge_base.lexical" in crooked.stdout
    assert "import knowledge_base's contracts" in crooked.stdout
    assert "move the call into handoff/adapters" in crooked.stdout
    assert "Contracts: 1 kept, 3 broken." in crooked.stdout
