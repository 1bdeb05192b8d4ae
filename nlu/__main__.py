"""`python -m nlu`: prepare, measure, and keep versions of the model. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from pathlib import Path

from pydantic import ConfigDict

import kit.one_thread  # noqa: F401 - before numpy
from kit.contracts import Language
from kit.refusals import Refusal
from kit.rooms import text_folders
from kit.settings import Settings, SettingsFault, load_settings
from kit.texts import Texts
from nlu.adapters.build import build_encoder, build_stand_in, fitted_folder
from nlu.adapters.cli import Versions, add_commands
from nlu.adapters.complaint_commands import add_complaint_commands, run_complaints
from nlu.adapters.complaint_versions import ComplaintVersions
from nlu.adapters.complaints import fit_complaints, load_complaints
from nlu.adapters.evaluation import evaluate, read_all
from nlu.adapters.kept_versions import say
from nlu.adapters.rasa_process import RasaFault
from nlu.adapters.teaching import with_teaching
from nlu.complaint.agreement import agreement, read_second_labels
from nlu.complaint.evaluate import confusions
from nlu.complaint.evaluate import figures as complaint_figures
from nlu.complaint.rows import read_any_rows
from nlu.complaint.rows import read_rows as complaint_rows
from nlu.contracts import ExampleState, Severity
from nlu.encoder.weights import WeightsFault
from nlu.normalise import bare
from nlu.settings import NluSettings
from nlu.starter_content import read_rows
from nlu.teaching import Reviewed, Teaching
from nlu.versions import Refused

BY_COMMAND = "command line"
"""Who decided, where nobody was signed in."""


class _OwnSection(Settings):
    """config.yml as far as this room reads it; the desk itself checks the whole file."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    nlu: NluSettings = NluSettings()


def _settings(arguments: argparse.Namespace) -> NluSettings:
    return load_settings(arguments.config, _OwnSection).nlu


def _prepare(arguments: argparse.Namespace) -> int:
    """Fit what the desk needs before its first message, so that web and worker start at once."""
    settings, began = _settings(arguments), time.monotonic()
    encoder = build_encoder(settings.encoder)
    build_stand_in(encoder)
    load_complaints(encoder, settings.complaint, fitted_folder())
    say(f"understanding is ready ({time.monotonic() - began:.0f} s)")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    """Train the production pipeline on --train, ask the served model every text of --test, report."""
    rows, tests = read_rows(arguments.train), read_rows(arguments.test)
    if not rows or not tests:
        raise ValueError("both files need at least one row")
    _tell_shared([row.text for row in rows], [row.text for row in tests])
    encoder = build_encoder(_settings(arguments).encoder)
    figures, judged = evaluate(encoder, rows, tests, oos_label=arguments.oos_label, say=say)
    found = [dataclasses.asdict(each) for each in judged]
    _report({"figures": dataclasses.asdict(figures), "encoder": encoder.fingerprint, "rows": found}, arguments.json)
    for name, value in dataclasses.asdict(figures).items():
        print(f"{name:20} {_shown(value)}")
    return 0


def _tell_shared(taught: list[str], tests: list[str]) -> None:
    """Say how many test texts also teach: figures on those tell nothing. Case, width and punctuation do not count."""
    known = {bare(text) for text in taught}
    shared = sum(bare(text) in known for text in tests)
    if shared:
        say(f"note: {shared} test text(s) also stand in the training file")


def _evaluate_complaints(arguments: argparse.Namespace) -> int:
    """Figures of the complaint classifier: on the test split of the labelled sets, or trained on --train, on --test."""
    settings = _settings(arguments)
    encoder = build_encoder(settings.encoder)
    if (arguments.train is None) != (arguments.test is None):
        raise ValueError("--train and --test belong together")
    if arguments.train is None:
        classifier = load_complaints(encoder, settings.complaint, fitted_folder())
        rows = tuple(row for row in complaint_rows() if row.test)
        groups = {language.value: [row for row in rows if row.language is language] for language in Language}
    else:
        taught, rows = read_any_rows(arguments.train), read_any_rows(arguments.test)
        _tell_shared([row.text for row in taught], [row.text for row in rows])
        say(f"{len(taught)} training rows, {len(rows)} test rows; encoding and fitting")
        classifier = fit_complaints(encoder, settings.complaint, taught)
        groups = {"all": list(rows)}
    report: dict[str, object] = {"encoder": encoder.fingerprint}
    told: list[dict[str, object]] = []
    for name, some in groups.items():
        readings = [classifier.read(reading) for reading in read_all(encoder, [row.text for row in some])]
        found = dataclasses.asdict(complaint_figures(some, readings))
        report[name] = found | {"confusions": confusions(some, readings)}
        print(f"[{name}]")
        for figure, value in found.items():
            print(f"{figure:24} {_shown(value)}")
        told += [
            dataclasses.asdict(row) | {"read": dataclasses.asdict(reading)}
            for row, reading in zip(some, readings, strict=True)
        ]
    report["rows"] = told
    _report(report, arguments.json)
    return 0


def _agreement(arguments: argparse.Namespace) -> int:
    """How far the first and the second labelling of 200 complaint rows agree."""
    found = dataclasses.asdict(agreement(read_second_labels()))
    _report(found, arguments.json)
    for name, value in found.items():
        print(f"{name:24} {_shown(value)}")
    return 0


def _examples(arguments: argparse.Namespace) -> int:
    """List people's corrections, or decide on one: `--approve ID` (with what it really means), `--discard ID`."""

    async def work(teaching: Teaching) -> None:
        if arguments.approve:
            said = await teaching.load_open(arguments.approve)
            reviewed = Reviewed(
                text=said.text,
                intent=arguments.intent or said.intent,
                category=arguments.category or said.category,
                severity=Severity(arguments.severity) if arguments.severity else said.severity,
            )
            await teaching.approve(said.id, by=BY_COMMAND, reviewed=reviewed)
        if arguments.discard:
            await teaching.discard(arguments.discard, by=BY_COMMAND)
        for each in await teaching.listed(ExampleState(arguments.state)):
            said_of = " ".join((each.intent, each.category, each.severity or "")).strip()
            print(f"{each.id}  {each.heard or '-'} -> {said_of}  {each.text}")
        say(", ".join(f"{count} {state}" for state, count in (await teaching.counts()).items()))

    try:
        with_teaching(arguments.data_dir, work)
    except Refusal as refusal:
        raise ValueError(Texts.load(text_folders())(refusal.text_key, Language.EN, **refusal.slots)) from refusal
    return 0


def _complaint_versions(arguments: argparse.Namespace) -> ComplaintVersions:
    settings = _settings(arguments)
    return ComplaintVersions(
        build_encoder(settings.encoder),
        settings.complaint,
        arguments.data_dir,
        fitted=fitted_folder(),
        approved=lambda: with_teaching(arguments.data_dir, Teaching.approved_corrections) or [],
    )


def _report(report: dict[str, object], path: Path | None) -> None:
    if path is not None:
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description=__doc__)
    parser.add_argument(
        "--data-dir", type=Path, default=Path("var"), help="where models and fitted files are kept (default var)"
    )
    parser.add_argument(
        "--config", type=Path, default=Path("config.yml"), help="the desk's settings (default config.yml)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help=_prepare.__doc__).set_defaults(run=_prepare)
    add_commands(commands)
    add_complaint_commands(commands)
    measure = commands.add_parser("evaluate", help=_evaluate.__doc__)
    measure.add_argument("--train", type=Path, required=True, help='JSON lines {"text", "label"}')
    measure.add_argument("--test", type=Path, required=True, help='JSON lines {"text", "label"}')
    measure.add_argument(
        "--oos-label", default="", help="label of out-of-scope rows; without it every text gets an intent"
    )
    measure.add_argument("--json", type=Path, help="also write the figures and one row a text here")
    measure.set_defaults(run=_evaluate)
    examples = commands.add_parser("examples", help=_examples.__doc__)
    examples.add_argument("--state", choices=list(ExampleState), default=ExampleState.PROPOSED)
    examples.add_argument("--approve", metavar="ID", default="")
    examples.add_argument("--discard", metavar="ID", default="")
    examples.add_argument("--intent", metavar="NAME", help="what the approved one really means")
    examples.add_argument("--category", metavar="NAME", help="what the approved complaint is about")
    examples.add_argument("--severity", choices=list(Severity), help="how bad the approved complaint is")
    examples.set_defaults(run=_examples)
    complaints = commands.add_parser("evaluate-complaints", help=_evaluate_complaints.__doc__)
    complaints.add_argument(
        "--train", type=Path, help='JSON lines {"text", "complaint", "category", "severity", ...}; any categories'
    )
    complaints.add_argument("--test", type=Path, help="the same; never trained on")
    complaints.add_argument("--json", type=Path, help="also write the figures and one row a text here")
    complaints.set_defaults(run=_evaluate_complaints)
    agree = commands.add_parser("agreement", help=_agreement.__doc__)
    agree.add_argument("--json", type=Path, help="also write the figures here")
    agree.set_defaults(run=_agreement)
    arguments = parser.parse_args()
    try:
        if "versions_command" in arguments:
            versions = Versions(
                _settings(arguments),
                arguments.data_dir,
                approved=lambda: with_teaching(arguments.data_dir, Teaching.approved) or [],
            )
            status: int = arguments.versions_command(versions, arguments)
            return status
        if "complaints_command" in arguments:
            return run_complaints(_complaint_versions(arguments), arguments)
        result: int = arguments.run(arguments)
    except (RasaFault, Refused, SettingsFault, WeightsFault, ValueError, OSError) as fault:
        say(f"nlu: {fault}")
        return 1
    return result


if __name__ == "__main__":
    raise SystemExit(main())
