"""knowledge_base: pictures as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.markdown import IMAGE_PATH

Kind = Literal["png", "jpeg"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A picture drawn anew."""

    kind: Kind
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A picture that answers may show."""

    id: str
    kind: Kind
    width: int
    height: int

    @property
    def address(self) -> str:
        """What an answer's Markdown names."""
        return f"{IMAGE_PATH}{self.id}.{self.kind}"
