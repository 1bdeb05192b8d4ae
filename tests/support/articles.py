"""tests: a small knowledge base over any store, with the hashing encoder: spelling instead of meaning, no waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

from kit.contracts import Clock, Language, Signals
from kit.ids import new_id
from kit.signals import MemorySignals
from kit.sql import Database
from kit.texts import Texts
from knowledge_base.adapters.build import (
    KnowledgeBaseParts,
    build_editing,
    build_editors_desk,
    build_knowledge_base,
    build_publisher,
    build_replay,
)
from knowledge_base.contracts import ArticleText, Draft, PastQuestion
from knowledge_base.contracts.imports import Import, ImportOptions
from knowledge_base.departments import Departments
from knowledge_base.editing import Editing
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.exchanging import ImportFile
from knowledge_base.live_base import UnknownQuestion
from knowledge_base.settings import KnowledgeBaseSettings
from knowledge_base.web.exchange_pages import heading_names
from nlu.contracts import Reading, TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.ports import Encoder
from nlu.service import clean, detect_language, fold
from staff.contracts import AuditRecord, Person, Role
from tests.support.past_replies import Kept


class Trail:
    """Fits `knowledge_base.ports.Audit`; keeps what it was told."""

    def __init__(self) -> None:
        self.records: list[AuditRecord] = []

    async def audit(self, tx: object, record: AuditRecord) -> None:
        self.records.append(record)


class AskedBefore:
    """Fits `knowledge_base.ports.PastQuestions`; holds what a test puts in."""

    def __init__(self) -> None:
        self.questions: list[PastQuestion] = []

    async def recent(self, *, limit: int) -> tuple[PastQuestion, ...]:
        return tuple(self.questions[:limit])


class PlainReader:
    """Fits `knowledge_base.ports.Reader`: nlu's own folding over any encoder."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    async def read(self, text: str, *, previous: Language = Language.EN) -> Reading:
        kept = clean(text)
        folded = fold(kept)
        return Reading(
            text=kept,
            normalised=folded,
            language=detect_language(kept, previous),
            vector=self._encoder.encode([folded], TextRole.QUERY)[0],
            encoder=self._encoder.fingerprint,
        )


DEPARTMENTS = Departments(
    {
        "consultation": {Language.ZH: "咨询", Language.EN: "Consultation"},
        "after_sales": {Language.ZH: "售后", Language.EN: "After-sales"},
    }
)
"""Those of the desk around a small base."""


class SmallBase:
    """One process's view of the base: several over one store are several processes."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        folder: Path,
        encoder: Encoder | None = None,
        settings: KnowledgeBaseSettings | None = None,
        signals: Signals | None = None,
        fits: bool = False,
        unknown: tuple[UnknownQuestion, ...] = (),
        departments: Departments = DEPARTMENTS,
    ) -> None:
        self._database, self._clock = database, clock
        self.encoder = encoder or HashingEncoder()
        self.reader = PlainReader(self.encoder)
        self.trail, self.past = Trail(), AskedBefore()
        self.signals = signals or MemorySignals()
        self.parts: KnowledgeBaseParts = build_knowledge_base(
            settings=settings or KnowledgeBaseSettings(),
            database=database,
            encoder=self.encoder,
            normalise=fold,
            signals=self.signals,
            clock=clock,
            new_id=new_id,
            data_dir=folder,
            fits=fits,
            unknown=unknown,
            vector_cache=folder / "vectors.sqlite",
            departments=departments,
        )
        self.editing: Editing = build_editing(
            self.parts,
            reader=self.reader,
            database=database,
            signals=self.signals,
            audit=self.trail,
            clock=clock,
            new_id=new_id,
            past=self.past,
        )

        self.publisher = build_publisher(
            self.parts, database=database, signals=self.signals, audit=self.trail, clock=clock
        )

    def desk(self, texts: Texts) -> EditorsDesk:
        """Everything behind the editors' pages, over this base; no past reply was kept."""
        return build_editors_desk(
            self.editing,
            self.parts,
            database=self._database,
            audit=self.trail,
            clock=self._clock,
            new_id=new_id,
            names=heading_names(texts),
            zone=ZoneInfo("Asia/Shanghai"),
            replay=build_replay(self.parts, reader=self.reader, replies=Kept(self._clock), normalise=fold),
        )

    async def first(self, question: str) -> str:
        """Key of the article that comes first; empty where nothing is found."""
        result = await self.parts.search.search(await self.reader.read(question))
        return result.matches[0].key if result.matches else ""


def person(name: str, *roles: Role) -> Person:
    """Somebody who is signed in."""
    return Person(
        id=f"id-{name}",
        name=name,
        display_name=name.title(),
        roles=frozenset(roles),
        language=Language.EN,
        csrf="token",
    )


MEI = person("mei", Role.EDITOR)
TOM = person("tom", Role.SUPERVISOR)
ANN = person("ann", Role.AGENT)


async def take_in(desk: EditorsDesk, by: Person, file: ImportFile, *, stores: bool = True) -> Import:
    """Send a file as the page does, and wait until nothing is going on any more."""

    async def pieces() -> AsyncIterator[bytes]:
        yield file.content

    options = ImportOptions(encoding=file.encoding, language=file.language, fields=file.fields)
    job = await desk.imports.send(by, file.name, pieces(), options=options, stores=stores)
    await desk.imports.settled()
    return await desk.imports.load(by, job.id)


def side(language: Language, title: str, *questions: str, answer: str = "An answer.") -> ArticleText:
    """One language side."""
    return ArticleText(language=language, title=title, answer=answer, short="", questions=questions)


def draft(key: str, title: str, *questions: str, answer: str = "An answer.") -> Draft:
    """An article in English only."""
    return Draft(key=key, category="tests", texts=(side(Language.EN, title, *questions, answer=answer),))


REFUND = draft("refund", "When do I get my refund?", "refund not arrived", "money back how long")
STORE = draft("store", "Where is your shop in Beijing?", "shop address beijing", "visit a shop")
INVOICE = draft("invoice", "How do I get an invoice?", "invoice please", "send me the bill for my taxes")
