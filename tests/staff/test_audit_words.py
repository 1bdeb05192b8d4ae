"""tests: the audit trail names in both languages what every room writes into it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from kit.contracts import Language
from kit.rooms import HOUSE
from kit.texts import Texts
from knowledge_base.contracts import Change

WRITERS = {
    "staff": {"_note"},
    "knowledge_base": {"record", "_step", "_change"},
    "handoff": {"_record"},
}
"""The functions through which a room writes the trail; the action is a plain word among their arguments."""


def actions_of(room: str) -> Iterator[str]:
    """The actions a room writes, read from its code."""
    for path in sorted((HOUSE / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS[room]:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


@pytest.mark.parametrize("room", WRITERS)
def test_every_action_of_a_room_has_its_words(texts: Texts, room: str) -> None:
    actions = set(actions_of(room))
    assert len(actions) > 1
    assert {action for action in actions if not texts.has(f"{room}.audit.{action}")} == set()


def test_every_change_of_a_case_and_every_way_to_a_version_has_its_words(texts: Texts) -> None:
    # A file's history, which the trail repeats, names all its changes.
    history = {key.rpartition(".")[2] for key in texts.section("cases.change.", Language.EN)}
    assert history
    assert {what for what in history if not texts.has(f"cases.audit.{what}")} == set()
    assert all(texts.has(f"knowledge_base.audit.{change}") for change in (Change.SAVED, Change.RESTORED))


@pytest.mark.parametrize(
    "kind", ["knowledge_base.audit.article", "cases.audit.case", "handoff.audit.account", "handoff.audit.conversation"]
)
def test_every_kind_of_subject_has_its_word(texts: Texts, kind: str) -> None:
    assert texts.has(kind)
