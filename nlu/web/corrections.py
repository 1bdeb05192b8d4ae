"""nlu: the pages of teaching by use: say what a message meant, and decide what is learned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.refusals import Refusal
from kit.web.pages import Pages
from nlu.contracts import ExampleState
from nlu.normalise import mask_personal
from nlu.ports import Corrector
from nlu.teaching import COMPLAINT, Teaching

PATH = "/corrections"
MOST = 2_000

Label = Callable[[str, Language], str]
"""A name's label in the reader's language; names come from other rooms' settings and texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What can be chosen, and how it is called."""

    categories: Sequence[str]
    category: Label
    intent: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the form begins with."""

    text: str = ""
    heard: str = ""
    intent: str = ""
    category: str = ""


def build_corrections_router(*, teaching: Teaching, pages: Pages, who: Corrector, names: Names) -> APIRouter:
    """`/corrections` and what is below it. Anybody who works here proposes; `who.reviewer` decides."""
    router = APIRouter(prefix=PATH)

    def choices(request: Request) -> dict[str, object]:
        language = pages.language(request)
        intents = sorted(((name, names.intent(name, language)) for name in teaching.intents), key=lambda pair: pair[1])
        return {
            "intents": intents,
            "categories": [(name, names.category(name, language)) for name in names.categories],
            "intent_label": lambda name: names.intent(name, language),
            "category_label": lambda name: names.category(name, language),
            "complaint": COMPLAINT,
        }

    async def list_page(
        request: Request, state: ExampleState, *, refusal: Refusal | None = None, at: str = ""
    ) -> Response:
        return pages.page(
            request,
            "nlu/corrections.html",
            status=refusal.status if refusal else HTTPStatus.OK,
            state=state,
            states=list(ExampleState),
            counts=await teaching.counts(),
            corrections=await teaching.listed(state),
            refusal=refusal,
            at=at,
            **choices(request),
        )

    def form_page(request: Request, said: _Said, refusal: Refusal | None = None) -> Response:
        status = refusal.status if refusal else HTTPStatus.OK
        return pages.page(request, "nlu/correct.html", status=status, said=said, refusal=refusal, **choices(request))

    @router.get("")
    async def show(request: Request, state: ExampleState = ExampleState.PROPOSED) -> Response:
        await who.reviewer(request)
        return await list_page(request, state)

    @router.post("/new")
    async def begin(
        request: Request,
        text: Annotated[str, Form(max_length=MOST)] = "",
        heard: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        """The form, with what the console knows. A POST: a customer's words do not belong into an address."""
        await who.proposer(request)
        return form_page(request, _Said(text=mask_personal(text), heard=heard, intent=heard))

    @router.post("")
    async def propose(
        request: Request,
        text: Annotated[str, Form(max_length=MOST)] = "",
        heard: Annotated[str, Form(max_length=80)] = "",
        intent: Annotated[str, Form(max_length=80)] = "",
        category: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        by = await who.proposer(request)
        kept = category if category in names.categories else ""
        try:
            await teaching.propose(text, heard=heard, intent=intent, category=kept, by=by)
        except Refusal as refusal:
            return form_page(request, _Said(text=text, heard=heard, intent=intent, category=kept), refusal)
        return pages.page(request, "nlu/thanks.html")

    @router.post("/{correction_id}")
    async def decide(
        request: Request,
        correction_id: str,
        do: Annotated[str, Form(pattern="^(approve|discard)$")],
        text: Annotated[str, Form(max_length=MOST)] = "",
        intent: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        by = await who.reviewer(request)
        try:
            if do == "approve":
                await teaching.approve(correction_id, by=by, text=text, intent=intent)
            else:
                await teaching.discard(correction_id, by=by)
        except Refusal as refusal:
            return await list_page(request, ExampleState.PROPOSED, refusal=refusal, at=correction_id)
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)

    return router
