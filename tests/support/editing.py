"""tests: the editors' knowledge base of real parts: SQLite, the real encoder, FAISS, staff, and its web application."""

from __future__ import annotations

import asyncio
import functools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app.programs import knowledge_gates
from kit.contracts import Clock, Language
from kit.ids import new_id
from kit.refusals import NotFound
from kit.rooms import static_folders, template_folders
from kit.signals import MemorySignals
from kit.sql import Database
from kit.texts import Texts
from kit.web.application import build_application
from kit.web.pages import Pages
from kit.web.settings import WebSettings
from knowledge_base.adapters.build import (
    KnowledgeBaseParts,
    build_editing,
    build_editors_desk,
    build_filing,
    build_knowledge_base,
    build_question_log,
    build_replay,
)
from knowledge_base.contracts import Miss, SearchResult
from knowledge_base.editing import Editing
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.filing import Filing
from knowledge_base.question_log import QuestionLog
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.starter import starter_drafts
from knowledge_base.web.exchange_pages import heading_names
from knowledge_base.web.routers import BODY_LIMITS, NAV, build_knowledge_router
from nlu.contracts import Reading, TextRole
from nlu.encoder import build_encoder
from nlu.ports import Encoder
from nlu.service import clean, detect_language, fold
from nlu.settings import NluSettings
from staff.adapters.build import build_staff, build_tokens
from staff.contracts import Person, Role
from staff.settings import StaffSettings
from staff.web.gate import CookieGate
from staff.web.routes import build_router
from tests.support.articles import DEPARTMENTS, AskedBefore
from tests.support.past_replies import Kept
from tests.support.web import House, cheap_hasher

ZONE = ZoneInfo("Asia/Shanghai")
CATEGORIES = ("returns",)
"""Of the starter articles that the base of these tests holds; few, since every wording is encoded."""


@functools.cache
def real_encoder() -> Encoder:
    """The built-in encoder, loaded once."""
    return build_encoder(NluSettings().encoder)


class ReaderOverEncoder:
    """Fits `knowledge_base.ports.Reader` with nlu's own functions, without intents and complaints."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def read(self, text: str, *, previous: Language) -> Reading:
        kept = clean(text)
        folded = fold(kept)
        vector = await asyncio.to_thread(self._encoder.encode, [folded or " "], TextRole.QUERY)
        return Reading(
            text=kept,
            normalised=folded,
            language=detect_language(kept, previous),
            vector=vector[0],
            encoder=self._encoder.fingerprint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The running knowledge base and its web application."""

    house: House
    editing: Editing
    desk: EditorsDesk
    parts: KnowledgeBaseParts
    reader: ReaderOverEncoder
    past: AskedBefore
    replies: Kept
    log: QuestionLog
    filing: Filing
    database: Database
    clock: Clock

    async def ask(self, question: str, *, language: Language = Language.EN) -> SearchResult:
        """What a customer's question finds right now."""
        return await self.parts.search.search(await self.reader.read(question, previous=language))

    async def answers(self, question: str) -> str:
        """The key of the article that comes first; empty where nothing is found."""
        result = await self.ask(question)
        return result.matches[0].key if result.matches else ""

    async def miss(
        self,
        question: str,
        language: Language,
        *,
        why: str = "unknown",
        best: str | None = None,
        customer: str = "",
        reply: str = "",
    ) -> None:
        """A question that got no good answer, put beside others of its meaning."""
        miss = Miss(
            question=question,
            language=language,
            why=why,
            at=self.clock(),
            best_article_id=best,
            customer=customer,
            channel="widget",
            reply=reply,
        )
        await self.database.write(lambda tx: self.log.record_miss(tx, miss))
        await self.filing.run(self.clock())

    async def golden(self, question: str, language: Language, key: str | None) -> None:
        """Settle a question's right answer."""
        article_id = await self.article_id(key) if key else None
        by = Person(id="x", name="x", display_name="X", roles=frozenset({Role.EDITOR}), language=language, csrf="token")
        await self.editing.gate.add_golden(by, question, language, article_id=article_id)

    async def article_id(self, key: str) -> str:
        """The id of a starter article."""
        article = await self.editing.find(key)
        if article is None:
            raise NotFound
        return article.id

    async def title(self, key: str, language: Language) -> str:
        """The title of a starter article."""
        article = await self.editing.find(key)
        return next(side.title for side in article.texts if side.language == language) if article else ""

    async def hire(self) -> None:
        """An editor called mei, another called tom, and an agent called ann."""
        await self.house.add("mei", Role.EDITOR, language=Language.ZH)
        await self.house.add("tom", Role.EDITOR)
        await self.house.add("ann", Role.AGENT)


def build_parts(database: Database, *, clock: Clock, folder: Path) -> KnowledgeBaseParts:
    """The room over `database`; `folder` may hold a snapshot."""
    return build_knowledge_base(
        settings=KnowledgeBaseSettings(),
        database=database,
        encoder=real_encoder(),
        normalise=fold,
        signals=MemorySignals(),
        clock=clock,
        new_id=new_id,
        data_dir=folder,
        fits=False,
        vector_cache=folder / "vectors.sqlite",
        departments=DEPARTMENTS,
    )


async def fill_base(database_url: str, *, clock: Clock, folder: Path) -> None:
    """Publish the starter articles of `CATEGORIES` into an empty store."""
    database = Database(database_url)
    parts = build_parts(database, clock=clock, folder=folder)
    await parts.importing.publish_all([draft for draft in starter_drafts() if draft.category in CATEGORIES])
    await parts.search.open()  # leaves a snapshot of the index, which every test then loads
    await parts.search.close()
    await database.close()


def copy_folder(source: Path, target: Path) -> Path:
    """A copy of a filled folder for one test."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


@asynccontextmanager
async def open_library(database: Database, texts: Texts, *, clock: Clock, folder: Path) -> AsyncIterator[Library]:
    """The knowledge base over a filled store, searchable."""
    settings = StaffSettings()
    pages = Pages(texts, template_folders(), nav=[NAV])
    staff = build_staff(database, settings, clock=clock, hasher=cheap_hasher())
    gate = CookieGate(staff, days=settings.session_days)
    tokens = build_tokens(database, settings, clock=clock)
    parts, past, replies = build_parts(database, clock=clock, folder=folder), AskedBefore(), Kept(clock)
    reader = ReaderOverEncoder(real_encoder())
    editing = build_editing(
        parts,
        reader=reader,
        database=database,
        signals=MemorySignals(),
        audit=staff,
        clock=clock,
        new_id=new_id,
        past=past,
    )
    desk = build_editors_desk(
        editing,
        parts,
        database=database,
        audit=staff,
        clock=clock,
        new_id=new_id,
        names=heading_names(texts),
        zone=ZONE,
        replay=build_replay(parts, reader=reader, replies=replies, normalise=fold),
    )
    routers = [
        build_router(staff, tokens, gate, pages, settings, homes={Role.EDITOR: "/knowledge", Role.AGENT: "/knowledge"}),
        build_knowledge_router(
            desk=desk,
            people=staff,
            gates=knowledge_gates(tokens, gate),
            pages=pages,
        ),
    ]
    app = build_application(pages, routers, WebSettings(), static=static_folders(), body_limits=BODY_LIMITS)
    await parts.search.open()
    try:
        yield Library(
            house=House(app=app, staff=staff, tokens=tokens, gate=gate, pages=pages),
            editing=editing,
            desk=desk,
            parts=parts,
            reader=reader,
            past=past,
            replies=replies,
            log=build_question_log(database, zone=ZONE, new_id=new_id),
            filing=build_filing(parts, reader=reader, database=database, zone=ZONE, new_id=new_id),
            database=database,
            clock=clock,
        )
    finally:
        await desk.imports.settled()
        await parts.search.close()
