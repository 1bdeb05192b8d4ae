"""bot.app: a desk to try things on: the real turn, models and articles over a throw-away store of conversations.

The articles are the desk's own, read only, where the desk has any; else the starter's, in a store of the trial's own
below the data directory.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from bot.app.ground import Ground, open_ground, read_settings
from bot.app.mind import build_base, build_rasa
from bot.app.rooms import Rooms, build_rooms
from bot.app.secrets import Secrets, load_secrets
from bot.app.turning import build_turn
from bot.contracts import Entry, EntryKind, Inbound, InboundKind, TurnRecord
from bot.migrations.tables import load_tables
from bot.turn import Turn
from kit.contracts import JsonValue, Language
from kit.sql import Database
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.adapters.build import KnowledgeBaseParts
from nlu.adapters.build import build_encoder, build_nlu
from nlu.ports import Encoder

log = structlog.get_logger("bot.trial")

CHANNEL = "ask"
WARM_UP = "1"
"""Said once before, so that the figures are those of a desk at work and not of a cold start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the bot did about one text."""

    text: str
    record: TurnRecord
    replies: tuple[Entry, ...]


def choices_in(payload: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    """(id, label) of the buttons of a reply."""
    choices = payload.get("choices")
    known = choices if isinstance(choices, list) else []
    return [(str(choice["id"]), str(choice["label"])) for choice in known if isinstance(choice, dict)]


@dataclass(slots=True, kw_only=True)
class Trial:
    """Conversations with the bot."""

    rooms: Rooms
    turn: Turn
    _said: int = field(default=0, init=False)

    async def say(self, text: str, *, language: Language | None = None, conversation: str = "1") -> Told:
        """A customer writes and the turn runs. Raises the inbox's refusals."""
        return await self._hear(conversation, InboundKind.TEXT, text=text, language=language)

    async def press(self, choice: str, *, conversation: str = "1") -> Told:
        """A customer presses a button, such as `human`."""
        return await self._hear(conversation, InboundKind.PRESS, choice=choice)

    async def _hear(
        self,
        conversation: str,
        kind: InboundKind,
        *,
        text: str = "",
        choice: str = "",
        language: Language | None = None,
    ) -> Told:
        self._said += 1
        inbound = Inbound(
            channel=CHANNEL,
            external_id=f"{self._said}",
            address=conversation,
            kind=kind,
            text=text,
            choice=choice,
            language_hint=language,
        )
        received = await self.rooms.inbox.receive(inbound)
        await self.turn.run(received.conversation_id)
        records = await self.rooms.turns.of_conversation(received.conversation_id, limit=1)
        entries = await self.rooms.store.entries(received.conversation_id, after=received.seq)
        replies = tuple(entry for entry in entries if entry.kind is EntryKind.BOT)
        return Told(text=text or choice, record=records[-1], replies=replies)


@contextlib.asynccontextmanager
async def open_trial(*, config: Path, data_dir: Path | None = None, starter: bool = False) -> AsyncIterator[Trial]:
    """Load models and articles; `starter` asks for the starter's articles whatever the desk has."""
    settings, folder = read_settings(config, data_dir)
    with tempfile.TemporaryDirectory(prefix="desk-trial-") as scratch:
        real = load_secrets(folder)
        secrets = Secrets(database_url=f"sqlite:///{scratch}/trial.db", desk=real.desk, rasa_url=real.rasa_url)
        async with open_ground(settings, folder, config=config, secrets=secrets) as ground:
            load_tables()
            await ground.database.create_schema()
            async with _minded(ground, desk_url="" if starter else real.database_url) as (rooms, turn):
                trial = Trial(rooms=rooms, turn=turn)
                await trial.say(WARM_UP, conversation="warm-up")
                yield trial


@contextlib.asynccontextmanager
async def _minded(ground: Ground, *, desk_url: str) -> AsyncIterator[tuple[Rooms, Turn]]:
    settings = ground.settings.nlu
    encoder = await asyncio.to_thread(build_encoder, settings.encoder)
    async with contextlib.AsyncExitStack() as stack:
        executor = stack.enter_context(ThreadPoolExecutor(2))
        rasa = build_rasa(ground)
        if rasa is not None:
            stack.push_async_callback(rasa.aclose)
        understand = await asyncio.to_thread(
            lambda: build_nlu(settings, encoder=encoder, executor=executor, rasa=rasa, data_dir=ground.data_dir)
        )
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
    if not url:
        return None
    if url.startswith("sqlite") and not await asyncio.to_thread(Path(url.removeprefix("sqlite:///")).exists):
        return None
    database = Database(url)
    try:
        if await SqlArticleStore(database).keys():
            return database
    except DBAPIError:
        # Not migrated yet: there is nothing in it to ask.
        log.info("trial.desk_not_ready")
    await database.close()
    return None
