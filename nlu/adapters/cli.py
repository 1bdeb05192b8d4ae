"""nlu: the commands about versions of the Rasa model.

Progress goes to stderr, results to stdout.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from nlu.adapters.build import build_encoder
from nlu.adapters.evaluation import held_out_hash, score
from nlu.adapters.faults import measure_faults, shown
from nlu.adapters.kept_versions import KeptVersions, at_once, say
from nlu.adapters.model_folder import ModelFolder, file_hash, models_folder, newest
from nlu.adapters.training import code_hash, config_text, starter_files, train
from nlu.normalise import bare
from nlu.ports import Encoder
from nlu.settings import NluSettings
from nlu.starter_content import HELD_OUT, OUTLIER, Labelled, intent_examples, read_rows
from nlu.versions import Card, Refused, Scores, find_losses, table


class Versions(KeptVersions[Scores]):
    """What the commands share: one desk's models, its encoder, the held-out set."""

    def __init__(self, settings: NluSettings, data_dir: Path, approved: Callable[[], list[Labelled]]) -> None:
        """`approved` reads the examples that people corrected and approved."""
        super().__init__(ModelFolder(models_folder(data_dir)))
        self._settings, self._approved = settings, approved
        self._encoder: Encoder | None = None
        self.held_out = read_rows(HELD_OUT)
        self.held_out_name = held_out_hash(self.held_out)

    @property
    def encoder(self) -> Encoder:
        """Built when first needed: it takes seconds."""
        if self._encoder is None:
            self._encoder = build_encoder(self._settings.encoder)
        return self._encoder

    def train(self) -> str:
        """Train on starter and approved examples unless it was done; returns the version's name, with its card kept."""
        approved = self.learnable()
        files = starter_files(approved)
        made = train(
            self.encoder,
            self.folder.folder,
            files=files,
            config=config_text(),
            progress=lambda done: say(f"  {done} examples encoded"),
        )
        name = made.model.name.removesuffix(".tar.gz")
        say(f"{name}: trained in {made.seconds:.0f} s" if made.fresh else f"{name}: was trained before")
        self.folder.keep_card(
            Card(
                name=name,
                made_at=at_once(),
                encoder=self.encoder.fingerprint,
                code=code_hash(),
                examples=len(intent_examples()) + len(approved),
                approved=len(approved),
                sha256=file_hash(made.model),
            )
        )
        return name

    def learnable(self) -> list[Labelled]:
        """The approved examples without any that says the same as a held-out question."""
        tested = {bare(row.text) for row in self.held_out}
        return [row for row in self._approved() if bare(row.text) not in tested]

    def scores(self, name: str) -> Scores:
        """The version's scores on the held-out set; measured now when they were not before."""
        known = self.folder.scores(name, self.held_out_name)
        if known is None:
            if self.folder.card(name) is None:
                raise Refused(f"there is no version {name}; `python -m nlu versions` lists them")
            say(f"{name}: asked {len(self.held_out)} held-out questions")
            known = score(self.encoder, self.folder.path(name), self.held_out, oos_label=OUTLIER)
            self.folder.keep_scores(name, known)
        return known

    def fits(self, name: str) -> bool:
        """Whether this installation can serve the version at all."""
        card = self.folder.card(name)
        return card is not None and (card.encoder, card.code) == (self.encoder.fingerprint, code_hash())


def current(versions: Versions) -> Path:
    """The file the desk serves from its start.

    What was trained before is the operator's to publish or to roll back; what never was (the first start, new starter
    examples, newly approved ones, an upgrade) is trained now and published unless it is worse.
    """
    before = set(versions.folder.names())
    name = versions.train()
    served = versions.folder.served()
    if name not in before or served is None or not versions.fits(served):
        try:
            say(versions.publish(name))
        except Refused as refused:
            say(str(refused))
    return versions.folder.path(versions.folder.served() or name)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers; each sets `versions_command`, which takes `Versions` and the arguments."""

    def command(name: str, run: Callable[[Versions, argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about)
        made.set_defaults(versions_command=run)
        return made

    command("train", _train, "train a version from the starter's and the approved examples, and score it")
    command("current", _current, "the model file to serve; trains and publishes where there is nothing yet")
    command("versions", _versions, "list all versions with their scores; the served one is marked")
    compare = command("compare", _compare, "two versions side by side on the held-out set")
    compare.add_argument("first", nargs="?", help="default: the served version")
    compare.add_argument("second", nargs="?", help="default: the version trained last")
    publish = command("publish", _publish, "serve a version, unless it is worse than the served one")
    publish.add_argument("version", nargs="?", help="default: the version trained last")
    publish.add_argument("--force", action="store_true", help="also when it is worse; needs --reason")
    publish.add_argument("--reason", default="", help="kept with the publication")
    back = command("rollback", _rollback, "serve the version that was served before")
    back.add_argument("--reason", default="", help="kept with the rollback")
    faults = command("evaluate-faults", _faults, "measure the trained extractor of faults on its held-out texts")
    faults.add_argument("version", nargs="?", help="default: the version trained last")


def _train(versions: Versions, _: argparse.Namespace) -> int:
    name = versions.train()
    scores = versions.scores(name)
    served = versions.folder.served()
    if served is not None and served != name and versions.fits(served):
        old = versions.scores(served)
        say(table((served, old), (name, scores), find_losses(old, scores)))
    say(f"`python -m nlu publish {name}` serves it" if served != name else "it is served")
    print(name)
    return 0


def _current(versions: Versions, _: argparse.Namespace) -> int:
    print(current(versions))
    return 0


def _versions(versions: Versions, _: argparse.Namespace) -> int:
    served = versions.folder.served()
    for name in versions.folder.names():
        card, scores = versions.folder.card(name), versions.folder.scores(name, versions.held_out_name)
        assert card is not None  # noqa: S101 - names() lists those that have one
        told = f"accuracy {scores.accuracy:.4f}, out-of-scope recall {scores.oos_recall:.4f}" if scores else "no scores"
        mark = "*" if name == served else " "
        print(f"{mark} {name}  {card.made_at}  {card.examples} examples ({card.approved} approved)  {told}")
    for line in versions.folder.history():
        what = "rolled back to" if line.back else "published (forced)" if line.forced else "published"
        say(f"{line.at}  {what} {line.model}  {line.reason}")
    return 0


def _compare(versions: Versions, arguments: argparse.Namespace) -> int:
    first = arguments.first or versions.folder.served() or newest(versions.folder.names())
    second = arguments.second or newest(versions.folder.names())
    old, new = versions.scores(first), versions.scores(second)
    print(table((first, old), (second, new), find_losses(old, new)))
    return 0


def _publish(versions: Versions, arguments: argparse.Namespace) -> int:
    if arguments.force and not arguments.reason.strip():
        raise Refused("--force needs --reason: somebody will ask")
    name = arguments.version or newest(versions.folder.names())
    print(versions.publish(name, force=arguments.force, reason=arguments.reason.strip()))
    return 0


def _faults(versions: Versions, arguments: argparse.Namespace) -> int:
    name = arguments.version or newest(versions.folder.names())
    shown(measure_faults(versions.encoder, versions.folder.path(name)), print)
    return 0


def _rollback(versions: Versions, arguments: argparse.Namespace) -> int:
    print(f"{versions.folder.roll_back(at=at_once(), reason=arguments.reason.strip())} is served from now on")
    return 0
