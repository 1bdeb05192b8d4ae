"""knowledge_base: why an import was refused, in somebody's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from kit.contracts import JsonValue, Language
from kit.texts import Texts


def refusal_words(refusal: Mapping[str, JsonValue], texts: Texts, language: Language) -> str:
    """The sentence of a refusal that was kept with its import."""
    slots = refusal.get("slots")
    filled = slots if isinstance(slots, dict) else {}
    return texts(f"refusal.{refusal.get('code')}", language, **filled)
