"""cases: what colleagues do with a file: its next step, tasks, promises; and a new file by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from cases.contracts import Move, NewCase, TaskState
from cases.contracts.reports import CauseKind
from cases.web.pieces import MAY_WORK, PATH, Id, Number, Office
from kit.contracts import Language, NewId
from kit.refusals import Malformed, Refusal
from nlu.contracts import Severity

Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Short = Annotated[str, Form(max_length=80)]
Text = Annotated[str, Form()]


def build_handling_router(office: Office, *, new_id: NewId) -> APIRouter:
    """`/cases/new` and what is posted below a file. Stands before the routes of files: `new` is no number."""
    router = APIRouter(prefix=PATH)

    @router.get("/new")
    async def show_form(request: Request) -> Response:
        await office.gate.require(request, *MAY_WORK)
        # The key makes a form that is sent twice one file.
        return _form(office, request, {"key": f"desk:{new_id()}"})

    @router.post("/new")
    async def register(  # noqa: PLR0917 - a form has no order
        request: Request,
        key: Annotated[str, Form(min_length=10, max_length=60, pattern=r"^desk:[0-9A-Z]+$")],
        kind: Short,
        category: Short,
        severity: Annotated[Severity, Form()],
        language: Annotated[Language, Form()],
        what_happened: Text = "",
        customer_name: Short = "",
        contact: Short = "",
        order_number: Short = "",
        wanted: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        by = await office.editor(request)
        new = NewCase(
            key=key,
            kind=kind,
            conversation_id=None,
            customer_name=customer_name.strip(),
            language=language,
            category=category,
            category_confidence=1.0,
            severity=severity,
            severity_confidence=1.0,
            rule=None,
            what_happened=what_happened,
            order_number=order_number.strip() or None,
            wanted=wanted.strip() or None,
            contact=contact.strip() or None,
        )
        try:
            file = await office.handling.register(new, by=by)
        except Refusal as refusal:
            typed = {
                "key": key,
                "kind": kind,
                "category": category,
                "severity": severity,
                "language": language,
                "what_happened": what_happened,
                "customer_name": customer_name,
                "contact": contact,
                "order_number": order_number,
                "wanted": wanted,
            }
            return _form(office, request, typed, refusal)
        return await office.answer(request, file.case.number)

    @router.post("/{number}/step")
    async def move(  # noqa: PLR0917 - a form has no order
        request: Request,
        number: Number,
        version: Version,
        to: Short,
        words: Text = "",
        decision: Text = "",
        grounds: Text = "",
        department: Short = "",
        mine: Annotated[bool, Form()] = False,  # noqa: FBT002 - a checkbox
        comment: Text = "",
        product: Text = "",
        cause: Text = "",
    ) -> Response:
        by = await office.editor(request)
        wanted = Move(
            to=to,
            words=words,
            decision=decision,
            grounds=grounds,
            department=department or None,
            assignee=by if mine else None,
            comment=comment,
        )
        try:
            if cause.strip():
                office.causes.checked(product, cause)  # before the step: a step with a fault beside it is no half step
            await office.handling.move(number, wanted, by=by, version=version)
            if cause.strip():
                await office.causes.name(number, kind=CauseKind.CAUSE, product=product, what=cause, by=by.unbounded())
        except Refusal as refusal:
            typed = {
                "to": to,
                "cause": cause,
                "product": product,
                "words": words,
                "decision": decision,
                "grounds": grounds,
                "step_comment": comment,
            }
            return await office.answer(request, number, refusal, typed)
        return await office.answer(request, number)

    @router.post("/{number}/tasks")
    async def add_task(  # noqa: PLR0917 - a form has no order
        request: Request, number: Number, version: Version, department: Short, what: Text = "", due_at: Short = ""
    ) -> Response:
        by = await office.editor(request)
        try:
            due = office.moment(due_at, field="due_at")
            await office.handling.add_task(number, department=department, what=what, due_at=due, by=by, version=version)
        except Refusal as refusal:
            return await office.answer(request, number, refusal, {"task_department": department, "what": what})
        return await office.answer(request, number)

    @router.post("/{number}/tasks/{task_id}")
    async def end_task(
        request: Request, number: Number, task_id: Id, state: Annotated[TaskState, Form()], outcome: Text = ""
    ) -> Response:
        by = await office.editor(request)
        try:
            if state is TaskState.OPEN:
                raise Malformed(field="state", details={"state": "done, dropped"})
            await office.handling.end_task(number, task_id, state, outcome, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal, {"outcome": outcome})
        return await office.answer(request, number)

    @router.post("/{number}/promises")
    async def promise(request: Request, number: Number, version: Version, due_at: Short, text: Text = "") -> Response:
        by = await office.editor(request)
        try:
            due = office.moment(due_at, field="due_at")
            if due is None:
                raise Malformed(field="due_at", details={"due_at": "2026-11-22T18:00"})
            await office.handling.promise(number, text=text, due_at=due, by=by, version=version)
        except Refusal as refusal:
            return await office.answer(request, number, refusal, {"promise": text})
        return await office.answer(request, number)

    @router.post("/{number}/promises/{clock_id}")
    async def end_promise(
        request: Request,
        number: Number,
        clock_id: Id,
        kept: Annotated[bool, Form()],
    ) -> Response:
        by = await office.editor(request)
        try:
            await office.handling.end_promise(number, clock_id, kept=kept, by=by)
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    return router


def _form(office: Office, request: Request, typed: dict[str, str], refusal: Refusal | None = None) -> Response:
    words = office.words(request)
    return office.pages.page(
        request,
        "cases/new.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        typed=typed,
        kinds=[(kind.name, words.kind(kind.name)) for kind in office.settings.kinds],
        categories=[(each.name, words.label(each.name)) for each in office.settings.categories],
        severities=list(Severity),
    )
