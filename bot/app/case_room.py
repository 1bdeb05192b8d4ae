"""bot.app: the cases room, built: its services, who is responsible, and how customers are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bot.adapters.conversation_store import SqlConversationStore
from bot.adapters.reachable import SqlReachable
from bot.app.ground import Ground
from bot.case_letters import CaseLetters
from bot.render import Wording
from cases.adapters.case_store import SqlCaseStore
from cases.adapters.cause_store import SqlCauseStore
from cases.adapters.fact_store import SqlFactStore
from cases.adapters.promise_store import SqlPromiseStore
from cases.adapters.report_store import SqlReportStore
from cases.adapters.survey_store import SqlSurveyStore
from cases.causes import Causes
from cases.customer import CustomerWord
from cases.handling import Handling
from cases.keeper import Keeper
from cases.overhearing import Overhearing
from cases.promises import Promises
from cases.reports.service import Reports
from cases.rules import Rules
from cases.service import Cases
from cases.settings import CaseSettings
from cases.surveys.answering import Answering
from cases.surveys.offering import Offering
from cases.surveys.periodic import Rounds
from cases.surveys.results import Results
from handoff.hours import hours_of
from handoff.settings import HandoffSettings
from staff.ports import AuditLog


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRoom:
    """The services of the room."""

    files: Cases
    handling: Handling
    promises: Promises
    customer: CustomerWord
    ears: Overhearing
    surveys: Offering
    answers: Answering
    results: Results
    rounds: Rounds
    reports: Reports
    causes: Causes


def rules_of(settings: CaseSettings, desk: HandoffSettings) -> Rules:
    """What every change of a file is decided by; departments and hours are those of the live desk."""
    return Rules(
        settings=settings,
        departments={category: one.name for one in desk.departments for category in one.categories},
        other=desk.departments[0].name,
        known=frozenset(one.name for one in desk.departments),
        hours=cache(lambda department: hours_of(desk, department)),
    )


def build_case_room(ground: Ground, *, store: SqlConversationStore, wording: Wording, audit: AuditLog) -> CaseRoom:
    """The room over the ground."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    files = SqlCaseStore(database)
    customers, surveys = CaseLetters(store=store, wording=wording, signals=ground.signals), SqlSurveyStore(database)
    offering = Offering(
        store=surveys,
        files=files,
        customers=customers,
        settings=settings.cases.surveys,
        new_id=ground.new_id,
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
    cases = Cases(store=files, keeper=keeper, clock=clock, new_id=ground.new_id)
    return CaseRoom(
        files=cases,
        handling=Handling(transactions=database, cases=cases, keeper=keeper, clock=clock),
        promises=Promises(
            transactions=database,
            store=SqlPromiseStore(database),
            keeper=keeper,
            clock=clock,
            list_limit=settings.cases.list_limit,
        ),
        customer=CustomerWord(keeper=keeper),
        ears=Overhearing(store=files, keeper=keeper),
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
    )
