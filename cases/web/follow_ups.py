"""cases: `/cases/follow-ups`: whom to ask today, and one customer being asked."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from cases.contracts.follow_ups import Event, FollowUpEvent, FollowUpState, Outcome, Wish
from cases.follow_ups.planning import is_taken
from cases.web.pieces import PATH, Id, Office
from cases.web.words import NAMED
from kit.contracts import Language
from kit.refusals import Malformed, NotFound, Refusal

FOLLOW_UPS = f"{PATH}/follow-ups"
Short = Annotated[str, Form(max_length=80)]


def build_follow_ups_router(office: Office) -> APIRouter:
    """The list, and the page of one follow-up. Stands before the routes of files: `follow-ups` is no number."""
    router = APIRouter(prefix=FOLLOW_UPS)
    desk, settings = office.follow_ups, office.settings.follow_ups

    @router.get("")
    async def today(request: Request, plan: str = "") -> Response:
        sight = (await office.editor(request)).sight
        chosen = plan if settings.plan(plan) else None
        language = office.pages.language(request)
        now = office.clock()
        return office.pages.page(
            request,
            "cases/follow_ups.html",
            day=await desk.today(plan=chosen, sight=sight),
            plans=[(each.name, each.label(language)) for each in settings.plans],
            chosen=chosen,
            label=lambda name: settings.label(name, language),
            opens_at=desk.opens_at(),
            is_taken=lambda each: is_taken(each, by="", now=now, minutes=settings.claim_minutes),
        )

    @router.get("/{follow_up_id}")
    async def show(request: Request, follow_up_id: Id) -> Response:
        by = await office.editor(request)
        page = await _page(office, request, follow_up_id)
        await office.reading.note("follow_up_read", f"follow_up:{follow_up_id}", by=by)
        return page

    @router.post("/{follow_up_id}/take")
    async def take(request: Request, follow_up_id: Id) -> Response:
        by = await office.editor(request)
        return await _done(office, request, follow_up_id, desk.take(follow_up_id, by=by))

    @router.post("/{follow_up_id}/answer")
    async def answer(request: Request, follow_up_id: Id, question: Short, answer: Short) -> Response:
        by = await office.editor(request)
        return await _done(office, request, follow_up_id, desk.answer(follow_up_id, question, answer, by=by))

    @router.post("/{follow_up_id}/end")
    async def end(
        request: Request,
        follow_up_id: Id,
        outcome: Annotated[Outcome, Form()],
        comment: Annotated[str, Form()] = "",
        never: Annotated[bool, Form()] = False,  # noqa: FBT002 - a checkbox
    ) -> Response:
        by = await office.editor(request)
        work = desk.end(follow_up_id, outcome, comment=comment, never=never, by=by)
        return await _done(office, request, follow_up_id, work)

    @router.post("/{follow_up_id}/no-answer")
    async def no_answer(request: Request, follow_up_id: Id) -> Response:
        by = await office.editor(request)
        return await _done(office, request, follow_up_id, desk.no_answer(follow_up_id, by=by))

    @router.post("/{follow_up_id}/postpone")
    async def postpone(request: Request, follow_up_id: Id, due_at: Short) -> Response:
        by = await office.editor(request)
        due = office.moment(due_at, field="due_at")
        if due is None:
            raise Malformed(field="due_at", details={"due_at": "2026-11-22T18:00"})
        return await _done(office, request, follow_up_id, desk.postpone(follow_up_id, due, by=by))

    @router.post("/{follow_up_id}/wish")
    async def wish(request: Request, follow_up_id: Id, wish: Annotated[Wish, Form()]) -> Response:
        by = await office.editor(request)
        return await _done(office, request, follow_up_id, desk.wish(follow_up_id, wish, by=by))

    return router


async def _done(office: Office, request: Request, follow_up_id: str, work: Awaitable[object]) -> Response:
    try:
        await work
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(office, request, follow_up_id, refusal)
    return RedirectResponse(f"{FOLLOW_UPS}/{follow_up_id}", HTTPStatus.SEE_OTHER)


async def _page(office: Office, request: Request, follow_up_id: str, refusal: Refusal | None = None) -> Response:
    person = await office.editor(request)
    file = await office.follow_ups.load(follow_up_id, sight=person.sight)
    one, settings, now = file.follow_up, office.settings.follow_ups, office.clock()
    language = office.pages.language(request)
    taken = one.assignee_id is not None and one.taken_at is not None
    return office.pages.page(
        request,
        "cases/follow_up.html",
        status=refusal.status if refusal else HTTPStatus.OK,
        refusal=refusal,
        file=file,
        one=one,
        over=one.state is FollowUpState.DONE,
        mine=taken and one.assignee_id == person.id,
        somebody=is_taken(one, by=person.id, now=now, minutes=settings.claim_minutes),
        question=office.follow_ups.question(one),
        asked_in=one.language,
        label=settings.label(one.plan, language),
        lines=[_line(office, request, file.follow_up.plan, event) for event in file.events],
        opens_at=office.follow_ups.opens_at(),
        most=settings.attempts,
        outcomes=[Outcome.REACHED, Outcome.UNSOLVED, Outcome.REFUSED],
        wishes=list(Wish),
    )


def _line(office: Office, request: Request, plan: str, event: FollowUpEvent) -> dict[str, object]:
    """An event in the reader's words."""
    texts, language = office.pages.texts, office.pages.language(request)
    detail = event.value
    if event.what is Event.ANSWERED:
        detail = _answer(office, plan, event, language)
    elif event.what is Event.ENDED:
        detail = _end(office, event, language)
    elif event.what is Event.POSTPONED:
        detail = ""
    who = texts(f"cases.by.{event.by}", language) if event.by in NAMED else event.by_name
    return {"at": event.at, "who": who, "what": texts(f"cases.follow_up.event.{event.what}", language), "more": detail}


def _answer(office: Office, plan: str, event: FollowUpEvent, language: Language) -> str:
    question = office.settings.follow_ups.script_of(plan).question(event.about)
    answer = question.answer(event.value) if question else None
    said = answer.label(language) if answer else event.value
    return f"{question.words(language) if question else event.about} → {said}"


def _end(office: Office, event: FollowUpEvent, language: Language) -> str:
    known = {*Outcome}
    kind = "outcome" if event.about in known else "dropped"
    said = office.pages.texts(f"cases.follow_up.{kind}.{event.about}", language)
    return f"{said}: {event.value}" if event.value else said
