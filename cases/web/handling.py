"""cases: what colleagues do with a file: its next step, tasks, promises."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from cases.contracts import Editor, Move
from cases.contracts.clocks import TaskState
from cases.contracts.reports import CauseKind
from cases.refusals import UnknownColleague
from cases.web.pieces import PATH, Id, Number, Office
from kit.refusals import Malformed, Refusal

Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Short = Annotated[str, Form(max_length=80)]
Text = Annotated[str, Form()]


def build_handling_router(office: Office) -> APIRouter:
    """What is posted below a file."""
    router = APIRouter(prefix=PATH)

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

    @router.post("/{number}/responsible")
    async def give(
        request: Request, number: Number, version: Version, department: Short, person: Short = ""
    ) -> Response:
        by = await office.editor(request)
        known = {each.id: each for each in await office.colleagues.all()}
        try:
            if person and person not in known:
                raise UnknownColleague(field="person")
            to = Editor(id=person, name=known[person].name) if person else None
            await office.handling.give(number, department=department, to=to, by=by, version=version)
        except Refusal as refusal:
            return await office.answer(request, number, refusal, {"give_to": person, "give_department": department})
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
