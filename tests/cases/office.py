"""tests: complaint files behind their pages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

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
from staff.settings import StaffSettings
from staff.web.gate import CookieGate
from tests.cases.support import Files, build_files
from tests.support import web
from tests.support.clock import MovableClock

LINKS = SurveyLinks("the-desks-secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The files behind their pages."""

    files: Files
    house: web.House

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
    settings = StaffSettings()
    staff = build_staff(database, settings, clock=clock, hasher=web.cheap_hasher())
    routes = Routes(
        pages=Pages(texts, template_folders(), nav=NAV),
        gate=CookieGate(staff, days=settings.session_days),
        cases=files.cases,
        handling=files.handling,
        promises=files.promises,
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
    return Office(files=files, house=web.build_house(database, texts, clock=clock, routers=[router], nav=NAV))
