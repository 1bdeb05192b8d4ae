"""knowledge_base: puts the room's parts together, for bot/app.py and the room's own commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from kit.contracts import Clock, NewId, Signals
from kit.sql import Database
from knowledge_base.adapters.article_files import DeskFiles
from knowledge_base.adapters.article_store import SqlArticleStore
from knowledge_base.adapters.attachment_store import SqlAttachmentStore
from knowledge_base.adapters.base_store import SqlBaseStore
from knowledge_base.adapters.cluster_store import SqlClusterStore
from knowledge_base.adapters.drawing import draw_anew
from knowledge_base.adapters.figure_store import SqlFigureStore
from knowledge_base.adapters.flag_store import SqlFlagStore
from knowledge_base.adapters.golden_store import SqlGoldenStore
from knowledge_base.adapters.image_store import SqlImageStore
from knowledge_base.adapters.import_store import SqlImportStore
from knowledge_base.adapters.mapping_store import SqlMappingStore
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.adapters.question_store import SqlQuestionStore
from knowledge_base.adapters.snapshot import FileSnapshots
from knowledge_base.adapters.unsaved_store import SqlUnsavedStore
from knowledge_base.adapters.vector_cache import FileVectorCache
from knowledge_base.answer_figures import AnswerFigures
from knowledge_base.attachments import Attachments
from knowledge_base.bulk import Bulk
from knowledge_base.departments import Departments
from knowledge_base.editing import Editing
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.encoding import WordingEncoder
from knowledge_base.exchanging import Exchange
from knowledge_base.filing import Filing
from knowledge_base.flagging import Flagging
from knowledge_base.gate import Gate
from knowledge_base.images import Images
from knowledge_base.import_work import ImportWork
from knowledge_base.importing import Importing
from knowledge_base.imports import Imports
from knowledge_base.live_base import LiveBase, UnknownQuestion
from knowledge_base.ports import Audit, Encoder, Normalise, PastQuestions, PastReplies, Reader
from knowledge_base.publishing import Publisher
from knowledge_base.question_log import QuestionLog
from knowledge_base.replay import Replay
from knowledge_base.segment_making import SegmentMaker
from knowledge_base.service import KnowledgeBase
from knowledge_base.settings import IndexSettings, KnowledgeBaseSettings
from knowledge_base.starter import starter_drafts, unknown_for_fitting
from knowledge_base.unanswered import Unanswered
from knowledge_base.unsaved import UnsavedTexts

STARTER_AUTHOR = "Help desk"
"""Stands as the author of the starter articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBaseParts:
    """The built room. Open `search` before the first question, close it at the end."""

    search: KnowledgeBase
    live: LiveBase
    importing: Importing
    articles: SqlArticleStore
    base: SqlBaseStore
    encoder: WordingEncoder
    settings: KnowledgeBaseSettings
    departments: Departments


def build_knowledge_base(
    *,
    settings: KnowledgeBaseSettings,
    database: Database,
    encoder: Encoder,
    normalise: Normalise,
    signals: Signals,
    clock: Clock,
    new_id: NewId,
    data_dir: Path,
    fits: bool = True,
    unknown: Sequence[UnknownQuestion] | None = None,
    vector_cache: Path | None = None,
    departments: Departments | None = None,
) -> KnowledgeBaseParts:
    """The room over one database. `fits` is for the one process (the worker) that fits the confidence anew.

    `unknown` are questions the base cannot answer (default: the starter's development half); `vector_cache` is the file
    that keeps encoded texts between databases (default: in the user's cache folder); `departments` are those that an
    article may name (default: any).
    """
    builder = FaissBuilder(settings.index)
    wordings = WordingEncoder(encoder, FileVectorCache(vector_cache or default_vector_cache()))
    base, articles = SqlBaseStore(database), SqlArticleStore(database)
    live = LiveBase(
        store=base,
        transactions=database,
        encoder=wordings,
        normalise=normalise,
        builder=builder,
        snapshots=FileSnapshots(data_dir / "index", builder),
        golden=SqlGoldenStore(database),
        settings=settings,
        clock=clock,
        unknown=unknown_for_fitting() if unknown is None else unknown,
        fits=fits,
    )
    search = KnowledgeBase(live=live, store=base, encoder=wordings)
    importing = Importing(
        articles=articles,
        base=base,
        encoder=wordings,
        transactions=database,
        signals=signals,
        clock=clock,
        new_id=new_id,
        by=STARTER_AUTHOR,
        starter=starter_drafts,
    )
    return KnowledgeBaseParts(
        search=search,
        live=live,
        importing=importing,
        articles=articles,
        base=base,
        encoder=wordings,
        settings=settings,
        departments=departments or Departments(),
    )


def build_publisher(
    parts: KnowledgeBaseParts, *, database: Database, signals: Signals, audit: Audit, clock: Clock
) -> Publisher:
    """What publishes and retires over the built room; the worker runs its `run_due`."""
    return Publisher(
        articles=parts.articles,
        base=parts.base,
        encoder=parts.encoder,
        transactions=database,
        signals=signals,
        audit=audit,
        clock=clock,
    )


def build_editing(
    parts: KnowledgeBaseParts,
    *,
    reader: Reader,
    database: Database,
    signals: Signals,
    audit: Audit,
    clock: Clock,
    new_id: NewId,
    past: PastQuestions,
) -> Editing:
    """The editors' service over the built room; `past` says what customers asked."""
    return Editing(
        articles=parts.articles,
        attachments=SqlAttachmentStore(database),
        base=parts.base,
        search=parts.search,
        publisher=build_publisher(parts, database=database, signals=signals, audit=audit, clock=clock),
        gate=Gate(
            golden=SqlGoldenStore(database),
            past=past,
            articles=parts.articles,
            base=parts.base,
            search=parts.search,
            reader=reader,
            transactions=database,
            audit=audit,
            clock=clock,
            new_id=new_id,
        ),
        reader=reader,
        transactions=database,
        clock=clock,
        new_id=new_id,
        rule=parts.settings.publishing,
        departments=parts.departments,
    )


def build_editors_desk(
    editing: Editing,
    parts: KnowledgeBaseParts,
    *,
    database: Database,
    audit: Audit,
    clock: Clock,
    new_id: NewId,
    names: Mapping[str, tuple[str, ...]],
    replay: Replay,
    zone: tzinfo,
) -> EditorsDesk:
    """Everything behind the editors' pages; `names` are what people call the fields in their files."""
    exchange = build_exchange(parts, database=database, names=names)
    return EditorsDesk(
        replay=replay,
        figures=AnswerFigures(store=SqlFigureStore(database), settings=parts.settings.effect, zone=zone, clock=clock),
        unanswered=Unanswered(
            clusters=SqlClusterStore(database, zone=zone),
            editing=editing,
            transactions=database,
            audit=audit,
            zone=zone,
            clock=clock,
        ),
        editing=editing,
        unsaved=UnsavedTexts(
            store=SqlUnsavedStore(database), articles=parts.articles, transactions=database, clock=clock
        ),
        exchange=exchange,
        imports=build_imports(exchange, database=database, publisher=editing.publisher, clock=clock, new_id=new_id),
        bulk=Bulk(editing),
        flagging=build_flagging(parts, database=database, audit=audit, clock=clock, new_id=new_id),
        attachments=build_attachments(database, clock=clock),
        images=Images(store=SqlImageStore(database), draw=draw_anew, transactions=database, clock=clock),
    )


def build_attachments(database: Database, *, clock: Clock) -> Attachments:
    """Files that go along with answers."""
    return Attachments(store=SqlAttachmentStore(database), transactions=database, clock=clock)


def build_flagging(
    parts: KnowledgeBaseParts, *, database: Database, audit: Audit, clock: Clock, new_id: NewId
) -> Flagging:
    """Flags on answers, over the built room."""
    return Flagging(
        flags=SqlFlagStore(database),
        articles=parts.articles,
        transactions=database,
        audit=audit,
        clock=clock,
        new_id=new_id,
    )


def build_exchange(parts: KnowledgeBaseParts, *, database: Database, names: Mapping[str, tuple[str, ...]]) -> Exchange:
    """Dry runs and exports; `names` are what people call the fields in their files."""
    return Exchange(
        files=DeskFiles(),
        mappings=SqlMappingStore(database),
        pictures=SqlImageStore(database),
        attachments=SqlAttachmentStore(database),
        draw=draw_anew,
        articles=parts.articles,
        names=names,
        departments=parts.departments,
    )


def build_imports(
    exchange: Exchange, *, database: Database, publisher: Publisher, clock: Clock, new_id: NewId
) -> Imports:
    """Imports over what reads their files."""
    store = SqlImportStore(database)
    work = ImportWork(
        store=store,
        exchange=exchange,
        articles=SqlArticleStore(database),
        publisher=publisher,
        transactions=database,
        clock=clock,
        new_id=new_id,
    )
    return Imports(store=store, work=work, transactions=database, clock=clock, new_id=new_id)


def build_replay(parts: KnowledgeBaseParts, *, reader: Reader, replies: PastReplies, normalise: Normalise) -> Replay:
    """What explains past replies, over the built room."""
    exact = FaissBuilder(IndexSettings(exact_up_to=sys.maxsize))
    return Replay(
        live=parts.live,
        search=parts.search,
        store=parts.base,
        encoder=parts.encoder,
        making=SegmentMaker(normalise=normalise, builder=exact, encoder=parts.encoder),
        reader=reader,
        replies=replies,
    )


def default_vector_cache() -> Path:
    """In the cache folder that the encoder's own files live in."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "helpdesk" / "vectors.sqlite"


def build_question_log(database: Database, *, zone: tzinfo, new_id: NewId) -> QuestionLog:
    """What the conversation tells of customers' questions; `zone` decides the day."""
    return QuestionLog(store=SqlQuestionStore(), transactions=database, zone=zone, new_id=new_id)


def build_filing(
    parts: KnowledgeBaseParts, *, reader: Reader, database: Database, zone: tzinfo, new_id: NewId
) -> Filing:
    """What puts unanswered questions together, over the built room; the worker runs it."""
    return Filing(
        clusters=SqlClusterStore(database, zone=zone),
        questions=SqlQuestionStore(),
        live=parts.live,
        search=parts.search,
        articles=parts.articles,
        base=parts.base,
        encoder=parts.encoder,
        reader=reader,
        transactions=database,
        settings=parts.settings,
        new_id=new_id,
    )
