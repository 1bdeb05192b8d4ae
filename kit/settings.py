"""kit: reads config.yml into typed settings and names every fault at once, each with what is allowed."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from kit.yaml import load_yaml

M = TypeVar("M", bound="Settings")


class Settings(BaseModel):
    """Base of every settings section: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_section(cls, raw: object) -> object:
        # A section whose every key is commented out reads as nothing at all.
        return {} if raw is None else raw


class SettingsFault(Exception):
    """config.yml cannot be used. `faults` holds one sentence a fault: where, what is wrong, what is allowed."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.path, self.faults = path, faults
        super().__init__("\n".join([f"{path.name} has {len(faults)} fault(s):", *(f"  - {f}" for f in faults)]))


def load_settings(path: Path, model: type[M]) -> M:
    """Read `path` (YAML mapping; a missing file means all defaults) into `model`.

    Raises `SettingsFault` with all faults: unknown keys (and the key probably meant), wrong types, values out of
    range, broken YAML with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        raw = load_yaml(text) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsFault(path, [f"not readable as YAML in UTF-8: {error}"]) from error
    if not isinstance(raw, dict):
        raise SettingsFault(path, ["the file must be a mapping of sections, such as `web:`"])
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"])
            if fault["type"] == "extra_forbidden":
                allowed = _keys_at(model, fault["loc"][:-1])
                near = difflib.get_close_matches(str(fault["loc"][-1]), allowed, n=1)
                hint = f"; did you mean `{near[0]}`?" if near else ""
                faults.append(f"`{where}`: unknown key{hint} Allowed here: {', '.join(allowed)}.")
            else:
                faults.append(f"`{where}`: {fault['msg']} (found {fault['input']!r})")
        raise SettingsFault(path, faults) from error


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys allowed at `loc`, looking through optional sections, lists and mappings of sections."""
    here: list[type[BaseModel]] = [model]
    for part in loc:
        fields = [kind.model_fields[str(part)] for kind in here if str(part) in kind.model_fields]
        # An index or a free key leads into the same section that its list or mapping led to.
        here = [kind for field in fields for kind in _sections(field.annotation)] if fields else here
    return sorted({name for kind in here for name in kind.model_fields})


def _sections(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [section for argument in get_args(annotation) for section in _sections(argument)]
