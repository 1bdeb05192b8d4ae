"""cases: the settings of what a kind of file asks for beside what every file has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import Field

from cases.settings.named import Named


class FieldForm(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class KindField(Named):
    """One field of a kind."""

    form: FieldForm = Field(FieldForm.TEXT, description="text, number, date or choice.")
    required: bool = Field(default=False, description="Whether a file opened by hand or by a program needs it.")
    choices: tuple[Named, ...] = Field((), description="Of a choice: what can be chosen.")

    def choice(self, name: str) -> Named | None:
        """The choice called `name`."""
        return next((each for each in self.choices if each.name == name), None)


def field_faults(kind: str, fields: Sequence[KindField]) -> Iterator[str]:
    """Everything that is wrong with the fields of a kind."""
    names = [field.name for field in fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"kind {kind}: the field {name} stands there twice"
    for field in fields:
        chosen = [choice.name for choice in field.choices]
        if (field.form is FieldForm.CHOICE) != bool(chosen):
            yield f"kind {kind}: the field {field.name} needs choices if, and only if, its form is choice"
        if len(set(chosen)) != len(chosen):
            yield f"kind {kind}: the field {field.name} names a choice twice"
