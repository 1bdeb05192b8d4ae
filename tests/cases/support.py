"""tests: the room of complaint files over a real store."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from cases.contracts import Case, CaseFile, Editor, Move, NewCase
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
from kit.contracts import Language
from kit.ids import new_id
from kit.rooms import HOUSE
from kit.sql import Database
from kit.texts import Texts
from nlu.contracts import Severity
from tests.cases.stand_ins import Alphabet, Asked, Book, Chiefs, Letterbox, Marked, Neighbours, Trail
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
