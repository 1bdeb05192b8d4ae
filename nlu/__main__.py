"""`python -m nlu`: prepare, train, evaluate, evaluate-complaints. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

from pydantic import ConfigDict

import kit.one_thread  # noqa: F401 - before numpy
from kit.contracts import Language
from kit.settings import Settings, SettingsFault, load_settings
from nlu.adapters.build import build_encoder, build_stand_in, fitted_folder, models_folder
from nlu.adapters.complaints import load_complaints
from nlu.adapters.evaluation import evaluate, read_all
from nlu.adapters.rasa_process import RasaFault
from nlu.adapters.training import config_text, starter_files, train
from nlu.complaint.evaluate import figures as complaint_figures
from nlu.complaint.rows import read_rows as complaint_rows
from nlu.encoder.weights import WeightsFault
from nlu.settings import NluSettings
from nlu.starter_content import read_rows


class _OwnSection(Settings):
    """config.yml as far as this room reads it; the desk itself checks the whole file."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    nlu: NluSettings = NluSettings()


def _settings(arguments: argparse.Namespace) -> NluSettings:
    return load_settings(arguments.config, _OwnSection).nlu


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def _prepare(arguments: argparse.Namespace) -> int:
    """Fit what the desk needs before its first message, so that web and worker start at once."""
    settings, began = _settings(arguments), time.monotonic()
    encoder = build_encoder(settings.encoder)
    build_stand_in(encoder)
    load_complaints(encoder, settings.complaint, fitted_folder())
    say(f"understanding is ready ({time.monotonic() - began:.0f} s)")
    return 0


def _train(arguments: argparse.Namespace) -> int:
    """Train the starter's Rasa model unless it is there; prints the file."""
    encoder = build_encoder(_settings(arguments).encoder)
    trained = train(
        encoder,
        models_folder(arguments.data_dir),
        files=starter_files(),
        config=config_text(),
        progress=lambda done: say(f"  {done} examples encoded"),
    )
    say(f"trained in {trained.seconds:.0f} s" if trained.fresh else "this model was trained before")
    print(trained.model)
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    """Train the production pipeline on --train, ask the served model every text of --test, report."""
    rows, tests = read_rows(arguments.train), read_rows(arguments.test)
    if not rows or not tests:
        raise ValueError("both files need at least one row")
    shared = {row.text for row in rows} & {row.text for row in tests}
    if shared:
        say(f"note: {len(shared)} test text(s) also stand in the training file")
    encoder = build_encoder(_settings(arguments).encoder)
    figures, judged = evaluate(encoder, rows, tests, oos_label=arguments.oos_label, say=say)
    found = [dataclasses.asdict(each) for each in judged]
    _report({"figures": dataclasses.asdict(figures), "encoder": encoder.fingerprint, "rows": found}, arguments.json)
    for name, value in dataclasses.asdict(figures).items():
        print(f"{name:20} {_shown(value)}")
    return 0


def _evaluate_complaints(arguments: argparse.Namespace) -> int:
    """Figures of the complaint classifier on the test split of the labelled sets, per language."""
    settings = _settings(arguments)
    encoder = build_encoder(settings.encoder)
    classifier = load_complaints(encoder, settings.complaint, fitted_folder())
    rows = [row for row in complaint_rows() if row.test]
    readings = [classifier.read(reading) for reading in read_all(encoder, [row.text for row in rows])]
    report: dict[str, object] = {"encoder": encoder.fingerprint}
    for language in Language:
        some = [i for i, row in enumerate(rows) if row.language is language]
        found = dataclasses.asdict(complaint_figures([rows[i] for i in some], [readings[i] for i in some]))
        report[language.value] = found
        print(f"[{language}]")
        for name, value in found.items():
            print(f"{name:20} {_shown(value)}")
    report["rows"] = [
        {
            "text": row.text,
            "language": row.language,
            "complaint": row.complaint,
            "category": row.category,
            "severity": row.severity,
            "read": dataclasses.asdict(reading),
        }
        for row, reading in zip(rows, readings, strict=True)
    ]
    _report(report, arguments.json)
    return 0


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
    commands.add_parser("train", help=_train.__doc__).set_defaults(run=_train)
    measure = commands.add_parser("evaluate", help=_evaluate.__doc__)
    measure.add_argument("--train", type=Path, required=True, help='JSON lines {"text", "label"}')
    measure.add_argument("--test", type=Path, required=True, help='JSON lines {"text", "label"}')
    measure.add_argument(
        "--oos-label", default="", help="label of out-of-scope rows; without it every text gets an intent"
    )
    measure.add_argument("--json", type=Path, help="also write the figures and one row a text here")
    measure.set_defaults(run=_evaluate)
    complaints = commands.add_parser("evaluate-complaints", help=_evaluate_complaints.__doc__)
    complaints.add_argument("--json", type=Path, help="also write the figures and one row a text here")
    complaints.set_defaults(run=_evaluate_complaints)
    arguments = parser.parse_args()
    try:
        result: int = arguments.run(arguments)
    except (RasaFault, SettingsFault, WeightsFault, ValueError, OSError) as fault:
        say(f"nlu: {fault}")
        return 1
    return result


if __name__ == "__main__":
    raise SystemExit(main())
