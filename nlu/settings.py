"""nlu: its section of config.yml."""

from __future__ import annotations

from pydantic import Field

from kit.settings import Settings


class EncoderSettings(Settings):
    """The sentence encoder."""

    model: str = Field(
        default="built-in",
        description="`built-in` (multilingual-e5-small, offline) or any sentence-transformers model by directory or hub name",
    )
    threads: int = Field(default=1, ge=1, le=64, description="threads of one encoding; more only helps on idle machines")
    query_prefix: str = Field(default="query: ", description="put before a question; e5 models want it")
    passage_prefix: str = Field(default="passage: ", description="put before an answer text; e5 models want it")


class NluSettings(Settings):
    """Section `nlu`."""

    encoder: EncoderSettings = EncoderSettings()
