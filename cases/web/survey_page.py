"""cases: `/survey/<token>`: one survey on a small page for whoever holds its link. No account, phone first."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from cases.contracts.surveys import QuestionForm, Took
from cases.web.pieces import Office
from cases.web.survey_links import PATH
from kit.contracts import Language
from kit.refusals import NotFound

Token = Annotated[str, Path(max_length=200)]
LONGEST = 2000
"""Characters of an answer in words."""


def build_survey_router(office: Office) -> APIRouter:
    """The page and its form."""
    router = APIRouter(prefix=PATH)
    answering, links = office.surveys.answers, office.surveys.links

    async def page(request: Request, token: str, *, nothing: bool = False) -> Response:
        found = await answering.look(links.survey_id(token))
        if found is None:
            raise NotFound
        survey, answers = found
        over = office.clock() > survey.expires_at
        given = {answer.question: answer for answer in answers}
        return office.pages.page(
            request,
            "cases/survey.html",
            status=HTTPStatus.GONE if over else HTTPStatus.UNPROCESSABLE_ENTITY if nothing else HTTPStatus.OK,
            survey=survey,
            given=given,
            lang=Language(office.pages.language(request)),
            over=over,
            nothing=nothing,
            sent="sent" in request.query_params,
            forms=QuestionForm,
            longest=LONGEST,
        )

    @router.get("/{token}")
    async def show(request: Request, token: Token) -> Response:
        return await page(request, token)

    @router.post("/{token}")
    async def fill(request: Request, token: Token) -> Response:
        survey_id = links.survey_id(token)
        form = await request.form()
        given = {name: str(value) for name, value in form.multi_items()}
        values = {name: int(value) for name, value in given.items() if value.isdecimal() and len(value) <= 2}  # noqa: PLR2004
        texts = {name: value[:LONGEST] for name, value in given.items()}
        took = await answering.fill(survey_id, values, texts)
        if took is Took.LATE or not any(value.strip() for value in given.values()):
            return await page(request, token, nothing=took is not Took.LATE)
        return RedirectResponse(f"{PATH}/{token}?sent", HTTPStatus.SEE_OTHER)

    return router
