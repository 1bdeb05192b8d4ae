"""cases: what the routes of the room share: who may, how a moment is read, the page of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Path, Request, Response
from fastapi.responses import RedirectResponse

from cases.after_sales import AfterSales
from cases.attaching import Attaching
from cases.causes import Causes
from cases.contracts import CaseFile, Editor, Level
from cases.contracts.clocks import Clock, ClockKind, TaskState
from cases.contracts.reports import CauseKind
from cases.contracts.surveys import SurveyViewer
from cases.digest import Digests
from cases.follow_ups.desk import FollowUpDesk
from cases.handling import Handling
from cases.linking import Linking
from cases.links import Links
from cases.merging import Merging
from cases.own import OwnCases
from cases.ports import Colleagues, Sights
from cases.promises import Promises
from cases.reading import Reading
from cases.refusals import TooMuchAtOnce
from cases.reports.service import Reports
from cases.service import Cases
from cases.settings import CaseSettings, Step
from cases.surveys.answering import Answering
from cases.surveys.results import Results
from cases.web.marking import marked_parts
from cases.web.survey_links import SurveyLinks
from cases.web.words import Words
from kit.contracts import Clock as Now
from kit.contracts import Language
from kit.refusals import Malformed, NotFound, Refusal
from kit.web.pages import Pages
from nlu.contracts import Severity
from staff.contracts import Person, Role
from staff.ports import Gate

PATH = "/cases"
MAY_WORK = (Role.AGENT, Role.SUPERVISOR)
Number = Annotated[str, Path(max_length=24)]
Id = Annotated[str, Path(max_length=26)]


MOST_SOUGHT = 200
"""Characters of what an article is looked for by."""
FIELD = "field_"
"""What the names of inputs for the fields of a kind begin with."""


async def fields_in(request: Request) -> dict[str, str]:
    """What was typed into the fields of a kind."""
    form = await request.form()
    return {name.removeprefix(FIELD): str(value) for name, value in form.items() if name.startswith(FIELD)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDesk:
    """What the routes of surveys need."""

    answers: Answering
    results: Results
    links: SurveyLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything the routes of the room need."""

    pages: Pages
    gate: Gate
    sights: Sights
    reading: Reading
    cases: Cases
    handling: Handling
    colleagues: Colleagues
    promises: Promises
    merging: Merging
    linking: Linking
    digests: Digests
    surveys: SurveyDesk
    reports: Reports
    causes: Causes
    follow_ups: FollowUpDesk
    attaching: Attaching
    after_sales: AfterSales
    own: OwnCases
    links: Links
    settings: CaseSettings
    departments: Mapping[str, Mapping[Language, str]]
    clock: Now

    def words(self, request: Request) -> Words:
        """The room's labels for whoever asks."""
        return Words(
            texts=self.pages.texts,
            settings=self.settings,
            departments=self.departments,
            language=self.pages.language(request),
        )

    async def editor(self, request: Request) -> Editor:
        """Who looks at something or changes it, with what they may see; refused to whoever may not."""
        return await self.editor_of(await self.gate.require(request, *MAY_WORK))

    async def editor_of(self, person: Person) -> Editor:
        """A signed-in person, with what they may see."""
        sight = await self.sights.of(person.id, person.roles, person.departments)
        return Editor(id=person.id, name=person.display_name, sight=sight)

    async def read(self, number: str, by: Editor) -> CaseFile:
        """A file somebody opens, with its line in the audit trail. Raises NotFound."""
        file = await self.cases.load(number, sight=by.sight)
        await self.reading.note("read", f"case:{file.case.number}", by=by)
        return file

    async def viewer(self, request: Request) -> SurveyViewer:
        """Who looks at satisfaction: a supervisor may see who said what."""
        person = await self.gate.require(request, *MAY_WORK)
        sight = await self.sights.of(person.id, person.roles, person.departments)
        return SurveyViewer(id=person.id, watches=person.may(Role.SUPERVISOR), sight=sight)

    async def check_opens(self, conversation_id: str) -> None:
        """A customer opens only so many cases in a day. Raises TooMuchAtOnce."""
        since = self.clock() - timedelta(days=1)
        known = await self.cases.of_conversation(conversation_id)
        if sum(case.opened_at >= since for case in known) >= self.settings.customer_opens_a_day:
            raise TooMuchAtOnce(field="")

    def level(self, person: Person) -> Level:
        """How far up somebody watches."""
        if person.name in self.settings.managers:
            return Level.MANAGER
        if not person.may(Role.SUPERVISOR):
            return Level.DESK
        return Level.SUPERVISOR if self.settings.managers else Level.MANAGER

    def moment(self, text: str, *, field: str) -> datetime | None:
        """A moment as browsers send it, on the clocks of the room. Raises Malformed."""
        if not text:
            return None
        try:
            typed = datetime.fromisoformat(text)
        except ValueError as error:
            raise Malformed(field=field, details={field: "2026-11-22T18:00"}) from error
        return typed.replace(tzinfo=ZoneInfo(self.settings.time_zone)).astimezone(UTC)

    def next_steps(self, file: CaseFile) -> list[Step]:
        """Where a file may go from here."""
        way = self.settings.workflow(file.case.kind)
        present = way.step(file.case.step)
        return [step for step in way.steps if present is not None and step.name in present.next]

    async def file_page(
        self, request: Request, file: CaseFile, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
    ) -> Response:
        """The page of one file; refused, with what is stored now and what was typed."""
        words, viewer = self.words(request), await self.editor(request)
        sought = request.query_params.get("articles", "")[:MOST_SOUGHT]
        names = [category.name for category in self.settings.categories]
        if file.case.category not in names:
            names.append(file.case.category)
        return self.pages.page(
            request,
            "cases/file.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            file=file,
            case=file.case,
            parts=marked_parts(file.case.what_happened, file.case.words),
            alike=await self.merging.alike(file, sight=viewer.sight),
            merged=await self.merging.merged_into(file.case.number),
            refusal=refusal,
            changed_lines=_changed_lines(words, refusal),
            typed=defaultdict(str, typed or {}),
            saved="saved" in request.query_params,
            severities=list(Severity),
            categories=[(name, words.label(name)) for name in names],
            fields=self.settings.fields(file.case.kind),
            words=words,
            history=[words.line(file.case, line) for line in reversed(file.history)],
            steps=self.next_steps(file),
            clocks=[clock for clock in file.clocks if clock.end is None],
            state_of=lambda clock: state_of(clock, self.clock()),
            colleagues=await self.colleagues.all(),
            tasks=sorted(file.tasks, key=lambda task: task.state is not TaskState.OPEN),
            promised=ClockKind.CALL_BACK,
            task_open=TaskState.OPEN,
            evidence=await self.attaching.of(file.case.id),
            around=await self.linking.of(file.case, sight=viewer.sight),
            sought=sought,
            found_articles=await self.linking.find_articles(file.case, sought, words.language),
            repair=await self.after_sales.repair(file.case) if self.after_sales.repairs(file.case) else None,
            visits=await self.after_sales.free_visits(file.case) if self.after_sales.repairs(file.case) else (),
            products=words.products(),
            parts_known=[(each.name, each.label(words.language)) for each in self.settings.after_sales.parts],
            link=str(request.base_url).rstrip("/") + self.links.path(file.case.number),
            surveys=await self.surveys.results.of_case(file.case.id, await self.viewer(request)),
            survey_address=self.surveys.links.address,
            now=self.clock(),
            causes=await self.causes.of_case(file.case.id),
            cause_products=await self.causes.products(),
            cause_kinds=list(CauseKind),
        )

    async def answer(
        self, request: Request, number: str, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
    ) -> Response:
        """After a change: back to the file. Refused: its page with the reason; a file nobody has stays not found."""
        by = await self.editor(request)
        if refusal is None:
            # Who gives a file to another department may not see it any more.
            there = f"{PATH}/{number}?saved" if await self.cases.sees(number, by.sight) else f"{PATH}?passed_on"
            return RedirectResponse(there, HTTPStatus.SEE_OTHER)
        if isinstance(refusal, NotFound):
            raise refusal
        return await self.file_page(request, await self.cases.load(number, sight=by.sight), refusal, typed)


def _changed_lines(words: Words, refusal: Refusal | None) -> list[str]:
    """What somebody else changed meanwhile, where that is the reason of a refusal."""
    named = refusal.details.get("what", "") if refusal is not None else ""
    return [words.what(name).rstrip(":：") for name in named.split(",") if name]


def state_of(clock: Clock, now: datetime) -> str:
    """`resting`, `late`, `at_risk` or `running`."""
    if clock.paused_at is not None:
        return "resting"
    if now >= clock.due_at:
        return "late"
    return "at_risk" if now >= clock.warn_at and clock.kind is not ClockKind.CONFIRMATION else "running"
