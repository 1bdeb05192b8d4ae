"""nlu.encoder: picks the encoder that config.yml names."""

from __future__ import annotations

from nlu.encoder.engine import load_encoder
from nlu.ports import Encoder
from nlu.settings import EncoderSettings


def build_encoder(settings: EncoderSettings) -> Encoder:
    """The encoder of `settings`. Blocking, 4-5 s: run it in a thread at start."""
    return load_encoder(
        settings.model,
        threads=settings.threads,
        query_prefix=settings.query_prefix,
        passage_prefix=settings.passage_prefix,
    )
