"""nlu.encoder: sentence vectors. `build_encoder` gives the one config.yml asks for; nothing heavy is imported first."""

from __future__ import annotations

from nlu.encoder.build import build_encoder

__all__ = ["build_encoder"]
