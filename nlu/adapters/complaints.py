"""nlu: the fitted complaint classifier, kept in the data directory by the content it was fitted on."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nlu.adapters.vectors import content_hash, encode_sorted, kept_vectors, write_whole
from nlu.complaint.model import VERSION, ComplaintModel, Damaged
from nlu.complaint.rows import ComplaintRow, read_rows, rows_of_intents
from nlu.complaint.rules import Rules
from nlu.complaint.topics import topics_text
from nlu.complaint.words import warm_up
from nlu.contracts import ComplaintReading, Reading
from nlu.normalise import fold
from nlu.ports import Encoder
from nlu.settings import ComplaintSettings
from nlu.starter_content import intent_examples


class ComplaintClassifier:
    """Fits `nlu.ports.ComplaintReader`: model, rules and settings together."""

    def __init__(self, model: ComplaintModel, settings: ComplaintSettings) -> None:
        self._model, self._settings, self._rules = model, settings, Rules(settings.rules)

    def read(self, reading: Reading) -> ComplaintReading:
        return self._model.read(reading, self._rules, self._settings)


def training_rows() -> tuple[ComplaintRow, ...]:
    """What the classifier learns from: the sets' training rows and the clear intents; no test row."""
    labelled = read_rows()
    tested = {fold(row.text) for row in labelled if row.test}
    further = (row for row in rows_of_intents(intent_examples()) if fold(row.text) not in tested)
    return (*(row for row in labelled if not row.test), *further)


def load_complaints(encoder: Encoder, settings: ComplaintSettings, folder: Path) -> ComplaintClassifier:
    """The classifier for these settings; fitted now when it was not before (half a minute). Blocking."""
    rows = training_rows()
    rules = Rules(settings.rules)
    told = [dataclasses.astuple(row) for row in rows]
    name = content_hash(
        VERSION, encoder.fingerprint, told, topics_text(), [rule.model_dump(mode="json") for rule in settings.rules]
    )
    path = folder / f"complaints-{name}.npz"
    try:
        model = ComplaintModel.load(path)
    except Damaged:
        vectors = kept_vectors(encoder, [row.text for row in rows], folder)
        model = ComplaintModel.fit(rows, vectors, rules)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".npz", delete=False) as file:
            made = Path(file.name)
        model.save(made)
        write_whole(path, made)
    warm_up()
    return ComplaintClassifier(model, settings)


def fit_complaints(encoder: Encoder, settings: ComplaintSettings, rows: Sequence[ComplaintRow]) -> ComplaintClassifier:
    """A classifier of anybody's rows, with the categories that occur in them; nothing is kept. Blocking."""
    categories = tuple(sorted({row.category for row in rows if row.category}))
    offered = settings.model_copy(update={"categories": categories})
    vectors = encode_sorted(encoder, [row.text for row in rows])
    return ComplaintClassifier(ComplaintModel.fit(rows, vectors, Rules(settings.rules)), offered)
