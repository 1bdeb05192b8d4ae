"""nlu: the fitted complaint classifier. The starter's is kept for all desks of a user, by the content it was fitted on.

Once a version is served that learned from people (`nlu.adapters.complaint_versions`), complaints are read with that.
"""

from __future__ import annotations

import dataclasses
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import structlog

from kit.faults import log_fault
from nlu.adapters.complaint_folder import SUFFIX, complaint_folder
from nlu.adapters.model_folder import VersionFolder
from nlu.adapters.vectors import content_hash, encode_sorted, kept_vectors, write_whole
from nlu.complaint.model import VERSION, ComplaintModel, Damaged
from nlu.complaint.rows import ComplaintRow, read_rows, rows_of_intents
from nlu.complaint.rules import Rules
from nlu.complaint.scores import ComplaintScores
from nlu.complaint.topics import topics_text
from nlu.complaint.words import warm_up
from nlu.contracts import ComplaintReading, Reading
from nlu.normalise import fold
from nlu.ports import Encoder
from nlu.settings import ComplaintSettings
from nlu.starter_content import intent_examples
from nlu.versions import Card, Refused

log = structlog.get_logger(__name__)


class ComplaintClassifier:
    """Fits `nlu.ports.ComplaintReader`: model, rules and settings together."""

    def __init__(self, model: ComplaintModel, settings: ComplaintSettings, *, name: str = "") -> None:
        """`name` is the model's version; it goes along with what is read."""
        self._model, self._settings, self._rules, self.name = model, settings, Rules(settings.rules), name

    def read(self, reading: Reading) -> ComplaintReading:
        return dataclasses.replace(self._model.read(reading, self._rules, self._settings), model=self.name)

    def with_model(self, model: ComplaintModel, name: str) -> ComplaintClassifier:
        """The same settings with another model."""
        return ComplaintClassifier(model, self._settings, name=name)


class FollowingClassifier:
    """Fits `nlu.ports.ComplaintReader`: reads with the version that is served, and with `first` until one is.

    Every reading looks whether another one is served by now; that is loaded in a thread beside the present one, which
    answers meanwhile, and then one attribute changes. A file that cannot be used leaves the present one where it is.
    """

    def __init__(self, first: ComplaintClassifier, folder: VersionFolder[ComplaintScores], encoder: Encoder) -> None:
        self._first = self._present = first
        self._folder, self._encoder = folder, encoder
        self._seen: int | None = None
        self._lock = threading.Lock()
        self._look(wait=True)

    def read(self, reading: Reading) -> ComplaintReading:
        self._look(wait=False)
        return self._present.read(reading)

    def _look(self, *, wait: bool) -> None:
        seen = self._folder.changed_at()
        with self._lock:
            if seen == self._seen:
                return
            self._seen = seen
        loading = threading.Thread(target=self._load, name="complaints", daemon=True)
        loading.start()
        if wait:
            loading.join()

    def _load(self) -> None:
        try:
            name = self._folder.served()
            card = None if name is None else self._folder.card(name)
            if name is None or card is None or not fits(card, self._encoder):
                self._present = self._first
            elif name != self._present.name:
                self._present = self._first.with_model(ComplaintModel.load(self._folder.path(name)), name)
                log.info("complaints.served", version=name)
        except (Damaged, Refused, OSError) as error:
            log_fault(log, "complaints.cannot_load", error)


def training_rows() -> tuple[ComplaintRow, ...]:
    """What the classifier learns from: the sets' training rows and the clear intents; no test row."""
    labelled = read_rows()
    tested = {fold(row.text) for row in labelled if row.test}
    further = (row for row in rows_of_intents(intent_examples()) if fold(row.text) not in tested)
    return (*(row for row in labelled if not row.test), *further)


def load_complaints(encoder: Encoder, settings: ComplaintSettings, folder: Path) -> ComplaintClassifier:
    """The starter's classifier for these settings; fitted now when it was not before (half a minute). Blocking."""
    rows = training_rows()
    model = starter_model(encoder, settings, folder, rows)
    warm_up()
    return ComplaintClassifier(model, settings, name=model_name(encoder, rows, settings))


def follow_complaints(
    encoder: Encoder, settings: ComplaintSettings, folder: Path, *, data_dir: Path
) -> FollowingClassifier:
    """The classifier of a desk: the version served in its data directory, else the starter's. Blocking."""
    return FollowingClassifier(load_complaints(encoder, settings, folder), complaint_folder(data_dir), encoder)


def starter_model(
    encoder: Encoder, settings: ComplaintSettings, folder: Path, rows: Sequence[ComplaintRow]
) -> ComplaintModel:
    """The model of the starter's `rows`, from `folder` when it was fitted before. Blocking."""
    path = folder / f"{model_name(encoder, rows, settings)}{SUFFIX}"
    try:
        return ComplaintModel.load(path)
    except Damaged:
        vectors = kept_vectors(encoder, [row.text for row in rows], folder)
        model = ComplaintModel.fit(rows, vectors, Rules(settings.rules))
        keep_model(model, path)
        return model


def keep_model(model: ComplaintModel, path: Path) -> None:
    """Write it in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        made = Path(file.name)
    model.save(made)
    write_whole(path, made)


def model_name(encoder: Encoder, rows: Sequence[ComplaintRow], settings: ComplaintSettings) -> str:
    """Names a model by everything that goes into it."""
    told = [dataclasses.astuple(row) for row in rows]
    rules = [rule.model_dump(mode="json") for rule in settings.rules]
    return f"complaints-{content_hash(VERSION, encoder.fingerprint, told, topics_text(), rules)}"


def model_code() -> str:
    """Names what a model cannot be read without."""
    return content_hash(VERSION, topics_text())


def fits(card: Card, encoder: Encoder) -> bool:
    """Whether this installation can read with the model."""
    return (card.encoder, card.code) == (encoder.fingerprint, model_code())


def fit_complaints(encoder: Encoder, settings: ComplaintSettings, rows: Sequence[ComplaintRow]) -> ComplaintClassifier:
    """A classifier of anybody's rows, with the categories that occur in them; nothing is kept. Blocking."""
    categories = tuple(sorted({row.category for row in rows if row.category}))
    offered = settings.model_copy(update={"categories": categories})
    vectors = encode_sorted(encoder, [row.text for row in rows])
    return ComplaintClassifier(ComplaintModel.fit(rows, vectors, Rules(settings.rules)), offered)
