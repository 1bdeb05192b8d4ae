"""bot.app: `python -m bot ask "…" ["…" …]`: texts through the real turn, with all that led to each decision.

Several texts are one customer's messages, one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.app.trial import Told, choices_in, open_trial
from bot.logs import set_up_logging
from kit.contracts import JsonValue, Language

SHOWN = 5
"""Candidates in the list for people."""
INDENT = "    "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("texts", nargs="+", metavar="text", help="one message; several are one dialogue, in order")
    parser.add_argument("--lang", type=Language, choices=list(Language), default=None)
    parser.add_argument("--json", action="store_true", help="everything; a list when there are several texts")
    parser.add_argument("--brief", action="store_true", help="only what customer and bot say")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def main(args: argparse.Namespace) -> int:
    """Ask and print."""
    set_up_logging(None, level=50)
    told = asyncio.run(ask(args.texts, args.lang, config=args.config, data_dir=args.data_dir))
    if args.json:
        answers: list[JsonValue] = [as_json(each) for each in told]
        out = json.dumps(answers if len(answers) > 1 else answers[0], ensure_ascii=False, indent=2)
    else:
        several = len(told) > 1 or args.brief
        out = "\n\n".join(as_text(each, headed=several, brief=args.brief) for each in told)
    sys.stdout.write(f"{out}\n")
    return 0


async def ask(
    texts: Sequence[str], language: Language | None, *, config: Path, data_dir: Path | None = None
) -> list[Told]:
    """What the bot does about each of `texts`, said one after the other. Raises the inbox's refusals."""
    async with open_trial(config=config, data_dir=data_dir) as trial:
        return [await trial.say(text, language=language) for text in texts]


def as_json(told: Told) -> dict[str, JsonValue]:
    """Everything worth knowing about one decision."""
    record = told.record
    search = record.why.get("search")
    level = search.get("level") if isinstance(search, dict) else None
    return {
        "text": told.text,
        "language": record.language.value,
        "decision": record.decision,
        "rule": record.rule,
        "level": level,
        "article": None if record.article_id is None else record.article_title,
        "confidence": record.confidence,
        "intent": record.intent,
        "intent_confidence": round(record.intent_confidence, 4),
        "replies": [reply.text for reply in told.replies],
        "choices": [reply.payload.get("choices", []) for reply in told.replies],
        "milliseconds": record.milliseconds,
        "faults": list(record.faults),
        "why": record.why,
    }


def as_text(told: Told, *, headed: bool, brief: bool) -> str:
    """The same for people: the message, the decision, the candidates, then what the customer reads."""
    lines = [f"> {told.text}"] if headed else []
    if not brief:
        lines += _decision(told)
    for reply in told.replies:
        lines += ["", *(f"{INDENT if headed else ''}{line}".rstrip() for line in reply.text.splitlines())]
        labels = [label for _, label in choices_in(reply.payload)]
        if labels:
            lines.append(f"{INDENT if headed else ''}[{'] ['.join(labels)}]")
    return "\n".join(lines)


def _decision(told: Told) -> Iterator[str]:
    record, why = told.record, told.record.why
    yield f"{'decision':12} {record.decision} ({record.rule}), {record.language.value}, {record.milliseconds} ms"
    yield f"{'intent':12} {record.intent} {record.intent_confidence:.2f}"
    search = why.get("search")
    if isinstance(search, dict):
        searched = why.get("searched")
        by = f", by {searched}" if isinstance(searched, str) else ""
        limits = f"answer from {_two(search['answer_threshold'])}, choices from {_two(search['clarify_threshold'])}"
        yield f"{'search':12} {search['level']}{by} ({limits})"
        matches = search["matches"]
        for match in matches[:SHOWN] if isinstance(matches, list) else []:
            if isinstance(match, dict):
                yield f"  {_two(match['confidence'])} {_two(match['similarity'])}  {match['key']}  {match['title']}"
    if record.faults:
        yield f"{'faults':12} {', '.join(record.faults)}"


def _two(number: JsonValue) -> str:
    return f"{float(str(number)):.2f}"
