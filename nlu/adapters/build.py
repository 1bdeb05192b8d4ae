"""nlu: puts the room together from its settings. Used by bot/app.py and the room's commands."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from nlu.adapters.complaints import load_complaints
from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.vectors import kept_vectors
from nlu.encoder import build_encoder
from nlu.ports import Encoder
from nlu.service import UNKNOWN, Nlu
from nlu.settings import NluSettings, RasaSettings
from nlu.standin import StandIn
from nlu.starter_content import intent_examples

__all__ = ["build_encoder", "build_nlu", "build_rasa_client", "build_stand_in", "models_folder", "room_folder"]


def room_folder(data_dir: Path) -> Path:
    """Where this room keeps what it fitted; may be deleted at any time."""
    return data_dir / "nlu"


def models_folder(data_dir: Path) -> Path:
    """Where the Rasa models are."""
    return data_dir / "rasa" / "models"


def build_stand_in(encoder: Encoder, data_dir: Path) -> StandIn:
    """The stand-in over the starter's examples. Blocking; 15 s the first time, then at once."""
    examples = intent_examples()
    return StandIn(examples, kept_vectors(encoder, [e.text for e in examples], room_folder(data_dir)))


def build_rasa_client(settings: RasaSettings, secret: str) -> RasaClient:
    """The client of the desk's own Rasa service, or of the one at `settings.url`."""
    return RasaClient(
        settings.url or f"http://127.0.0.1:{settings.port}",
        secret,
        deadline=settings.deadline_ms / 1_000,
        breaker=Breaker(settings.failures, settings.pause_seconds),
        intents=frozenset({UNKNOWN, *(e.label for e in intent_examples())}),
    )


def build_nlu(
    settings: NluSettings,
    *,
    encoder: Encoder,
    data_dir: Path,
    executor: Executor,
    rasa: RasaClient | None,
) -> Nlu:
    """The service. Blocking: call it in a thread at start; under a second once everything has been fitted before.

    The caller owns `rasa` (close it at the end) and `executor` (two threads are enough).
    """
    return Nlu(
        encoder=encoder,
        intents=rasa,
        stand_in=build_stand_in(encoder, data_dir),
        complaints=load_complaints(encoder, settings.complaint, room_folder(data_dir)),
        executor=executor,
    )
