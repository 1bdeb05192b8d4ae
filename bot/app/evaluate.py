"""bot.app: `python -m bot evaluate` (`make evaluate`): writes docs/evaluation.md, .json and the picture; minutes."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.app.ground import read_settings
from bot.app.report.measure import (
    Found,
    answer_figures,
    complaint_groups,
    intent_group,
    measure_answers,
    measure_complaints,
    measure_rasa,
    measure_stand_in,
)
from bot.app.report.overlap import count_near, starter_sets
from bot.app.report.page import Evaluation, as_json, as_page
from bot.app.report.pictures import draw_curve
from kit.rooms import HOUSE
from nlu.adapters.build import build_encoder
from nlu.adapters.evaluation import Judged
from nlu.adapters.rasa_process import VERSION, RasaFault

SEED = 0
TEMPLATE = Path(__file__).parent / "report" / "evaluation.template.md"
DATA = {
    "answers": ("knowledge_base/starter", "*"),
    "intents": ("nlu/rasa/data", "*.yml"),
    "held-out intents": ("nlu/starter", "*.jsonl"),
    "complaints": ("nlu/starter/complaints", "*.jsonl"),
}
"""What the figures were measured on: its contents are named in the report."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--out", type=Path, default=HOUSE / "docs", help="folder that is written to (default docs)")
    parser.add_argument("--without-rasa", action="store_true", help="leave out the intents of the trained Rasa model")


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def main(args: argparse.Namespace) -> int:
    """Measure everything and write the report."""
    began = time.monotonic()
    evaluation = measure(args.config, rasa=not args.without_rasa, pictures=args.out / "images")
    (args.out / "evaluation.json").write_text(as_json(evaluation), encoding="utf-8")
    page = as_page(evaluation, TEMPLATE.read_text(encoding="utf-8"))
    (args.out / "evaluation.md").write_text(page, encoding="utf-8")
    for found in evaluation.found:
        print(found.name, *(f"{name} {interval.value:.3f}" for name, interval in found.figures.items()), sep="  ")
    say(f"written to {args.out} ({time.monotonic() - began:.0f} s)")
    return 0


def measure(config: Path, *, rasa: bool, pictures: Path) -> Evaluation:
    """Every figure, one part after the other, each told on stderr."""
    settings, _ = read_settings(config)
    encoder = build_encoder(settings.nlu.encoder)
    say("1/5 answers: encoding the starter articles and asking what was held out")
    answers = measure_answers(encoder, settings.knowledge_base)
    pictures.mkdir(parents=True, exist_ok=True)
    draw_curve(answers.judged, pictures / "coverage-accuracy.svg", wanted=settings.knowledge_base.answer_precision)
    say("2/5 complaints")
    complaints = measure_complaints(encoder, settings.nlu.complaint)
    say("3/5 intents without Rasa")
    stand_in = measure_stand_in(encoder)
    found: list[Found] = [
        *answer_figures(answers.judged, seed=SEED),
        intent_group("intents stand-in", stand_in, seed=SEED),
    ]
    notes: list[str] = []
    intents: Sequence[Judged] = stand_in
    say("4/5 intents with Rasa: training")
    try:
        if rasa:
            intents = measure_rasa(encoder, lambda text: say(f"    {text}"))
            found.append(intent_group("intents Rasa", intents, seed=SEED))
        else:
            notes.append("Rasa's intents were left out by wish (`--without-rasa`).")
    except RasaFault as fault:
        notes.append(f"Rasa's intents were not measured: {fault}")
    found += complaint_groups(complaints, seed=SEED)
    say("5/5 looking for test texts that nearly stand in a training set")
    near = count_near(starter_sets())
    base = answers.trained.base
    versions = {
        "encoder": base.encoder,
        "calibration": base.calibration.version,
        "Rasa": VERSION,
        "seed": str(SEED),
        **{f"data: {name}": fingerprint(*place) for name, place in DATA.items()},
    }
    return Evaluation(
        found=found,
        answers=answers.judged,
        complaints=complaints,
        intents=intents,
        near=near,
        versions=versions,
        notes=notes,
    )


def fingerprint(folder: str, pattern: str) -> str:
    """Names the content of the files below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(_files(HOUSE / folder, pattern)):
        digest.update(path.relative_to(HOUSE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    return (path for path in folder.rglob(pattern) if path.is_file())
