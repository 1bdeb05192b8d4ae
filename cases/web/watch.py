"""cases: `/cases/watch`: what somebody above has to know, what is late or nearly so, tasks of departments."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from cases.web.pieces import MAY_WORK, PATH, Office, state_of

WATCH = f"{PATH}/watch"


def build_watch_router(office: Office) -> APIRouter:
    """The page, and "seen". Stands before the routes of files: `watch` is no number."""
    router = APIRouter(prefix=WATCH)

    @router.get("")
    async def show(request: Request, department: str = "") -> Response:
        person = await office.gate.require(request, *MAY_WORK)
        sight = (await office.editor_of(person)).sight
        chosen = department if department in office.departments else None
        now = office.clock()
        at_risk = await office.promises.at_risk(department=chosen, sight=sight)
        return office.pages.page(
            request,
            "cases/watch.html",
            alerts=await office.promises.unseen(up_to=office.level(person), sight=sight),
            late=[each for each in at_risk if state_of(each.clock, now) == "late"],
            near=[each for each in at_risk if state_of(each.clock, now) != "late"],
            tasks=await office.promises.tasks(department=chosen, sight=sight),
            now=now,
            chosen=chosen,
            words=office.words(request),
        )

    @router.post("")
    async def see(request: Request, alert: Annotated[list[str], Form(max_length=200)]) -> Response:
        person = await office.gate.require(request, *MAY_WORK)
        by = await office.editor_of(person)
        # Only what this person is shown can be taken off everybody's list by them.
        shown = {each.id for _, each in await office.promises.unseen(up_to=office.level(person), sight=by.sight)}
        seen = [each for each in alert if each in shown]
        await office.promises.see(seen, by=by)
        return RedirectResponse(WATCH, HTTPStatus.SEE_OTHER)

    return router
