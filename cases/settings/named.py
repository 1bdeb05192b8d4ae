"""cases: the settings of whatever has a stable name and what people read."""

from __future__ import annotations

from pydantic import Field

from kit.contracts import Language
from kit.settings import Settings

NAME = r"^[a-z][a-z0-9_]{0,39}$"


class Named(Settings):
    """Something with a stable name and what people read."""

    name: str = Field(pattern=NAME, description="Stable name.")
    zh: str = Field(min_length=1, max_length=20, description="Label in Chinese.")
    en: str = Field(min_length=1, max_length=40, description="Label in English.")

    def label(self, language: Language) -> str:
        """What a reader of `language` sees."""
        return self.zh if language is Language.ZH else self.en
