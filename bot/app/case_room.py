"""bot.app: the cases room, built: its services, who is responsible, and how customers are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.reachable import SqlReachable
from bot.app.ground import Ground
from bot.case_letters import CaseLetters
from bot.render import Wording
from bot.survey_marks import ConversationMarks
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
from cases.alerting import Alerting, Watchers
from cases.attaching import Attaching
from cases.causes import Causes
from cases.chat_evidence import ChatEvidence
from cases.customer import CustomerWord
from cases.digest import Digests, Supervisors
from cases.follow_ups.asking import Asking
from cases.follow_ups.chat import FollowUpChat
from cases.follow_ups.desk import FollowUpDesk
from cases.follow_ups.rounds import FollowUpRounds
from cases.handling import Handling
from cases.keeper import Keeper
from cases.linking import Linking, Surroundings
from cases.links import Links
from cases.merging import Merging
from cases.overhearing import Overhearing
from cases.own import ChatFiles, OwnCases
from cases.ports import CustomerBook
from cases.promises import Promises
from cases.reading import Reading
from cases.reports.service import Reports
from cases.rules import Rules
from cases.same_matter import Meaning
from cases.service import Cases
from cases.settings import CaseSettings
from cases.surveys.afterwards import Afterwards
from cases.surveys.answering import Answering
from cases.surveys.offering import Offering
from cases.surveys.periodic import Rounds
from cases.surveys.results import Results
from cases.web.survey_links import SurveyLinks
from handoff.adapters.tag_store import SqlTagStore
from handoff.hours import hours_of
from handoff.settings import HandoffSettings
from staff.ports import AuditLog


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRoom:
    """The services of the room."""

    keeper: Keeper

    files: Cases
    reading: Reading
    handling: Handling
    promises: Promises
    customer: CustomerWord
    ears: Overhearing
    after_sales: AfterSales
    attaching: Attaching
    chat_evidence: ChatEvidence
    links: Links
    surveys: Offering
    answers: Answering
    results: Results
    rounds: Rounds
    reports: Reports
    causes: Causes
    follow_ups: FollowUpDesk
    follow_up_chat: FollowUpChat
    follow_up_rounds: FollowUpRounds


def rules_of(settings: CaseSettings, desk: HandoffSettings) -> Rules:
    """What every change of a file is decided by; departments and hours are those of the live desk."""
    return Rules(
        settings=settings,
        departments={category: one.name for one in desk.departments for category in one.categories},
        other=desk.departments[0].name,
        known=frozenset(one.name for one in desk.departments),
        hours=cache(lambda department: hours_of(desk, department)),
    )


def survey_links(ground: Ground) -> SurveyLinks:
    """Addresses of surveys; what is sent and what the page reads are signed by one secret."""
    return SurveyLinks(ground.secrets.desk, public_url=ground.settings.web.public_url)


def build_case_room(
    ground: Ground, *, store: SqlConversationStore, wording: Wording, audit: AuditLog, book: CustomerBook
) -> CaseRoom:
    """The room over the ground."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    files = SqlCaseStore(database)
    surveys, addresses = SqlSurveyStore(database), survey_links(ground)
    customers = CaseLetters(
        store=store,
        wording=wording,
        signals=ground.signals,
        survey_address=addresses.address if settings.web.public_url else None,
    )
    offering = Offering(
        store=surveys,
        files=files,
        customers=customers,
        settings=settings.cases.surveys,
        new_id=ground.new_id,
        marks=ConversationMarks(SqlTagStore(database)),
        language=settings.bot.inbox.default_language,
    )
    keeper = Keeper(
        transactions=database,
        store=files,
        customers=customers,
        audit=audit,
        rules=rules_of(settings.cases, settings.handoff),
        new_id=ground.new_id,
        surveys=offering,
    )
    links = SqlLinkStore(database)
    cases = Cases(store=files, links=links, keeper=keeper, clock=clock, new_id=ground.new_id)
    customer = CustomerWord(keeper=keeper)
    follow_ups = SqlFollowUpStore(database, department=settings.cases.follow_ups.department)
    asking = Asking(store=follow_ups, keeper=keeper, cases=cases, customer=customer)
    afterwards = Afterwards(transactions=database, offering=offering, customers=customers, clock=clock)
    return CaseRoom(
        keeper=keeper,
        files=cases,
        reading=Reading(transactions=database, audit=audit, clock=clock),
        handling=Handling(transactions=database, cases=cases, keeper=keeper, customer=customer, clock=clock),
        promises=Promises(
            transactions=database,
            store=SqlPromiseStore(database),
            keeper=keeper,
            clock=clock,
            list_limit=settings.cases.list_limit,
        ),
        customer=customer,
        ears=Overhearing(store=files, keeper=keeper),
        after_sales=AfterSales(
            transactions=database,
            store=SqlAfterSalesStore(database),
            cases=cases,
            keeper=keeper,
            audit=audit,
            texts=ground.texts,
            clock=clock,
            new_id=ground.new_id,
        ),
        attaching=Attaching(
            transactions=database,
            store=SqlEvidenceStore(database),
            cases=cases,
            keeper=keeper,
            clock=clock,
            new_id=ground.new_id,
        ),
        chat_evidence=ChatEvidence(store=files, links=links, keeper=keeper, new_id=ground.new_id),
        links=Links(ground.secrets.desk, days=settings.cases.evidence.link_days, clock=clock),
        surveys=offering,
        answers=Answering(transactions=database, store=surveys, cases=cases, files=files, keeper=keeper, clock=clock),
        results=Results(store=surveys, clock=clock),
        rounds=Rounds(
            transactions=database,
            store=surveys,
            offering=offering,
            customers=customers,
            reach=SqlReachable(database),
            rules=keeper.rules,
        ),
        reports=Reports(
            transactions=database,
            facts=SqlFactStore(database),
            store=SqlReportStore(database),
            surveys=surveys,
            settings=settings.cases,
            clock=clock,
        ),
        causes=Causes(
            transactions=database,
            store=SqlCauseStore(database),
            cases=cases,
            keeper=keeper,
            audit=audit,
            clock=clock,
            new_id=ground.new_id,
        ),
        follow_ups=FollowUpDesk(
            transactions=database,
            store=follow_ups,
            asking=asking,
            keeper=keeper,
            audit=audit,
            clock=clock,
            surveys=afterwards,
        ),
        follow_up_chat=FollowUpChat(store=follow_ups, asking=asking, texts=ground.texts, surveys=afterwards),
        follow_up_rounds=FollowUpRounds(
            transactions=database,
            store=follow_ups,
            book=book,
            customers=customers,
            asking=asking,
            keeper=keeper,
            texts=ground.texts,
            new_id=ground.new_id,
        ),
    )


def build_merging(ground: Ground, room: CaseRoom, meaning: Meaning) -> Merging:
    """Files that may be one matter; apart from the room, for only the web process has a model to ask."""
    return Merging(
        transactions=ground.database,
        store=SqlMergeStore(ground.database),
        cases=room.files,
        keeper=room.keeper,
        meaning=meaning,
        clock=ground.clock,
    )


def build_linking(ground: Ground, room: CaseRoom, around: Surroundings) -> Linking:
    """What is linked to a case; apart from the room, for only the web process finds articles by words."""
    return Linking(
        transactions=ground.database,
        store=SqlLinkStore(ground.database),
        around=around,
        cases=room.files,
        keeper=room.keeper,
        clock=ground.clock,
        new_id=ground.new_id,
    )


def build_own_cases(ground: Ground, room: CaseRoom, chat: ChatFiles) -> OwnCases:
    """Cases as their customers see them; apart from the room, for only the web process hands out files."""
    return OwnCases(
        store=SqlCaseStore(ground.database),
        links=SqlLinkStore(ground.database),
        attaching=room.attaching,
        chat=chat,
    )


def build_alerting(ground: Ground, watchers: Watchers) -> Alerting:
    """Who watches is told at once; apart from the room, for it is told through the live desk."""
    return Alerting(
        transactions=ground.database,
        store=SqlPromiseStore(ground.database),
        watchers=watchers,
        managers=ground.settings.cases.managers,
        texts=ground.texts,
    )


def build_digests(ground: Ground, room: CaseRoom, supervisors: Supervisors) -> Digests:
    """The morning digest; apart from the room, for it is told through the live desk."""
    return Digests(
        transactions=ground.database,
        store=SqlDigestStore(ground.database),
        follow_ups=room.follow_ups,
        supervisors=supervisors,
        settings=ground.settings.cases,
        texts=ground.texts,
        clock=ground.clock,
    )
