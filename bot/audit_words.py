"""bot: what the names mean that actions note in the audit trail: those of the settings and those of the texts.

Only for actions whose notes are names. What people typed (comments, promises, grounds) is theirs and stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cases.settings import CaseSettings
from handoff.settings import HandoffSettings
from kit.contracts import Language
from kit.texts import Texts

ACCOUNT = ("staff.role.", "staff.audit.value.")
FLAG = ("knowledge_base.flags.reason_", "staff.audit.value.")
TEXTS = {
    "cases.severity": ("cases.severity.",),
    "cases.level": ("cases.level.",),
    "cases.follow_up": ("cases.follow_up.outcome.",),
    "handoff.profile": ("staff.audit.value.", "handoff.channel.", "handoff.audit.value."),
    "handoff.key_account": ("handoff.audit.value.",),
    "handoff.urgency": ("handoff.severity.",),
    "knowledge_base.flag": FLAG,
    "knowledge_base.flag_settled": (*FLAG, "knowledge_base.flags."),
    "staff.create_account": ACCOUNT,
    "staff.change_account": ACCOUNT,
    "staff.change_own": ACCOUNT,
}
"""Where the texts of an action's names stand."""


class Named(Protocol):
    """Something of the settings with a label in each language."""

    @property
    def name(self) -> str: ...

    def label(self, language: Language) -> str: ...


class NamesInTheTrail:
    """Fits `staff.web.audit_words.AuditWords`."""

    def __init__(self, *, cases: CaseSettings, desk: HandoffSettings, texts: Texts) -> None:
        self._cases, self._desk, self._texts = cases, desk, texts

    def __call__(self, action: str, language: Language) -> Mapping[str, str]:
        texts = [(prefix, self._texts.section(prefix, language)) for prefix in TEXTS.get(action, ())]
        named = {key.removeprefix(prefix): text for prefix, found in texts for key, text in found.items()}
        for name, labels in _labels(self._configured(action), language).items():
            named[name] = " / ".join(labels)
        return named

    def _configured(self, action: str) -> Sequence[Named]:
        match action:
            case "cases.step":
                return [step for way in self._cases.workflows for step in way.steps]
            case "cases.category":
                return self._cases.categories
            case "cases.department":
                return self._desk.departments
            case "handoff.profile":
                return (*self._desk.departments, *self._desk.skills, *self._desk.shifts)
            case _:
                return ()


def _labels(configured: Sequence[Named], language: Language) -> Mapping[str, Sequence[str]]:
    """By name, what it is called: kinds of cases may call a step of one name differently, and a note tells no kind."""
    labels: dict[str, list[str]] = {}
    for each in configured:
        label, known = each.label(language), labels.setdefault(each.name, [])
        if label not in known:
            known.append(label)
    return labels
