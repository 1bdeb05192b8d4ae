"""cases: what was filled into the fields of a kind, checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from cases.refusals import FieldMissing, FieldUnfit, UnknownField
from cases.settings.fields import FieldForm, KindField

TEXT_LIMIT = 500
MOST = Decimal(10) ** 12


def check_fields(fields: tuple[KindField, ...], given: Mapping[str, str], *, needed: bool = True) -> dict[str, str]:
    """`given` as it is stored: known fields only, each in its form, empty ones left out.

    `needed`: required ones must be there. Raises FieldMissing, FieldUnfit, UnknownField.
    """
    for name in given:
        if name not in {field.name for field in fields}:
            raise UnknownField(field=name)
    kept = {field.name: _fit(field, given.get(field.name, "").strip()) for field in fields}
    for field in fields:
        if needed and field.required and not kept[field.name]:
            raise FieldMissing(field=field.name)
    return {name: value for name, value in kept.items() if value}


def _fit(field: KindField, value: str) -> str:
    fits = not value or _is(field, value)
    if not fits:
        raise FieldUnfit(field=field.name)
    return value


def _is(field: KindField, value: str) -> bool:
    match field.form:
        case FieldForm.TEXT:
            return len(value) <= TEXT_LIMIT and all(letter.isprintable() for letter in value)
        case FieldForm.CHOICE:
            return field.choice(value) is not None
        case FieldForm.NUMBER:
            try:
                return abs(Decimal(value)) < MOST  # what is no number compares as nothing
            except InvalidOperation:
                return False
        case FieldForm.DATE:
            try:
                date.fromisoformat(value)
            except ValueError:
                return False
            return True
