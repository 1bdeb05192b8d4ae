"""`python -m nlu`: prepare, train, evaluate, evaluate-complaints. Progress goes to stderr, results to stdout."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pydantic import ConfigDict

from nlu.adapters.build import build_encoder, build_stand_in, models_folder, room_folder
from nlu.adapters.complaints import load_complaints
from nlu.adapters.rasa_process import RasaFault
from nlu.adapters.training import config_text, starter_files, train
from nlu.encoder.weights import WeightsFault
from kit.settings import Settings, SettingsFault, load_settings
from nlu.settings import NluSettings


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
    build_stand_in(encoder, arguments.data_dir)
    load_complaints(encoder, settings.complaint, room_folder(arguments.data_dir))
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


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("var"), help="where models and fitted files are kept (default var)")
    parser.add_argument("--config", type=Path, default=Path("config.yml"), help="the desk's settings (default config.yml)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help=_prepare.__doc__).set_defaults(run=_prepare)
    commands.add_parser("train", help=_train.__doc__).set_defaults(run=_train)
    arguments = parser.parse_args()
    try:
        result: int = arguments.run(arguments)
    except (RasaFault, SettingsFault, WeightsFault, ValueError, OSError) as fault:
        say(f"nlu: {fault}")
        return 1
    return result


if __name__ == "__main__":
    raise SystemExit(main())
