"""tests: stand-ins of whom the room of complaint files speaks to, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.contracts import Letter
from cases.contracts.digest import Supervisor
from cases.contracts.follow_ups import ChatQuestion, CustomerQuery, KnownCustomer
from cases.contracts.surveys import Asked as AskedSurvey
from kit.contracts import Language, Tx
from kit.files import SentFile
from kit.refusals import Refusal
from staff.contracts import AuditRecord
from staff.contracts.sight import Sight


@dataclass(slots=True)
class Trail:
    """An audit log that keeps what it is told."""

    records: list[AuditRecord] = field(default_factory=list)

    async def audit(self, tx: Tx, record: AuditRecord) -> None:
        self.records.append(record)


@dataclass(slots=True)
class Letterbox:
    """Customers who keep what they are told, once a key."""

    letters: dict[str, Letter] = field(default_factory=dict)
    asked: dict[str, AskedSurvey] = field(default_factory=dict)
    questions: dict[str, ChatQuestion] = field(default_factory=dict)
    woken: list[tuple[str, int]] = field(default_factory=list)

    async def tell(self, tx: Tx, conversation_id: str, letter: Letter, *, at: datetime) -> int | None:
        self.letters.setdefault(letter.key, letter)
        return len(self.letters)

    async def ask_survey(self, tx: Tx, conversation_id: str, asked: AskedSurvey, *, at: datetime) -> int | None:
        self.asked.setdefault(asked.key, asked)
        return len(self.asked)

    async def ask(self, tx: Tx, conversation_id: str, question: ChatQuestion, *, at: datetime) -> int | None:
        self.questions.setdefault(question.key, question)
        return len(self.questions)

    async def wake(self, conversation_id: str, *, seq: int) -> None:
        self.woken.append((conversation_id, seq))

    def codes(self) -> list[str]:
        """What they were told, in order."""
        return [letter.code for letter in self.letters.values()]


@dataclass(slots=True)
class Book:
    """Customers in memory, by conversation."""

    known: dict[str, KnownCustomer] = field(default_factory=dict)
    of_period: bool = False
    """Whether they are those of the period that is asked for."""

    async def find(self, conversation_id: str) -> KnownCustomer | None:
        return self.known.get(conversation_id)

    async def customers(self, query: CustomerQuery, *, after: str, limit: int) -> tuple[KnownCustomer, ...]:
        ids = sorted(self.known) if self.of_period else []
        return tuple(self.known[key] for key in ids if key > after)[:limit]


@dataclass(slots=True)
class Chiefs:
    """Supervisors who keep what they are told."""

    known: list[Supervisor] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    async def all(self) -> list[Supervisor]:
        return self.known

    async def tell(self, tx: Tx, words: Mapping[str, str]) -> None:
        self.told += words.items()

    async def alert(self, tx: Tx, words: Mapping[str, str]) -> None:
        self.told += words.items()

    async def wake(self) -> None:
        """Nobody waits."""


@dataclass(slots=True)
class Marked:
    """Tags of conversations in memory."""

    tags: dict[str, frozenset[str]] = field(default_factory=dict)

    async def of(self, conversation_id: str) -> frozenset[str]:
        return self.tags.get(conversation_id, frozenset())


@dataclass(slots=True)
class Alphabet:
    """Tells how near texts are by the letters they share; silent when it is asked to be."""

    silent: bool = False

    async def nearness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        if self.silent:
            return ()
        own = set(text)
        return [len(own & set(other)) / len(own | set(other)) for other in others]


@dataclass(slots=True)
class Neighbours:
    """Conversations, articles and files in memory."""

    conversations: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    """Those of the customer."""
    proven: frozenset[str] = frozenset()
    """Conversations proven to be one customer's."""
    titles: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, int], SentFile | Refusal] = field(default_factory=dict)

    async def conversation(self, conversation_id: str, *, sight: Sight) -> str | None:
        return self.conversations.get(conversation_id)

    async def of_customer(self, conversation_id: str, *, sight: Sight) -> tuple[tuple[str, str], ...]:
        return tuple((each, self.conversations[each]) for each in self.own)

    async def article(self, article_id: str, language: Language) -> str | None:
        return self.titles.get(article_id)

    async def articles(self, words: str, language: Language) -> tuple[tuple[str, str], ...]:
        return tuple((key, title) for key, title in self.titles.items() if words in title)

    async def same_customer(self, one: str, other: str) -> bool:
        return {one, other} <= self.proven

    async def load(self, conversation_id: str, seq: int) -> SentFile:
        found = self.files[conversation_id, seq]
        if isinstance(found, Refusal):
            raise found
        return found


@dataclass(slots=True)
class Asked:
    """Surveys that keep whom they were offered to."""

    offers: list[tuple[str | None, str, str]] = field(default_factory=list)

    async def offer(self, case_id: str | None, conversation_id: str, why: str) -> None:
        self.offers.append((case_id, conversation_id, why))
