"""tests: the room of complaint files over a real store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.app.case_room import rules_of
from cases.adapters.after_sales_store import SqlAfterSalesStore
from cases.adapters.case_store import SqlCaseStore
from cases.adapters.cause_store import SqlCauseStore
from cases.adapters.digest_store import SqlDigestStore
from cases.adapters.evidence_store import SqlEvidenceStore
from cases.adapters.fact_store import SqlFactStore
from cases.adapters.follow_up_store import SqlFollowUpStore
from cases.adapters.link_store import SqlLinkStore
from cases.adapters.merge_store import SqlMergeStore
from cases.adapters.promise_store import SqlPromiseStore
from cases.adapters.report_store import SqlReportStore
from cases.adapters.survey_store import SqlSurveyStore
from cases.after_sales import AfterSales
from cases.attaching import Attaching
from cases.causes import Causes
from cases.chat_evidence import ChatEvidence
from cases.contracts import Case, CaseFile, Editor, Letter, Move, NewCase
from cases.contracts.digest import Supervisor
from cases.contracts.follow_ups import ChatQuestion, CustomerQuery, KnownCustomer
from cases.contracts.surveys import Asked as AskedSurvey
from cases.customer import CustomerWord
from cases.digest import Digests
from cases.follow_ups.asking import Asking
from cases.follow_ups.chat import FollowUpChat
from cases.follow_ups.desk import FollowUpDesk
from cases.follow_ups.rounds import FollowUpRounds
from cases.handling import Handling
from cases.keeper import Keeper
from cases.linking import Linking
from cases.links import Links
from cases.merging import Merging
from cases.overhearing import Overhearing
from cases.own import OwnCases
from cases.promises import Promises
from cases.reports.service import Reports
from cases.service import Cases
from cases.settings import CaseSettings
from cases.surveys.answering import Answering
from cases.surveys.offering import Offering
from cases.surveys.results import Results
from handoff.settings import HandoffSettings
from kit.contracts import Language, Tx
from kit.files import SentFile
from kit.ids import new_id
from kit.refusals import Refusal
from kit.rooms import HOUSE
from kit.sql import Database
from kit.texts import Texts
from nlu.contracts import Severity
from staff.contracts import AuditRecord
from staff.contracts.sight import Sight
from tests.support.clock import MovableClock

TEXTS = Texts.load([HOUSE / "cases" / "texts"])
MEI = Editor(id="agent-mei", name="小梅")

COMPLAINT = NewCase(
    key="turn-1",
    conversation_id="talk-1",
    customer_name="周先生",
    language=Language.ZH,
    category="product_quality",
    category_confidence=0.91,
    severity=Severity.SERIOUS,
    severity_confidence=0.77,
    rule="repeated_failure",
    what_happened="才买三天洗衣机就坏了，没解决",
    words=("才买三天", "没解决"),
)


def a_complaint(key: str, **changes: object) -> NewCase:
    """A complaint under its own key."""
    return replace(COMPLAINT, key=key, **changes)  # type: ignore[arg-type]


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


@dataclass(slots=True, kw_only=True)
class Files:
    """The room and what is under it."""

    database: Database
    clock: MovableClock
    trail: Trail
    letters: Letterbox
    cases: Cases
    handling: Handling
    promises: Promises
    merging: Merging
    linking: Linking
    own: OwnCases
    around: Neighbours
    digests: Digests
    supervisors: Chiefs
    meaning: Alphabet
    marks: Marked
    customer: CustomerWord
    ears: Overhearing
    after_sales: AfterSales
    attaching: Attaching
    chat_evidence: ChatEvidence
    links: Links
    offering: Offering
    answers: Answering
    results: Results
    reports: Reports
    causes: Causes
    survey_store: SqlSurveyStore
    keeper: Keeper
    book: Book
    surveys: Asked
    follow_up_store: SqlFollowUpStore
    follow_ups: FollowUpDesk
    chat: FollowUpChat
    rounds: FollowUpRounds

    async def go(self, case: Case, *steps: str, by: Editor = MEI, **values: str) -> CaseFile:
        """Take a file along some steps, with whatever each of them asks for."""
        file = await self.cases.load(case.number)
        for step in steps:
            move = Move(
                to=step,
                words=values.get("words", "请稍候"),
                decision=values.get("decision", "换新机"),
                grounds="三天内故障",
            )
            file = await self.handling.move(case.number, move, by=by, version=file.version)
        return file

    async def customer_says(self, case: Case, *, settled: bool) -> Case:
        """The customer presses a button."""
        say = self.customer.confirm if settled else self.customer.object_to
        return await self.database.write(lambda tx: say(tx, case.id, at=self.clock()))

    async def open(self, new: NewCase = COMPLAINT) -> Case:
        """Open a file now, in a transaction of its own."""
        return await self.database.write(lambda tx: self.cases.open(tx, new, at=self.clock()))


def build_files(database: Database, clock: MovableClock, settings: CaseSettings | None = None) -> Files:
    """The room as `bot/app.py` builds it."""
    trail, letters, store = Trail(), Letterbox(), SqlCaseStore(database)
    rules = rules_of(settings or CaseSettings(), HandoffSettings())
    survey_store, marks = SqlSurveyStore(database), Marked()
    offering = Offering(
        store=survey_store,
        files=store,
        customers=letters,
        settings=rules.settings.surveys,
        new_id=new_id,
        marks=marks,
    )
    keeper = Keeper(
        transactions=database,
        store=store,
        customers=letters,
        audit=trail,
        rules=rules,
        new_id=new_id,
        surveys=offering,
    )
    links, around = SqlLinkStore(database), Neighbours()
    cases = Cases(store=store, links=links, keeper=keeper, clock=clock, new_id=new_id)
    customer, surveys, book, follow_ups = CustomerWord(keeper=keeper), Asked(), Book(), SqlFollowUpStore(database)
    meaning, supervisors = Alphabet(), Chiefs()
    asking = Asking(store=follow_ups, keeper=keeper, cases=cases, customer=customer)
    desk = FollowUpDesk(
        transactions=database,
        store=follow_ups,
        asking=asking,
        keeper=keeper,
        audit=trail,
        clock=clock,
        surveys=surveys,
    )
    attaching = Attaching(
        transactions=database,
        store=SqlEvidenceStore(database),
        cases=cases,
        keeper=keeper,
        clock=clock,
        new_id=new_id,
    )
    return Files(
        database=database,
        clock=clock,
        trail=trail,
        letters=letters,
        cases=cases,
        handling=Handling(transactions=database, cases=cases, keeper=keeper, customer=customer, clock=clock),
        promises=Promises(
            transactions=database, store=SqlPromiseStore(database), keeper=keeper, clock=clock, list_limit=50
        ),
        merging=Merging(
            transactions=database,
            store=SqlMergeStore(database),
            cases=cases,
            keeper=keeper,
            meaning=meaning,
            clock=clock,
        ),
        linking=Linking(
            transactions=database,
            store=links,
            around=around,
            cases=cases,
            keeper=keeper,
            clock=clock,
            new_id=new_id,
        ),
        own=OwnCases(store=store, links=links, attaching=attaching, chat=around),
        around=around,
        digests=Digests(
            transactions=database,
            store=SqlDigestStore(database),
            follow_ups=desk,
            supervisors=supervisors,
            settings=rules.settings,
            texts=TEXTS,
            clock=clock,
        ),
        supervisors=supervisors,
        meaning=meaning,
        marks=marks,
        customer=customer,
        ears=Overhearing(store=store, keeper=keeper),
        after_sales=AfterSales(
            transactions=database,
            store=SqlAfterSalesStore(database),
            cases=cases,
            keeper=keeper,
            audit=trail,
            texts=TEXTS,
            clock=clock,
            new_id=new_id,
        ),
        attaching=attaching,
        chat_evidence=ChatEvidence(store=store, links=links, keeper=keeper, new_id=new_id),
        links=Links("a secret for tests", days=30, clock=clock),
        offering=offering,
        answers=Answering(
            transactions=database, store=survey_store, cases=cases, files=store, keeper=keeper, clock=clock
        ),
        results=Results(store=survey_store, clock=clock),
        reports=Reports(
            transactions=database,
            facts=SqlFactStore(database),
            store=SqlReportStore(database),
            surveys=survey_store,
            settings=rules.settings,
            clock=clock,
        ),
        causes=Causes(
            transactions=database,
            store=SqlCauseStore(database),
            cases=cases,
            keeper=keeper,
            audit=trail,
            clock=clock,
            new_id=new_id,
        ),
        survey_store=survey_store,
        keeper=keeper,
        book=book,
        surveys=surveys,
        follow_up_store=follow_ups,
        follow_ups=desk,
        chat=FollowUpChat(store=follow_ups, asking=asking, texts=TEXTS, surveys=surveys),
        rounds=FollowUpRounds(
            transactions=database,
            store=follow_ups,
            book=book,
            customers=letters,
            asking=asking,
            keeper=keeper,
            texts=TEXTS,
            new_id=new_id,
        ),
    )
