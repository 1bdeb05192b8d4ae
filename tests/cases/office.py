"""tests: complaint files behind their pages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from cases.contracts import Colleague
from cases.reading import Reading
from cases.settings import CaseSettings
from cases.web.routers import NAV, SurveyDesk, build_cases_router
from cases.web.routers import Office as Routes
from cases.web.survey_links import SurveyLinks
from handoff.settings import HandoffSettings
from kit.contracts import Language
from kit.ids import new_id
from kit.rooms import template_folders
from kit.sql import Database
from kit.texts import Texts
from kit.web.pages import Pages
from staff.adapters.build import build_staff
from staff.contracts import Role
from staff.contracts.sight import EVERYTHING, Scope, Sight
from staff.settings import StaffSettings
from staff.web.gate import CookieGate
from tests.cases.support import Files, build_files
from tests.support import web
from tests.support.clock import MovableClock


@dataclass(slots=True)
class Team:
    """Colleagues in memory."""

    known: tuple[Colleague, ...] = (
        Colleague(id="agent-qin", name="小秦", departments=frozenset({"technical_support"})),
    )

    async def all(self) -> tuple[Colleague, ...]:
        return self.known


TEAM = Team()
LINKS = SurveyLinks("the-desks-secret")


@dataclass(slots=True)
class Seen:
    """What accounts see; those nothing is said of see everything."""

    of_account: dict[str, Sight] = field(default_factory=dict)

    async def of(self, account_id: str, roles: frozenset[Role], limits: frozenset[str] = frozenset()) -> Sight:
        return self.of_account.get(account_id, EVERYTHING)

    def limit(self, account_id: str, *departments: str, scope: Scope = Scope.TEAM) -> None:
        """From now on the account sees so much."""
        self.of_account[account_id] = Sight(account_id=account_id, scope=scope, departments=frozenset(departments))


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The files behind their pages."""

    files: Files
    house: web.House
    sights: Seen

    @contextlib.asynccontextmanager
    async def signed_in(
        self, *roles: Role, name: str = "mei", language: Language = Language.EN
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser of a new account."""
        await self.house.add(name, *(roles or (Role.AGENT,)), language=language)
        async with self.house.client(language=language) as client:
            await web.sign_in(client, name)
            yield client


def build_office(database: Database, texts: Texts, clock: MovableClock) -> Office:
    """The room over one store, with a manager called `boss`."""
    files = build_files(database, clock, CaseSettings(list_limit=10))
    settings, sights = StaffSettings(), Seen()
    staff = build_staff(database, settings, clock=clock, hasher=web.cheap_hasher())
    routes = Routes(
        pages=Pages(texts, template_folders(), nav=NAV),
        gate=CookieGate(staff, days=settings.session_days),
        sights=sights,
        reading=Reading(transactions=database, audit=staff, clock=clock),
        cases=files.cases,
        handling=files.handling,
        colleagues=TEAM,
        promises=files.promises,
        merging=files.merging,
        linking=files.linking,
        own=files.own,
        digests=files.digests,
        surveys=SurveyDesk(answers=files.answers, results=files.results, links=LINKS),
        reports=files.reports,
        causes=files.causes,
        follow_ups=files.follow_ups,
        attaching=files.attaching,
        after_sales=files.after_sales,
        links=files.links,
        settings=CaseSettings(managers=("boss",)),
        departments={
            one.name: {language: one.label(language) for language in Language} for one in HandoffSettings().departments
        },
        clock=clock,
    )
    router = build_cases_router(routes, new_id=new_id)
    return Office(
        files=files, sights=sights, house=web.build_house(database, texts, clock=clock, routers=[router], nav=NAV)
    )
