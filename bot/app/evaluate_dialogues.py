"""bot.app: `python -m bot evaluate-dialogues`: labelled dialogues through the real turn over the starter's articles."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.app.trial import Told, Trial, choices_in, open_trial
from bot.evaluation.dialogues import Outcome, Row, as_json, by_group, figures_of, load_rows
from bot.evaluation.fitting import Example, fit
from bot.follow_up import WEIGHTS
from bot.logs import set_up_logging
from bot.policy.situation import ARTICLE
from kit.contracts import JsonValue
from kit.rooms import HOUSE

FOLDER = HOUSE / "knowledge_base" / "starter" / "evaluation"
FILES = (FOLDER / "follow_ups.jsonl", FOLDER / "two_questions.jsonl")
SPLITS = ("dev", "test", "all")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--dialogues", type=Path, nargs="+", default=list(FILES), help="labelled dialogues, JSON lines")
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument(
        "--fit", action="store_true", help="fit the follow-up model on the development half and show it"
    )
    parser.add_argument("--json", type=Path, default=None, help="write figures and every dialogue there")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def main(args: argparse.Namespace) -> int:
    """Run the dialogues and print the table."""
    set_up_logging(None, level=50)
    split = "dev" if args.fit else args.split
    rows = [row for path in args.dialogues for row in load_rows(path) if split in {"all", row.split}]
    seen = asyncio.run(evaluate(rows, config=args.config, data_dir=args.data_dir))
    sys.stdout.write(f"{table(seen.outcomes)}\n")
    if args.fit:
        sys.stdout.write(f"served {asdict(WEIGHTS)}\nfitted {asdict(fit(seen.examples))}\n")
    if args.json is not None:
        args.json.write_text(json.dumps(as_json(seen.outcomes), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


@dataclass(slots=True, kw_only=True)
class Seen:
    """What came of the dialogues."""

    outcomes: list[Outcome] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    """Article keys by id."""


async def evaluate(rows: Sequence[Row], *, config: Path, data_dir: Path | None = None) -> Seen:
    """Say every dialogue in a conversation of its own."""
    async with open_trial(config=config, data_dir=data_dir, starter=True) as trial:
        return await run_rows(trial, rows)


async def run_rows(trial: Trial, rows: Sequence[Row], *, name: str = "row") -> Seen:
    """The same over a trial that is open already; `name` sets one run's conversations apart from another's."""
    seen = Seen()
    for number, row in enumerate(rows):
        told = [await trial.say(text, language=row.language, conversation=f"{name}-{number}") for text in row.texts]
        for each in told:
            seen.keys |= _keys_in(each)
        seen.outcomes.append(_outcome(row, told[-1], seen.keys))
        example = _example(row, told, seen.keys)
        seen.examples += [example] if example is not None else []
    return seen


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures for people."""
    lines = [f"{'':16}{'rows':>6}{'right':>7}{'wrong':>7}{'found':>7}"]
    groups = [(f"{language} {group}", figures) for (language, group), figures in by_group(outcomes).items()]
    for name, figures in (*groups, ("all", figures_of(outcomes))):
        lines.append(f"{name:16}{figures.rows:>6}{figures.right:>7}{figures.wrong:>7}{figures.found:>7}")
    return "\n".join(lines)


def _outcome(row: Row, told: Told, keys: Mapping[str, str]) -> Outcome:
    sources = [reply.payload.get("source") for reply in told.replies]
    buttons = [choice for reply in told.replies for choice in choices_in(reply.payload)]
    offered = [choice.removeprefix(ARTICLE) for choice, _ in buttons if choice.startswith(ARTICLE)]
    return Outcome(
        row=row,
        decision=told.record.rule,
        answered=tuple(str(source["key"]) for source in sources if isinstance(source, dict)),
        offered=tuple(keys.get(article_id, "") for article_id in offered),
    )


def _example(row: Row, told: Sequence[Told], keys: Mapping[str, str]) -> Example | None:
    """What the follow-up model was given, where it was asked."""
    looked = told[-1].record.why.get("looked")
    found = looked[0] if isinstance(looked, list) and looked else None
    if not isinstance(found, dict) or "context" not in found or len(told) < 2:  # noqa: PLR2004 - nothing came before
        return None
    ids = {key: article_id for article_id, key in keys.items()}
    old = told[-2].record.article_id
    gold = ids.get(row.gold[0]) if row.gold else None
    return Example(alone=_pairs(found["alone"]), behind=_pairs(found["context"]), old=old or "", gold=gold)


def _keys_in(told: Told) -> dict[str, str]:
    search = told.record.why.get("search")
    matches = search.get("matches") if isinstance(search, dict) else None
    return {
        str(match["article_id"]): str(match["key"])
        for match in (matches if isinstance(matches, list) else [])
        if isinstance(match, dict)
    }


def _pairs(raw: JsonValue) -> dict[str, float]:
    return {
        str(pair[0]): float(str(pair[1])) for pair in (raw if isinstance(raw, list) else []) if isinstance(pair, list)
    }
