"""knowledge_base: what it needs from outside, as Protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kit.contracts import Language, Tx
from kit.files import SentFile
from knowledge_base.calibration import Calibration
from knowledge_base.contracts import (
    Article,
    ArticleFilter,
    ArticlePage,
    ArticleStatus,
    ArticleVersion,
    Change,
    Colleague,
    Draft,
    MissPage,
    PastQuestion,
    PastReply,
    Publication,
    PublicationKind,
    Schedule,
    UnsavedText,
)
from knowledge_base.drawings import Drawing, StoredImage
from knowledge_base.exchange.tables import FileKind, Table
from knowledge_base.judging import GoldenQuestion
from knowledge_base.segment import Snapshot
from knowledge_base.wordings import BaseState, PublishedArticle, Wording
from nlu.contracts import Reading, TextRole, Vector
from staff.contracts import AuditRecord

Normalise = Callable[[str], str]
"""Folds a text for comparison, as `nlu.contracts.Reading.normalised` is folded."""


class Encoder(Protocol):
    """The sentence encoder; `nlu` has the real one."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str], role: TextRole) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimensions), float32, rows of length 1. Blocking."""
        ...


class Audit(Protocol):
    """The audit trail; `staff` has the real one."""

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        """Store who did what, in the caller's transaction."""
        ...


class ArticleStore(Protocol):
    """Articles as editors see them."""

    async def find(self, article_id: str) -> Article | None: ...

    async def find_by_key(self, key: str) -> Article | None: ...

    async def keys(self) -> frozenset[str]: ...

    async def by_keys(self, keys: Sequence[str]) -> dict[str, Article]:
        """The articles of these keys, deleted ones too."""
        ...

    async def all(self) -> tuple[Article, ...]:
        """Every article that is not deleted, by key."""
        ...

    async def list(self, chosen: ArticleFilter, *, now: datetime, offset: int, limit: int) -> ArticlePage: ...

    async def versions(self, article_id: str) -> tuple[ArticleVersion, ...]:
        """All versions, newest first."""
        ...

    async def version(self, article_id: str, version: int) -> ArticleVersion | None: ...

    async def create(
        self, tx: Tx, *, article_id: str, draft: Draft, change: Change, at: datetime, by: str, by_id: str = ""
    ) -> Article | None:
        """Store a new draft at version 1; None when its key is taken, also by a deleted article or a decided import."""
        ...

    async def create_many(
        self, tx: Tx, drafts: Sequence[tuple[str, Draft]], *, change: Change, at: datetime, by: str, by_id: str = ""
    ) -> None:
        """Store new drafts by article id at version 1, whose keys are known to be free."""
        ...

    async def find_in(self, tx: Tx, article_id: str) -> Article | None:
        """What `find` finds, as this transaction sees it."""
        ...

    async def save(
        self,
        tx: Tx,
        *,
        article_id: str,
        expected_version: int,
        draft: Draft,
        change: Change,
        status: ArticleStatus,
        at: datetime,
        by: str,
        by_id: str = "",
    ) -> Article | None:
        """Store the next version; None when the article is not at `expected_version` any more."""
        ...

    async def mark(
        self,
        tx: Tx,
        *,
        article_id: str,
        expected_version: int,
        status: ArticleStatus,
        published_version: int | None,
        note: str = "",
    ) -> Article | None:
        """Change status and published version; None when the article is not at `expected_version` any more."""
        ...

    async def confirm_sides(self, tx: Tx, *, article_id: str, expected_version: int) -> Article | None:
        """Both languages say the same as of now; None when the article is not at `expected_version` any more."""
        ...

    async def confirm_short(
        self, tx: Tx, *, article_id: str, expected_version: int, language: Language
    ) -> Article | None:
        """The short answer is right for the answer that stands now; None when the article moved on."""
        ...

    async def set_schedule(
        self, tx: Tx, *, article_id: str, expected_version: int, schedule: Schedule | None
    ) -> Article | None:
        """Let a publication wait, or none; None when the article is not at `expected_version` any more."""
        ...

    async def due(self, now: datetime, *, limit: int) -> tuple[Article, ...]:
        """Articles with a publication or an end that has come."""
        ...

    async def take_due(self, tx: Tx, article: Article) -> bool:
        """Claim what `due` found for `article`; False when another process was faster or it was called off."""
        ...

    async def set_deleted(
        self, tx: Tx, *, article_id: str, expected_version: int, at: datetime | None, by: str
    ) -> Article | None:
        """Delete, or with `at` None bring back; None when it is not at `expected_version`, or is so already."""
        ...

    async def misses(self, *, language: Language | None, offset: int, limit: int) -> MissPage: ...

    async def dismiss_miss(self, tx: Tx, *, question: str, language: Language, at: datetime, by: str) -> int: ...


class BaseStore(Protocol):
    """The published base: what the index is built from. Articles for agents only are no part of it."""

    async def state(self) -> BaseState:
        """Where the base stands now. Asked before every search."""
        ...

    async def calibration(self, version: str, *, encoder: str) -> Calibration | None:
        """A stored calibration; None when it was fitted for another encoder or other features."""
        ...

    async def use_calibration(
        self, tx: Tx, *, calibration: Calibration, base_version: int, encoder: str, at: datetime
    ) -> None:
        """Store a calibration and make every process use it."""
        ...

    async def publish(
        self,
        tx: Tx,
        *,
        kind: PublicationKind,
        article_id: str,
        article_version: int,
        at: datetime,
        by: str,
        reason: str = "",
    ) -> int:
        """Store a publication and return the base's new version; later versions never become visible earlier."""
        ...

    async def publications(self, article_id: str) -> tuple[Publication, ...]: ...

    async def published(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """(version of the base, every published (article id, article version))."""
        ...

    async def published_for_agents(self) -> tuple[tuple[str, int], ...]:
        """Every published (article id, article version) for staff only."""
        ...

    async def published_version(self, article_id: str) -> int | None: ...

    async def published_at(self, version: int) -> tuple[tuple[str, int], ...]:
        """Every (article id, article version) that base version `version` held; empty for one that never was."""
        ...

    async def changes(self, after: int) -> tuple[int, tuple[tuple[str, int | None], ...]]:
        """What was published or retired after base version `after`: (new version, (article id, version or None))."""
        ...

    async def find_published(self, keys: Sequence[str]) -> dict[str, tuple[str, int]]:
        """(article id, published version) by key; keys that customers do not get are missing."""
        ...

    async def contents(self, wanted: Sequence[tuple[str, int]]) -> tuple[PublishedArticle, ...]: ...

    async def store_vectors(
        self, tx: Tx, *, article_id: str, version: int, encoder: str, wordings: Sequence[Wording]
    ) -> None: ...

    async def forget_vectors(self, tx: Tx, *, article_id: str, except_version: int | None) -> None: ...

    async def vectors(self, wanted: Sequence[tuple[str, int]], *, encoder: str) -> dict[str, tuple[Wording, ...]]:
        """Wordings with vectors by article id; articles without vectors of this encoder are missing."""
        ...


class GoldenStore(Protocol):
    """Questions whose right answer the house has settled."""

    async def all(self, *, article_id: str | None) -> tuple[GoldenQuestion, ...]:
        """Those of one article, or of the whole base; newest first."""
        ...

    async def put(self, tx: Tx, question: GoldenQuestion, *, most: int) -> None:
        """Keep it; the same question again gets the new answer. Beyond `most` the oldest go."""
        ...

    async def remove(self, tx: Tx, golden_id: str) -> None: ...


class PastQuestions(Protocol):
    """What customers asked lately; `bot` has the real one."""

    async def recent(self, *, limit: int) -> tuple[PastQuestion, ...]:
        """Each question once, newest first."""
        ...


class ArticleFiles(Protocol):
    """Articles in files. All functions block; what cannot be read is refused by name."""

    def read(self, content: bytes, name: str, *, encoding: str) -> Table: ...

    def write(
        self,
        kind: FileKind,
        headings: Sequence[str],
        rows: Sequence[dict[str, str]],
        *,
        pictures: Mapping[str, bytes],
        attachments: Mapping[str, bytes],
    ) -> bytes:
        """`pictures` by the last part of their address, `attachments` by id, for kinds that take them along."""
        ...

    def pictures(self, rows: Sequence[dict[str, str]]) -> list[str]:
        """The last parts of the addresses of pictures that these rows show."""
        ...


class MappingStore(Protocol):
    """Which columns of files with the same headings are which fields."""

    async def find(self, fingerprint: str) -> dict[int, str] | None: ...

    async def put(self, tx: Tx, *, fingerprint: str, fields: Mapping[int, str], at: datetime, by: str) -> None: ...


class UnsavedStore(Protocol):
    """What editors are typing, and who has which article open."""

    async def put(self, tx: Tx, *, account_id: str, person: str, text: UnsavedText) -> None: ...

    async def clean(self, tx: Tx, *, account_id: str, most_new: int, before: datetime) -> None:
        """Remove what was last seen `before`, and the oldest new articles beyond `most_new`."""
        ...

    async def find(self, account_id: str, name: str) -> UnsavedText | None: ...

    async def begun(self, account_id: str) -> tuple[UnsavedText, ...]:
        """Texts of articles that were never saved, newest first."""
        ...

    async def others(self, article_id: str, *, except_account: str, seen_since: datetime) -> tuple[Colleague, ...]: ...

    async def remove(self, tx: Tx, *, account_id: str, name: str) -> None: ...


class ImageStore(Protocol):
    """Pictures by the hash of their content."""

    async def put(self, tx: Tx, image: StoredImage, content: bytes, *, at: datetime, by: str) -> None:
        """Keep it; the same one again changes nothing."""
        ...

    async def content(self, image_id: str, kind: str) -> bytes | None: ...

    async def stored(self, image_ids: Sequence[str]) -> tuple[StoredImage, ...]:
        """Those of these pictures that are kept."""
        ...


class AttachmentStore(Protocol):
    """Files that go along with answers, by the hash of their content."""

    async def put(self, tx: Tx, file: SentFile, *, at: datetime, by: str) -> None:
        """Keep it; the same one again is kept once."""
        ...

    async def find(self, attachment_id: str) -> tuple[str, bytes] | None:
        """(media type, content)."""
        ...

    async def sizes(self, attachment_ids: Sequence[str]) -> dict[str, int]:
        """Bytes of those of these files that are kept."""
        ...

    async def hold(self, tx: Tx, attachment_ids: Sequence[str]) -> frozenset[str]:
        """Never let them go; which of them are there."""
        ...

    async def purge(self, tx: Tx, *, before: datetime, limit: int) -> int:
        """Remove some that are not held and were sent `before`; how many."""
        ...


class ImageDrawer(Protocol):
    """Draws a picture anew, without anything that is no picture."""

    def __call__(self, content: bytes, *, size_limit: int, pixel_limit: int, longest_side: int) -> Drawing:
        """Blocking. Raises `ImageTooHeavy`, `ImageTooLarge` or `NotAnImage`."""
        ...


class Snapshots(Protocol):
    """The saved index of this machine; derived, may be deleted at any time."""

    def load(self, *, encoder: str) -> Snapshot | None:
        """The newest whole snapshot made with this encoder; None when there is none or it is damaged."""
        ...

    def save(self, snapshot: Snapshot) -> None:
        """Keep this state and remove older ones."""
        ...


class VectorCache(Protocol):
    """Vectors of texts already encoded on this machine, so that a fresh database starts quickly."""

    def get(self, encoder: str, texts: Sequence[tuple[TextRole, str]]) -> dict[tuple[TextRole, str], Vector]: ...

    def put(self, encoder: str, vectors: Mapping[tuple[TextRole, str], Vector]) -> None: ...


class Reader(Protocol):
    """nlu's first step, for the editor's trial."""

    async def read(self, text: str, *, previous: Language) -> Reading: ...


class PastReplies(Protocol):
    """The replies the bot has given; `bot` has the records."""

    async def find(self, reply_id: str) -> PastReply | None: ...
