"""handoff: the settings of the translator that agents may ask about a customer's words."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from kit.settings import Settings


class TranslatorSettings(Settings):
    """A service that speaks LibreTranslate's interface. Its key is DESK_TRANSLATOR_KEY."""

    url: str = Field(
        "",
        description="Address of a LibreTranslate service, such as https://translate.example.com; empty: the console "
        "has no button for it.",
    )
    seconds: float = Field(5.0, gt=0, le=30, description="Longest wait for a translation, seconds.")

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("an address that starts with https:// or http:// is needed")
        return value.rstrip("/")
