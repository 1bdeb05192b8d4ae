"""knowledge_base: the desk's departments, as far as an article can name one. Pure; who builds the room says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kit.contracts import Language

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""As config.yml names departments."""


@dataclass(frozen=True, slots=True)
class Departments:
    """What each department is called, by name, in the order of the desk's settings."""

    labels: Mapping[str, Mapping[Language, str]] | None = None
    """None: nobody said which there are, as to a command without the desk's settings; then every name passes."""

    def has(self, name: str) -> bool:
        """Whether an article may name this one; "" names none and always passes."""
        if not name:
            return True
        return bool(_NAME.fullmatch(name)) if self.labels is None else name in self.labels

    def label(self, name: str, language: Language) -> str:
        """What readers see; a department that is gone keeps its name."""
        return (self.labels or {}).get(name, {}).get(language, name)

    def names(self) -> tuple[str, ...]:
        """All that are known."""
        return tuple(self.labels or ())
