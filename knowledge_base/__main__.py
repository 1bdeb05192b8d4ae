"""`python -m knowledge_base COMMAND`: measures the search on one's own or anybody's questions (docs/evaluation.md)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import kit.one_thread  # noqa: F401 - before numpy
from knowledge_base.adapters.build import default_vector_cache
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.adapters.vector_cache import FileVectorCache
from knowledge_base.cli import calibrate, evaluate, evaluate_disturbed, evaluate_own
from knowledge_base.encoding import WordingEncoder
from knowledge_base.evaluation.rows import RowsFault
from knowledge_base.evaluation.run import Bench
from knowledge_base.settings import KnowledgeBaseSettings
from nlu.encoder import build_encoder
from nlu.language import detect_language
from nlu.normalise import fold
from nlu.settings import EncoderSettings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    anybody = commands.add_parser("evaluate", help="measure the search on your own articles and questions")
    anybody.add_argument(
        "--faqs", type=Path, required=True, help='rows {"id","question","variants","answer","language"}'
    )
    anybody.add_argument("--queries", type=Path, required=True, help='rows {"text","gold": id or null,"group"}')
    anybody.add_argument(
        "--dev", type=Path, help="rows as in --queries; fusion and confidence are fitted on them alone"
    )
    anybody.add_argument("--json", type=Path, help="write figures and one row per question here")
    own = commands.add_parser("evaluate-own", help="measure the starter articles on what was held out")
    own.add_argument("--json", type=Path, help="write figures and one row per question here")
    otherwise = commands.add_parser(
        "evaluate-disturbed", help="measure what slips, scripts and noise cost: the starter articles' wordings changed"
    )
    otherwise.add_argument("--json", type=Path, help="write figures and one row per question here")
    trade = commands.add_parser("calibrate", help="show the trade between precision and coverage")
    trade.add_argument("--faqs", type=Path, help="your own articles (default: the starter articles)")
    trade.add_argument("--dev", type=Path, help="your own labelled questions (default: the articles' wordings)")
    for command in (anybody, own, otherwise, trade):
        command.add_argument("--precision", type=float, help="wanted precision of an answer (default 0.95)")
    return parser


def main() -> int:
    """Run the command line."""
    arguments = _parser().parse_args()
    settings = KnowledgeBaseSettings()
    if arguments.precision is not None:
        settings = KnowledgeBaseSettings(answer_precision=arguments.precision)
    bench = Bench(
        encoder=WordingEncoder(build_encoder(EncoderSettings()), FileVectorCache(default_vector_cache())),
        normalise=fold,
        builder=FaissBuilder(settings.index),
        settings=settings,
        say=lambda text: print(text, file=sys.stderr, flush=True),
    )
    try:
        match arguments.command:
            case "evaluate":
                evaluate(
                    bench,
                    detect_language,
                    faqs=arguments.faqs,
                    queries=arguments.queries,
                    dev=arguments.dev,
                    out=arguments.json,
                )
            case "evaluate-own":
                evaluate_own(bench, out=arguments.json)
            case "evaluate-disturbed":
                evaluate_disturbed(bench, out=arguments.json)
            case _:
                calibrate(bench, detect_language, faqs=arguments.faqs, dev=arguments.dev)
    except (RowsFault, OSError) as fault:
        print(f"knowledge_base: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
