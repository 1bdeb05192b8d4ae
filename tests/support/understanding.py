"""tests: the real encoder, and the real Rasa trained on the starter's examples, once a session.

What is fitted is kept in the user's cache under the hash of its content, as the desk keeps it in its data directory:
a second run starts at once, and nothing stale can be found there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from nlu.adapters.build import build_encoder
from nlu.adapters.model_folder import models_folder
from nlu.adapters.rasa_process import RasaFault, rasa_python, rasa_server
from nlu.adapters.training import config_text, starter_files, train
from nlu.ports import Encoder
from nlu.settings import EncoderSettings

FITTING = frozenset({"encoder", "prepared", "rasa", "rasa_model"})
COSTLY = frozenset({"prepared", "rasa", "rasa_model"})
FITTING_SECONDS = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that asks for a fitted model waits for the fitting, which on a cold machine takes minutes.

    Where tests run in two processes, one of them does all that needs a trained Rasa or a prepared desk: both are made
    once.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        # A mark of one test comes before its module's, and would shorten what the module allows.
        if FITTING & fixtures and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(FITTING_SECONDS))
        if COSTLY & fixtures or item.get_closest_marker("rasa") or item.get_closest_marker("fault"):
            item.add_marker(pytest.mark.xdist_group("fitted"))


@dataclass(frozen=True, slots=True)
class ServedRasa:
    """A running Rasa service."""

    url: str
    secret: str
    pid: int
    model: Path
    log: Path


@pytest.fixture(scope="session")
def nlu_data_dir() -> Path:
    """A data directory that outlives the session."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = root / "helpdesk" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The built-in encoder."""
    return build_encoder(EncoderSettings())


@pytest.fixture(scope="session")
def executor() -> Iterator[ThreadPoolExecutor]:
    """The threads a desk gives to understanding."""
    with ThreadPoolExecutor(2, thread_name_prefix="nlu") as pool:
        yield pool


@pytest.fixture(scope="session")
def rasa_model(encoder: Encoder, nlu_data_dir: Path) -> Path:
    """The starter's model; skips where Rasa's environment could not be built."""
    try:
        rasa_python()
    except RasaFault as fault:
        pytest.skip(str(fault))
    return train(encoder, models_folder(nlu_data_dir), files=starter_files(), config=config_text()).model


@pytest.fixture(scope="session")
def rasa(rasa_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedRasa]:
    """The real Rasa service, shared; tests that hurt one start their own."""
    log = tmp_path_factory.mktemp("rasa") / "rasa.log"
    with rasa_server(rasa_model, log=log) as (url, secret, process):
        yield ServedRasa(url, secret, process.pid, rasa_model, log)
