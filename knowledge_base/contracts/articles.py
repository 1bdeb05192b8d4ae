"""knowledge_base: the values of articles, their versions and lists, and publications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote

from kit.contracts import Language

ATTACHMENT_PATH = "/knowledge/files/"
"""Where attachments are given out."""


class ArticleStatus(StrEnum):
    """The life of an article."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Audience(StrEnum):
    """Who may read an article."""

    CUSTOMERS = "customers"
    AGENTS = "agents"
    """Staff only: the bot neither finds nor shows it."""


class ArticleAction(StrEnum):
    """What the bot offers together with the answer."""

    ASK_ORDER_NUMBER = "ask_order_number"
    OPEN_COMPLAINT = "open_complaint"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an article says of itself besides its texts; part of every version."""

    audience: Audience = Audience.CUSTOMERS
    valid_from: datetime | None = None
    """Published before this moment, the article waits for it."""
    valid_until: datetime | None = None
    """The article retires by itself at this moment."""
    owner: str = ""
    """Sign-in name of who keeps it right; empty: nobody in particular."""
    review_on: date | None = None
    """Day on which somebody should read it again."""
    follow_ups: tuple[str, ...] = ()
    """Keys of the articles that customers usually want next; shown as buttons."""
    action: ArticleAction | None = None
    department: str = ""
    """Name of the desk's department that HAND_OVER leads to; empty: the desk finds it. Stands with no other action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along with an answer; what kind it is stands in its name's ending (`kit.files`)."""

    id: str
    """SHA-256 of its content."""
    name: str

    @property
    def address(self) -> str:
        """Where customers get it, as a link names it."""
        return f"{ATTACHMENT_PATH}{self.id}/{quote(self.name, safe='')}"

    @property
    def line(self) -> str:
        """The same for people, and for the cells of files."""
        return f"{ATTACHMENT_PATH}{self.id}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """One language side of an article."""

    language: Language
    title: str
    """The question, as a customer would ask it."""
    answer: str
    """Markdown (a safe subset)."""
    short: str
    """Plain text for chat apps; empty means the answer itself is used."""
    questions: tuple[str, ...]
    """Other wordings of the question."""
    attachments: tuple[Attachment, ...] = ()
    """Files that customers get with the answer, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A publication that waits for its moment."""

    version: int
    """The version customers will get, whatever is written meanwhile."""
    at: datetime
    by: str
    account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as editors see it: the working copy with its status. `texts` holds one side a language."""

    id: str
    key: str
    """Stable name for people and files, such as `return-within-seven-days`."""
    category: str
    products: tuple[str, ...]
    status: ArticleStatus
    version: int
    """Grows by one with every saved change; a writer names the version it read (`expected_version`)."""
    published_version: int | None
    """The version customers get; None when nothing is published."""
    texts: tuple[ArticleText, ...]
    updated_at: datetime
    updated_by: str
    details: Details = Details()
    writer_id: str = ""
    """Account of who wrote the newest version."""
    note: str = ""
    """What the last one to hand it in or send it back said; empty after the next save."""
    lagging: Language | None = None
    """The side that was not touched when the other one moved."""
    stale_shorts: tuple[Language, ...] = ()
    """Languages whose answer changed while the short answer stayed."""
    schedule: Schedule | None = None
    expires_at: datetime | None = None
    """When what customers get now retires by itself."""
    deleted_at: datetime | None = None

    @property
    def content(self) -> Draft:
        """The working copy as an editor's form holds it."""
        return Draft(
            key=self.key, category=self.category, products=self.products, texts=self.texts, details=self.details
        )

    def text(self, language: Language) -> ArticleText | None:
        """The side in `language`, if there is one."""
        return next((t for t in self.texts if t.language == language), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an editor has typed into an article's form, saved or not."""

    key: str
    category: str
    products: tuple[str, ...] = ()
    texts: tuple[ArticleText, ...] = ()
    details: Details = Details()


class Matter(StrEnum):
    """What may need looking after."""

    TRANSLATE = "translate"
    """Exists in one language only, or one language moved and the other did not."""
    OUT_OF_DATE = "out_of_date"
    """One language moved and the other did not."""
    REVIEW = "review"
    """The review day has come."""
    EXPIRING = "expiring"
    """Retires by itself soon (`knowledge_base.life.WARNING`)."""
    SCHEDULED = "scheduled"
    """Waits for its moment to be published."""
    AGENTS = "agents"
    """For staff only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles a list shows; empty fields do not narrow."""

    words: str = ""
    """Every word must stand in key, title, wordings or answer."""
    status: ArticleStatus | None = None
    category: str = ""
    """This one and those below it."""
    missing: Language | None = None
    """Only articles without a side in this language."""
    changed: bool = False
    """Only published articles whose working copy is newer than what customers get."""
    matter: Matter | None = None
    """Only articles that need this to be looked after."""
    owner: str = ""
    """Only articles of this owner."""
    deleted: bool = False
    """The deleted ones instead of all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """One line of the list of articles."""

    id: str
    key: str
    category: str
    status: ArticleStatus
    version: int
    published_version: int | None
    titles: tuple[tuple[Language, str], ...]
    updated_at: datetime
    updated_by: str
    audience: Audience = Audience.CUSTOMERS
    lagging: Language | None = None
    scheduled_at: datetime | None = None
    expires_at: datetime | None = None
    review_on: date | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """One page of the list: those with the words in their title first, then last changed first."""

    lines: tuple[ArticleLine, ...]
    total: int
    """All articles that fit the filter."""
    statuses: tuple[tuple[ArticleStatus, int], ...]
    """How many articles of each status there are, whatever the filter."""
    categories: tuple[str, ...]
    matters: tuple[tuple[Matter, int], ...] = ()
    """How many articles need each kind of looking after, whatever the filter."""


class Change(StrEnum):
    """How a version came to be."""

    CREATED = "created"
    SAVED = "saved"
    RESTORED = "restored"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """One version of an article; never changed after it was written."""

    article_id: str
    version: int
    change: Change
    content: Draft
    at: datetime
    by: str
    """Name of who wrote it."""


class PublicationKind(StrEnum):
    """What a publication did to the base."""

    PUBLISH = "publish"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One step of the base: customers get another version of one article, or none. `version` names the new state."""

    version: int
    kind: PublicationKind
    article_id: str
    article_version: int
    at: datetime
    by: str
    reason: str = ""
    """Why it was published although golden answers got worse; empty where nothing did."""
