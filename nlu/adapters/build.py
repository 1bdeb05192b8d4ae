"""nlu: puts the room together from its settings. Used by bot/app.py and the room's commands."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from pathlib import Path

from nlu.adapters.rasa_client import Breaker, RasaClient
from nlu.adapters.vectors import kept_vectors
from nlu.contracts import UNKNOWN
from nlu.encoder import build_encoder
from nlu.ports import Encoder
from nlu.service import Nlu
from nlu.settings import NluSettings, RasaSettings
from nlu.standin import StandIn
from nlu.starter_content import intent_examples

__all__ = ["build_encoder", "build_nlu", "build_rasa_client", "build_stand_in", "fitted_folder"]


def fitted_folder() -> Path:
    """Where this room keeps what it fitted, by content hash, for all desks of this user; may be deleted at any time."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "helpdesk" / "nlu"


def build_stand_in(encoder: Encoder) -> StandIn:
    """The stand-in over the starter's examples. Blocking; 15 s the first time, then at once."""
    examples = intent_examples()
    return StandIn(examples, kept_vectors(encoder, [e.text for e in examples], fitted_folder()))


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
    executor: Executor,
    rasa: RasaClient | None,
    data_dir: Path,
) -> Nlu:
    """The service. Blocking: call it in a thread at start; under a second once everything has been fitted before.

    `data_dir` is where the desk's versions of the complaint classifier are.

    The caller owns `rasa` (close it at the end) and `executor` (two threads are enough).
    """
    # Imported late: fitting brings scikit-learn along, seconds that a process without nlu need not wait.
    from nlu.adapters.complaints import follow_complaints  # noqa: PLC0415

    return Nlu(
        encoder=encoder,
        intents=rasa,
        stand_in=build_stand_in(encoder),
        complaints=follow_complaints(encoder, settings.complaint, fitted_folder(), data_dir=data_dir),
        executor=executor,
    )
