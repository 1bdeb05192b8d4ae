"""nlu: versions of the complaint classifier that learned from people's corrections.

They lie in the desk's data directory: their words and vectors come from customers. What was made of the starter content
alone is kept for all desks of a user (`nlu.adapters.complaints`), and the first version is a copy of it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nlu.adapters.complaint_folder import complaint_folder
from nlu.adapters.complaints import (
    ComplaintClassifier,
    fits,
    keep_model,
    model_code,
    model_name,
    starter_model,
    training_rows,
)
from nlu.adapters.evaluation import read_all
from nlu.adapters.kept_versions import KeptVersions, at_once, say
from nlu.adapters.model_folder import file_hash
from nlu.adapters.vectors import content_hash, encode_sorted, kept_vectors
from nlu.complaint.model import ComplaintModel, kept_rows
from nlu.complaint.rows import ComplaintRow, held_out_rows, rows_of_corrections
from nlu.complaint.rules import Rules
from nlu.complaint.scores import ComplaintScores
from nlu.contracts import Correction, Reading
from nlu.normalise import bare
from nlu.ports import Encoder
from nlu.settings import ComplaintSettings
from nlu.versions import Card, Refused, find_losses, table


class ComplaintVersions(KeptVersions[ComplaintScores]):
    """One desk's complaint classifiers, the encoder, the held-out set."""

    def __init__(
        self,
        encoder: Encoder,
        settings: ComplaintSettings,
        data_dir: Path,
        *,
        fitted: Path,
        approved: Callable[[], Sequence[Correction]],
        starter: Sequence[ComplaintRow] | None = None,
    ) -> None:
        """`fitted` is where the starter's classifier is kept, `approved` reads the corrections, `starter` its rows."""
        super().__init__(complaint_folder(data_dir))
        self._encoder, self._settings, self._fitted, self._approved = encoder, settings, fitted, approved
        self._starter = tuple(training_rows() if starter is None else starter)
        self._held_out = held_out_rows()
        self.held_out_name = content_hash(
            [dataclasses.astuple(row) for row in self._held_out], settings.model_dump(mode="json")
        )

    def refit(self) -> str:
        """Learn what is approved and serve it unless it is worse; returns what came of it. Raises `Refused`."""
        taught = self.learnable()
        served = self.folder.served()
        if served is None and not taught:
            return "nothing was taught yet; the starter's classifier is served"
        if served is None or not self.fits(served):
            self.publish(self.make(()))
        return self.publish(self.make(taught))

    def learnable(self) -> tuple[ComplaintRow, ...]:
        """The approved corrections that speak of complaints, without any that says the same as a held-out row."""
        tested = {bare(row.text) for row in self._held_out}
        return tuple(row for row in rows_of_corrections(self._approved()) if bare(row.text) not in tested)

    def make(self, taught: Sequence[ComplaintRow]) -> str:
        """Fit on the starter's rows and `taught` unless it was done; returns the version's name, with its card kept."""
        said = {bare(row.text) for row in taught}
        # A correction of the very words of a starter row stands in its place.
        own = [at for at, row in enumerate(self._starter) if not taught or bare(row.text) not in said]
        rows = (*(self._starter[at] for at in own), *taught)
        rules = Rules(self._settings.rules)
        name = model_name(self._encoder, rows, self._settings)
        if self.folder.card(name) is not None:
            return name
        if taught:
            say(f"{name}: fitting on {len(rows)} rows, {len(taught)} of them corrections")
            starter = kept_vectors(self._encoder, [row.text for row in self._starter], self._fitted)
            vectors = np.concatenate([starter[own], encode_sorted(self._encoder, [row.text for row in taught])])
            model = ComplaintModel.fit(rows, vectors, rules)
        else:
            model = starter_model(self._encoder, self._settings, self._fitted, self._starter)
        keep_model(model, self.folder.path(name))
        kept = kept_rows(rows)
        learned = sum(rows[at].taught for at in kept)
        card = Card(
            name=name,
            made_at=at_once(),
            encoder=self._encoder.fingerprint,
            code=model_code(),
            examples=len(kept),
            approved=learned,
            sha256=file_hash(self.folder.path(name)),
            left_out=len(taught) - learned,
        )
        if card.left_out:
            say(f"{name}: {card.left_out} of the oldest corrections are left out; there are too many for one fit")
        self.folder.keep_card(card)
        return name

    def scores(self, name: str) -> ComplaintScores:
        known = self.folder.scores(name, self.held_out_name)
        if known is None:
            if self.folder.card(name) is None:
                raise Refused(f"there is no version {name}; `python -m nlu complaints versions` lists them")
            say(f"{name}: asked {len(self._held_out)} held-out texts")
            known = self._measured(name)
            self.folder.keep_scores(name, known)
        return known

    def fits(self, name: str) -> bool:
        card = self.folder.card(name)
        return card is not None and fits(card, self._encoder)

    def losses(self, served: str, name: str) -> tuple[str, ...]:
        """As well against the first version: many small losses in a row must not become a large one."""
        first = self.folder.history()[0].model
        against = [served, *([first] if self.fits(first) else [])]
        found = [find_losses(self.scores(each), self.scores(name)) for each in against]
        return tuple(dict.fromkeys(figure for losses in found for figure in losses))

    def compare(self, first: str, second: str) -> str:
        """Two versions side by side on the held-out set."""
        return table((first, self.scores(first)), (second, self.scores(second)), self.losses(first, second))

    @functools.cached_property
    def _read_once(self) -> list[Reading]:
        """The held-out texts, encoded for all versions."""
        return read_all(self._encoder, [row.text for row in self._held_out])

    def _measured(self, name: str) -> ComplaintScores:
        classifier = ComplaintClassifier(ComplaintModel.load(self.folder.path(name)), self._settings, name=name)
        readings = [classifier.read(each) for each in self._read_once]
        return ComplaintScores.of(self.held_out_name, list(zip(self._held_out, readings, strict=True)))
