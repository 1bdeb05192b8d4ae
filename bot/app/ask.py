"""bot.app: `python -m bot ask "…"`: one text through the real turn, with everything that led to the decision.

The conversation lives in a throw-away store. The articles are the desk's own, read only, where the desk has any;
else the starter's, in a store of this command's own below the data directory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from bot.app.ground import Ground, open_ground, read_settings
from bot.app.mind import build_base, build_rasa
from bot.app.rooms import Rooms, build_rooms
from bot.app.secrets import Secrets, load_secrets
from bot.app.turning import build_turn
from bot.contracts import Entry, EntryKind, Inbound, InboundKind, TurnRecord
from bot.logs import set_up_logging
from bot.migrations.tables import load_tables
from bot.turn import Turn
from kit.contracts import JsonValue, Language
from kit.sql import Database
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.adapters.build import KnowledgeBaseParts
from nlu.adapters.build import build_encoder, build_nlu
from nlu.ports import Encoder

log = structlog.get_logger("bot.ask")

SHOWN = 5
CHANNEL = "ask"
WARM_UP = "1"
"""Run once before, so that the figure is that of a desk at work and not of a cold start."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("text")
    parser.add_argument("--lang", type=Language, choices=list(Language), default=None)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--data-dir", type=Path, default=None)


def main(args: argparse.Namespace) -> int:
    """Ask and print."""
    set_up_logging(None, level=50)
    answer = asyncio.run(ask(args.text, args.lang, config=args.config, data_dir=args.data_dir))
    sys.stdout.write(f"{json.dumps(answer, ensure_ascii=False, indent=2) if args.json else as_text(answer)}\n")
    return 0


async def ask(
    text: str, language: Language | None, *, config: Path, data_dir: Path | None = None
) -> dict[str, JsonValue]:
    """The decision about `text`, with replies, article, scores and latency. Raises the inbox's refusals."""
    settings, folder = read_settings(config, data_dir)
    with tempfile.TemporaryDirectory(prefix="desk-ask-") as scratch:
        real = load_secrets(folder)
        secrets = Secrets(database_url=f"sqlite:///{scratch}/ask.db", desk=real.desk, rasa_url=real.rasa_url)
        async with open_ground(settings, folder, secrets=secrets) as ground:
            load_tables()
            await ground.database.create_schema()
            async with _asking(ground, desk_url=real.database_url) as (rooms, turn):
                await _ask(rooms, turn, WARM_UP, language, "warm-up")
                record, replies = await _ask(rooms, turn, text, language, "question")
    return as_json(text, record, replies)


@contextlib.asynccontextmanager
async def _asking(ground: Ground, *, desk_url: str) -> AsyncIterator[tuple[Rooms, Turn]]:
    settings = ground.settings.nlu
    encoder = await asyncio.to_thread(build_encoder, settings.encoder)
    async with contextlib.AsyncExitStack() as stack:
        executor = stack.enter_context(ThreadPoolExecutor(2))
        rasa = build_rasa(ground)
        if rasa is not None:
            stack.push_async_callback(rasa.aclose)
        understand = await asyncio.to_thread(lambda: build_nlu(settings, encoder=encoder, executor=executor, rasa=rasa))
        base = await stack.enter_async_context(_base(ground, encoder, desk_url=desk_url))
        rooms = build_rooms(ground)
        yield rooms, build_turn(ground, rooms, understand=understand, search=base.search)


@contextlib.asynccontextmanager
async def _base(ground: Ground, encoder: Encoder, *, desk_url: str) -> AsyncIterator[KnowledgeBaseParts]:
    """The desk's articles; the starter's where the desk has none, kept for the next question."""
    desk = await _desk_with_articles(desk_url)
    own = ground.data_dir / "ask"
    database = desk or Database(f"sqlite:///{own / 'starter.db'}")
    folder = ground.data_dir if desk is not None else own
    base = build_base(replace(ground, data_dir=folder), encoder=encoder, fits=desk is None, database=database)
    try:
        if desk is None:
            await database.create_schema()
            await base.importing.import_starter()
        await base.search.open()
        await base.live.settled()
        yield base
    finally:
        await base.search.close()
        await database.close()


async def _desk_with_articles(url: str) -> Database | None:
    if url.startswith("sqlite") and not await asyncio.to_thread(Path(url.removeprefix("sqlite:///")).exists):
        return None
    database = Database(url)
    try:
        if await SqlArticleStore(database).keys():
            return database
    except DBAPIError:
        # Not migrated yet: there is nothing in it to ask.
        log.info("ask.desk_not_ready")
    await database.close()
    return None


async def _ask(
    rooms: Rooms, turn: Turn, text: str, language: Language | None, name: str
) -> tuple[TurnRecord, list[Entry]]:
    inbound = Inbound(
        channel=CHANNEL,
        external_id=name,
        address=name,
        kind=InboundKind.TEXT,
        text=text,
        language_hint=language,
    )
    received = await rooms.inbox.receive(inbound)
    await turn.run(received.conversation_id)
    [record] = await rooms.turns.of_conversation(received.conversation_id)
    entries = await rooms.store.entries(received.conversation_id, after=received.seq)
    return record, [entry for entry in entries if entry.kind is EntryKind.BOT]


def as_json(text: str, record: TurnRecord, replies: list[Entry]) -> dict[str, JsonValue]:
    """Everything worth knowing about one decision."""
    search = record.why.get("search")
    level = search.get("level") if isinstance(search, dict) else None
    return {
        "text": text,
        "language": record.language.value,
        "decision": record.decision,
        "rule": record.rule,
        "level": level,
        "article": None if record.article_id is None else record.article_title,
        "confidence": record.confidence,
        "intent": record.intent,
        "intent_confidence": round(record.intent_confidence, 4),
        "replies": [reply.text for reply in replies],
        "choices": [reply.payload.get("choices", []) for reply in replies],
        "milliseconds": record.milliseconds,
        "faults": list(record.faults),
        "why": record.why,
    }


def as_text(answer: dict[str, JsonValue]) -> str:
    """The same for people: names and values, then the candidates, then what the customer reads."""
    names = ("decision", "rule", "language", "level", "article", "confidence", "intent", "intent_confidence")
    lines = [f"{name:18} {answer[name]}" for name in names if answer[name] is not None]
    lines.append(f"{'milliseconds':18} {answer['milliseconds']}")
    why = answer["why"]
    search = why.get("search") if isinstance(why, dict) else None
    if isinstance(search, dict):
        lines.append(f"{'thresholds':18} {search['answer_threshold']} / {search['clarify_threshold']}")
        matches = search["matches"]
        lines += [
            f"  {match['confidence']:<8} {match['similarity']:<8} {match['key']}  {match['title']}"
            for match in (matches[:SHOWN] if isinstance(matches, list) else [])
            if isinstance(match, dict)
        ]
    faults = answer["faults"]
    if isinstance(faults, list) and faults:
        lines.append(f"{'faults':18} {', '.join(map(str, faults))}")
    replies, choices = answer["replies"], answer["choices"]
    for reply, options in zip(
        replies if isinstance(replies, list) else [], choices if isinstance(choices, list) else [], strict=False
    ):
        labels = [
            str(option["label"])
            for option in (options if isinstance(options, list) else [])
            if isinstance(option, dict)
        ]
        lines += ["", str(reply), *([f"[{'] ['.join(labels)}]"] if labels else [])]
    return "\n".join(lines)
