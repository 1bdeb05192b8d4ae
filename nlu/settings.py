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


class RasaSettings(Settings):
    """The Rasa service."""

    enabled: bool = Field(default=True, description="whether the desk starts and asks Rasa; off: the stand-in understands")
    port: int = Field(default=5055, ge=1, le=65_535, description="loopback port of the desk's own Rasa service")
    url: str = Field(default="", description="address of Rasa services run elsewhere (a balancer); empty: the desk's own")
    deadline_ms: int = Field(
        default=400, ge=20, le=8_000, description="milliseconds one message may wait for Rasa before the stand-in answers"
    )
    failures: int = Field(default=3, ge=1, le=100, description="failures in a row after which Rasa is left alone for a while")
    pause_seconds: float = Field(default=3.0, ge=0.1, le=600, description="seconds Rasa is then left alone")


class NluSettings(Settings):
    """Section `nlu`."""

    encoder: EncoderSettings = EncoderSettings()
    rasa: RasaSettings = RasaSettings()
