"""nlu.encoder: picks the encoder that config.yml names, and folds every text before it is encoded."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.contracts import TextRole, Vectors
from nlu.encoder.engine import load_encoder
from nlu.normalise import FOLD_VERSION, fold
from nlu.ports import Encoder
from nlu.settings import EncoderSettings


class FoldingEncoder:
    """Fits `nlu.ports.Encoder`: questions and wordings are folded alike, so they meet in one space."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint = f"{encoder.fingerprint}+fold{FOLD_VERSION}"
        self.dimensions = encoder.dimensions

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        # Passages keep their case and punctuation: they are prose, and no customer typed them.
        return self._encoder.encode(texts if role is TextRole.PASSAGE else [fold(t) for t in texts], role)


def build_encoder(settings: EncoderSettings) -> Encoder:
    """The encoder of `settings`. Blocking, 4-5 s: run it in a thread at start."""
    return FoldingEncoder(
        load_encoder(
            settings.model,
            threads=settings.threads,
            query_prefix=settings.query_prefix,
            passage_prefix=settings.passage_prefix,
        )
    )
