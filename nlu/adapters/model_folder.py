"""nlu: folders of models. Beside each file its card and its scores; `served.json` says which is served.

Model, card and scores are written once. `served.json` is replaced in one step under a lock. The Rasa service watches
its own (nlu/rasa/components/following.py), every process that reads complaints the other (nlu/adapters/complaints.py),
so a publication reaches every process that shares the folder.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from kit.file_lock import FileLock
from nlu.adapters.vectors import write_whole
from nlu.versions import Card, Measured, Publication, Refused, Scores, served_by

S = TypeVar("S", bound=Measured)

SERVED = "served.json"
LOCK_SECONDS = 30
SUFFIX = ".tar.gz"


def models_folder(data_dir: Path) -> Path:
    """Where the Rasa models are."""
    return data_dir / "rasa" / "models"


class VersionFolder(Generic[S]):
    """All versions of one model of one desk. For commands and threads: never called from a running event loop."""

    def __init__(self, folder: Path, *, suffix: str, scores: Callable[..., S]) -> None:
        """`suffix` ends the names of the models' files; `scores` makes a model's scores from their fields."""
        self.folder, self._suffix, self._scores = folder, suffix, scores

    def path(self, name: str) -> Path:
        """The model's file."""
        return self.folder / f"{name}{self._suffix}"

    def names(self) -> tuple[str, ...]:
        """All versions that can be published, oldest first."""
        files = self.folder.glob(f"*{self._suffix}")
        cards = (self.card(path.name.removesuffix(self._suffix)) for path in files)
        return tuple(card.name for card in sorted((c for c in cards if c), key=lambda card: (card.made_at, card.name)))

    def card(self, name: str) -> Card | None:
        """What went into a model; None for a name that is none."""
        told = _read(self._card_path(name))
        return Card(**told) if isinstance(told, dict) and self.path(name).exists() else None

    def keep_card(self, card: Card) -> None:
        """Write a model's card, once."""
        if not self._card_path(card.name).exists():
            self._write(self._card_path(card.name), dataclasses.asdict(card))

    def scores(self, name: str, held_out: str) -> S | None:
        """How the model did on that held-out set, if it was ever asked."""
        told = _read(self._scores_path(name, held_out))
        return self._scores(**told) if isinstance(told, dict) else None

    def last_scores(self, name: str) -> S | None:
        """The model's scores on the held-out set it was asked last."""
        files = sorted(self.folder.glob(f"{name}.scores-*.json"), key=lambda path: path.stat().st_mtime_ns)
        told = _read(files[-1]) if files else None
        return self._scores(**told) if isinstance(told, dict) else None

    def keep_scores(self, name: str, scores: S) -> None:
        """Write a model's scores, once."""
        if not self._scores_path(name, scores.held_out).exists():
            self._write(self._scores_path(name, scores.held_out), dataclasses.asdict(scores))

    def history(self) -> tuple[Publication, ...]:
        """All publications and rollbacks, oldest first. Raises `Refused` when the list is damaged."""
        told = _read(self.folder / SERVED)
        if told is None:
            return ()
        try:
            assert isinstance(told, dict)  # noqa: S101 - the except below says what is wrong
            return tuple(Publication(**line) for line in told["history"])
        except (AssertionError, KeyError, TypeError) as error:
            raise Refused(f"{self.folder / SERVED} is damaged; remove it, and the next start publishes anew") from error

    def served(self) -> str | None:
        """The name of the served model."""
        stack = served_by(self.history())
        return stack[0] if stack else None

    def changed_at(self) -> int | None:
        """When the list of publications last changed (nanoseconds of the file system); None where there is none."""
        try:
            return (self.folder / SERVED).stat().st_mtime_ns
        except OSError:
            return None

    def publish(self, name: str, *, at: str, reason: str = "", forced: bool = False) -> None:
        """Serve `name` from now on. Raises `Refused` when its file is not what was trained."""
        card = self.card(name)
        if card is None:
            raise Refused(f"there is no version {name}; `python -m nlu versions` lists them")
        if file_hash(self.path(name)) != card.sha256:
            raise Refused(f"the file of {name} is damaged; remove {self.path(name)} and train again")
        self._append(Publication(model=name, at=at, reason=reason, forced=forced))

    def roll_back(self, *, at: str, reason: str = "") -> str:
        """Serve the model that was served before; returns its name. Raises `Refused` when there is none."""
        stack = served_by(self.history())
        if len(stack) < 2:  # noqa: PLR2004 - the served one and one before it
            raise Refused("no other version was served before this one")
        if self.card(stack[1]) is None:
            raise Refused(f"the version served before, {stack[1]}, is no longer in {self.folder}")
        self._append(Publication(model=stack[1], at=at, reason=reason, back=True))
        return stack[1]

    def _append(self, line: Publication) -> None:
        async def append() -> None:
            lock = FileLock(self.folder / ".served.lock", seconds=LOCK_SECONDS)
            try:
                async with lock.held():
                    history = [dataclasses.asdict(each) for each in (*self.history(), line)]
                    stack = served_by([Publication(**each) for each in history])
                    self._write(self.folder / SERVED, {"served": stack[0], "history": history})
            finally:
                lock.close()

        self.folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(append())

    def _write(self, path: Path, told: dict[str, object]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False, encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=1)
        write_whole(path, Path(file.name))

    def _card_path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _scores_path(self, name: str, held_out: str) -> Path:
        return self.folder / f"{name}.scores-{held_out}.json"


class ModelFolder(VersionFolder[Scores]):
    """The Rasa models."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, suffix=SUFFIX, scores=Scores)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}


def newest(names: Sequence[str]) -> str:
    """The version trained last. Raises `Refused` when there is none."""
    if not names:
        raise Refused("nothing was trained yet; `python -m nlu train` does it")
    return names[-1]
