"""bot.app: `python -m bot why REPLY`: why the bot said that, replayed, and what it would say today."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app.ground import open_ground, read_settings
from bot.app.mind import build_base
from bot.app.rooms import build_rooms
from bot.logs import set_up_logging
from bot.past_replies import RecordedReplies
from kit.refusals import NotFound
from knowledge_base.adapters.build import build_replay
from knowledge_base.contracts import Explanation, Weighed, Why
from nlu.adapters.build import build_encoder
from nlu.adapters.reads_only import ReadsOnly
from nlu.service import fold

SHOWN = 5
PARTS = 6
NOT_FOUND = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("reply", help="a decision's id (`payload.decision` of the entry), or CONVERSATION:ENTRY")
    parser.add_argument("--json", action="store_true", help="everything, for machines")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def main(args: argparse.Namespace) -> int:
    """Explain and print."""
    set_up_logging(None, level=50)
    try:
        why = asyncio.run(explain(args.reply, config=args.config, data_dir=args.data_dir))
    except NotFound:
        print(f"why: no reply {args.reply!r} in this desk", file=sys.stderr)
        return NOT_FOUND
    if args.json:
        content = {**dataclasses.asdict(why), "same": why.same}
        print(json.dumps(content, ensure_ascii=False, indent=2, default=str))
    else:
        print(as_text(why))
    return 0


async def explain(reply: str, *, config: Path, data_dir: Path | None = None) -> Why:
    """Why this reply was given. Raises `NotFound`."""
    settings, folder = read_settings(config, data_dir)
    async with open_ground(settings, folder) as ground:
        encoder = await asyncio.to_thread(build_encoder, settings.nlu.encoder)
        base = build_base(ground, encoder=encoder, fits=False)
        try:
            await base.search.open()
            replies = RecordedReplies(build_rooms(ground).turns)
            replay = build_replay(base, reader=ReadsOnly(encoder), replies=replies, normalise=fold)
            return await replay.why(reply)
        finally:
            await base.search.close()


def as_text(why: Why) -> str:
    """For people."""
    reply = why.reply
    level = "-" if reply.level is None else reply.level.value
    lines = [
        f"question   {reply.question}",
        f"asked      {reply.at:%Y-%m-%d %H:%M:%S %Z}, {reply.language}",
        f"decided    {reply.decision} by rule {reply.rule}, search {level}",
        f"versions   base {reply.knowledge_base_version}, search {reply.model or '-'}, intents {reply.understood_by}",
        f"thresholds answer {reply.answer_threshold:.3f}, choices {reply.clarify_threshold:.3f}",
        "",
        "recorded:",
        *(f"  {match.confidence:6.3f}  {match.title} (version {match.version})" for match in reply.matches[:SHOWN]),
    ]
    if why.then is not None:
        lines += ["", f"replayed ({'the same' if why.same else 'NOT the same'}):", *_explained(why.then)]
    elif why.not_then is not None:
        lines += ["", f"not replayed: {why.not_then.value}"]
    if why.today is not None:
        lines += ["", f"today (base {why.today.result.knowledge_base_version}):", *_explained(why.today)]
    return "\n".join(lines)


def _explained(explanation: Explanation) -> list[str]:
    result = explanation.result
    lines = [f"  {result.level.value}; answer from {result.answer_threshold:.3f}, {result.model}"]
    for each in explanation.candidates[:SHOWN]:
        lines.append(
            f"  {each.match.confidence:6.3f}  {each.match.title} (version {each.match.version}, score {each.score:.2f})"
        )
        lines.append(f"          {_parts(each.weighed)}")
    if explanation.confidence:
        lines.append(f"  confidence of the first: {_parts(explanation.confidence)}")
    if explanation.word_for_word:
        lines.append("  the question stands in the base word for word")
    return lines


def _parts(weighed: Sequence[Weighed]) -> str:
    biggest = sorted(weighed, key=lambda part: -abs(part.moved))[:PARTS]
    return ", ".join(f"{part.name} {part.moved:+.2f}" for part in biggest)
