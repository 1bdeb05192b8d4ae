"""cases: files for programs, below `/api/v1/cases`: list, open, read, next step."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from cases.contracts import Case, CaseChange, CaseFile, CaseQuery, CaseStatus, Editor, Move, NewCase
from cases.contracts.clocks import Clock, ClockKind, Task, TaskState
from cases.web.files import TEXT_LIMIT
from cases.web.pieces import MAY_WORK, Number, Office, state_of
from kit.contracts import Language
from nlu.contracts import Severity
from staff.ports import Gate

MOST = 2**31 - 1
Short = Annotated[str, Field(max_length=80)]


class CaseBody(BaseModel):
    """A stored matter of a customer."""

    number: str = Field(description="What the customer keeps.")
    kind: str
    conversation: str | None
    customer_name: str
    language: Language
    category: str
    severity: Severity
    status: CaseStatus
    step: str
    department: str
    assignee: str
    level: Annotated[str, Field(description="Who watches over it: desk, supervisor or manager.")]
    what_happened: str
    order_number: str | None
    product: str = Field(description="A product of config.yml; empty where none is known.")
    wanted: str | None
    contact: str | None
    fields: dict[str, str] = Field(description="What its kind asks for, by the names of config.yml.")
    merged_into: str | None = Field(description="Number of the case that goes on with the matter.")
    decision: str
    grounds: str
    promised_at: datetime | None = Field(description="Until when the customer hears from us next.")
    opened_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, case: Case) -> Self:
        """The body of `case`."""
        return cls(
            number=case.number,
            kind=case.kind,
            conversation=case.conversation_id,
            customer_name=case.customer_name,
            language=case.language,
            category=case.category,
            severity=case.severity,
            status=case.status,
            step=case.step,
            department=case.department,
            assignee=case.assignee_name,
            level=case.level.name.lower(),
            what_happened=case.what_happened,
            order_number=case.order_number,
            product=case.product,
            wanted=case.wanted,
            contact=case.contact,
            fields=dict(case.fields),
            merged_into=case.merged_into,
            decision=case.decision,
            grounds=case.grounds,
            promised_at=case.promised_at,
            opened_at=case.opened_at,
            updated_at=case.updated_at,
        )


class ChangeBody(BaseModel):
    """One line of the history."""

    at: datetime
    by: str
    what: str
    before: str
    after: str

    @classmethod
    def of(cls, line: CaseChange) -> Self:
        """The body of `line`."""
        return cls(at=line.at, by=line.by_name or line.by, what=line.what, before=line.before, after=line.after)


class PromiseBody(BaseModel):
    """Something owed by a time."""

    kind: ClockKind
    text: str
    due_at: datetime
    state: str = Field(description="`running`, `at_risk`, `late` or `resting`.")

    @classmethod
    def of(cls, clock: Clock, now: datetime) -> Self:
        """The body of `clock`."""
        return cls(kind=clock.kind, text=clock.text, due_at=clock.due_at, state=state_of(clock, now))


class TaskBody(BaseModel):
    """Something a department has to do."""

    id: str
    department: str
    what: str
    due_at: datetime
    state: TaskState
    outcome: str

    @classmethod
    def of(cls, task: Task) -> Self:
        """The body of `task`."""
        return cls(
            id=task.id,
            department=task.department,
            what=task.what,
            due_at=task.due_at,
            state=task.state,
            outcome=task.outcome,
        )


class FileBody(BaseModel):
    """A case as people work on it."""

    case: CaseBody
    version: int = Field(description="Whoever changes something names the version they saw.")
    next_steps: list[str]
    promises: list[PromiseBody]
    tasks: list[TaskBody]
    history: list[ChangeBody]


class CasesBody(BaseModel):
    """One page of cases, the newest first."""

    cases: list[CaseBody]
    total: int
    page: int
    pages: int


class Body(BaseModel):
    """Every body says what it knows and refuses what it does not."""

    model_config = ConfigDict(extra="forbid")


class NewCaseBody(Body):
    """A new matter. The same `key` again answers the case it opened."""

    key: str = Field(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="Yours alone, such as a UUID.")
    kind: Short = Field("complaint", description="A kind of config.yml.")
    category: Short
    severity: Severity
    language: Language
    what_happened: str
    customer_name: Short = ""
    contact: Short = ""
    order_number: Short = ""
    product: Short = Field("", description="A product of config.yml; empty: the one `what_happened` names.")
    wanted: str = Field("", max_length=500)
    fields: dict[str, Annotated[str, Field(max_length=500)]] = Field(
        default_factory=dict, description="What the kind asks for, by the names of config.yml."
    )

    def to_new(self, by: Editor) -> NewCase:
        """The room's value."""
        return NewCase(
            key=f"api:{by.id}:{self.key}",
            kind=self.kind,
            conversation_id=None,
            customer_name=self.customer_name.strip(),
            language=self.language,
            category=self.category,
            category_confidence=1.0,
            severity=self.severity,
            severity_confidence=1.0,
            rule=None,
            what_happened=self.what_happened,
            order_number=self.order_number.strip() or None,
            wanted=self.wanted.strip() or None,
            contact=self.contact.strip() or None,
            fields=self.fields,
            product=self.product,
        )


class MoveBody(Body):
    """To another step, by somebody who saw `version`."""

    version: int = Field(ge=0, le=MOST)
    to: Short = Field(description="One of `next_steps`.")
    words: str = Field("", description="What the customer is told, where the step tells something.")
    decision: str = ""
    grounds: str = ""
    department: Short = ""
    comment: str = ""


def build_cases_api(*, office: Office, gate: Gate) -> APIRouter:
    """`/api/v1/cases`."""
    router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

    def file_body(file: CaseFile) -> FileBody:
        return FileBody(
            case=CaseBody.of(file.case),
            version=file.version,
            next_steps=[step.name for step in office.next_steps(file)],
            promises=[PromiseBody.of(clock, office.clock()) for clock in file.clocks if clock.end is None],
            tasks=[TaskBody.of(task) for task in file.tasks],
            history=[ChangeBody.of(line) for line in file.history],
        )

    async def editor(request: Request) -> Editor:
        return await office.editor_of(await gate.require(request, *MAY_WORK))

    @router.get("")
    async def list_cases(
        request: Request,
        *,
        status: CaseStatus | None = None,
        severity: Severity | None = None,
        kind: Annotated[str | None, Query(max_length=40)] = None,
        category: Annotated[str | None, Query(max_length=40)] = None,
        department: Annotated[str | None, Query(max_length=40)] = None,
        text: Annotated[str, Query(max_length=TEXT_LIMIT, description="Part of a number, order number or name.")] = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    ) -> CasesBody:
        """One page of cases."""
        by = await editor(request)
        query = CaseQuery(
            status=status,
            severity=severity,
            kind=kind,
            category=category,
            department=department,
            text=text.replace("\x00", "").strip(),
            page=page,
        )
        found = await office.cases.page(query, sight=by.sight)
        return CasesBody(
            cases=[CaseBody.of(case) for case in found.cases], total=found.total, page=found.page, pages=found.pages
        )

    @router.post("", status_code=201)
    async def open_case(request: Request, body: NewCaseBody) -> FileBody:
        """Open a case for a customer."""
        by = await editor(request)
        return file_body(await office.handling.register(body.to_new(by), by=by))

    @router.get("/{number}")
    async def load_case(request: Request, number: Number) -> FileBody:
        """One case with promises, tasks and history."""
        return file_body(await office.read(number, await editor(request)))

    @router.post("/{number}/steps")
    async def take_step(request: Request, number: Number, body: MoveBody) -> FileBody:
        """Take a case to another step. 409 when somebody changed it after `version`."""
        by = await editor(request)
        wanted = Move(
            to=body.to,
            words=body.words,
            decision=body.decision,
            grounds=body.grounds,
            department=body.department or None,
            comment=body.comment,
        )
        return file_body(await office.handling.move(number, wanted, by=by, version=body.version))

    return router
