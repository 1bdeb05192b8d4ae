"""`python -m benchmarks.index`: what the index holds and how fast: a million vectors, a hundred thousand articles.

The first run encodes the house's own sentences (a minute or two); they are kept in the folder for the next.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.index.articles import ArticleFigures, measure_articles
from benchmarks.index.neighbours import IndexFigures, measure_size
from benchmarks.index.vectors import encode, real_sentences
from benchmarks.machine import describe
from knowledge_base.settings import IndexSettings
from nlu.encoder import build_encoder
from nlu.settings import EncoderSettings

SIZES = (10_000, 100_000, 1_000_000)
ARTICLES = 100_000
PUBLICATIONS = 100


def say(text: str) -> None:
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def table(sizes: Sequence[IndexFigures], articles: ArticleFigures | None) -> str:
    """Two Markdown tables."""
    lines: list[str] = []
    if sizes:
        lines += [
            "| vectors | kind | recall@1 | far questions | p50, ms | p95, ms | built, processor s | vectors, MiB | index beside them, MiB |",  # noqa: E501
            "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
        ]
        lines += [
            f"| {each.rows:,} | {each.kind} | {each.recall:.3f} | {each.recall_far:.3f} | {each.p50_ms:.2f}"
            f" | {each.p95_ms:.2f} | {each.build_seconds:.0f} | {each.vectors_mib:.0f} | {each.index_mib:.0f} |"
            for each in sizes
        ]
    if articles is not None:
        lines += ["", *(f"* {name.replace('_', ' ')}: {_shown(value)}" for name, value in asdict(articles).items())]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="vectors in the index")
    parser.add_argument("--articles", type=int, default=ARTICLES, help="articles in the store; 0 leaves them out")
    parser.add_argument("--publications", type=int, default=PUBLICATIONS, help="articles published one by one")
    parser.add_argument("--sentences", type=Path, help="further real sentences, one a line")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where vectors and results are kept")
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    texts = real_sentences(args.sentences)
    say(f"{len(texts)} real sentences")
    np.save(folder / "real.npy", encode(build_encoder(EncoderSettings()), texts, folder / "vectors.sqlite", say))
    sizes: list[IndexFigures] = []
    # A process for each: what one has taken of memory is not counted to the next.
    spawn = multiprocessing.get_context("spawn")
    for rows in args.sizes:
        say(f"index over {rows:,} vectors …")
        with ProcessPoolExecutor(1, mp_context=spawn) as alone:
            sizes.append(alone.submit(measure_size, folder / "real.npy", rows, IndexSettings()).result())
        say(f"  {sizes[-1]}")
    articles = None
    if args.articles:
        say(f"{args.articles:,} articles …")
        with ProcessPoolExecutor(1, mp_context=spawn) as alone:
            articles = alone.submit(measure_articles, folder, args.articles, args.publications).result()
    content = {
        "machine": describe(),
        "index": [asdict(each) for each in sizes],
        "articles": asdict(articles) if articles else None,
    }
    (folder / "index.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    print(table(sizes, articles))
    print(f"\n{folder / 'index.json'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
