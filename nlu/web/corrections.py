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
from nlu.complaint.rows import COMPLAINT
from nlu.contracts import ExampleState, Severity
from nlu.normalise import mask_personal
from nlu.ports import Corrector, Learning
from nlu.teaching import Reviewed, Teaching

PATH = "/corrections"
MOST = 2_000

Label = Callable[[str, Language], str]
"""A name's label in the reader's language; names come from other rooms' settings and texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What can be chosen, and how it is called."""

    categories: Sequence[str]
    category: Label
    severity: Label
    intent: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the form begins with."""

    text: str = ""
    heard: str = ""
    intent: str = ""
    category: str = ""
    severity: Severity | None = None


def known_severity(name: str) -> Severity | None:
    """The severity of that name; None for anything else, which is what the form sends for "unclear"."""
    return Severity(name) if name in set(Severity) else None


def build_corrections_router(
    *, teaching: Teaching, learning: Learning, pages: Pages, who: Corrector, names: Names
) -> APIRouter:
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
            "severities": [(level, names.severity(level, language)) for level in Severity],
            "severity_label": lambda level: names.severity(level, language),
            "complaint": COMPLAINT,
        }

    def known_category(name: str) -> str:
        return name if name in names.categories else ""

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
            learned=await learning.last(),
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
    async def propose(  # noqa: PLR0917 - a form has no order
        request: Request,
        text: Annotated[str, Form(max_length=MOST)] = "",
        heard: Annotated[str, Form(max_length=80)] = "",
        intent: Annotated[str, Form(max_length=80)] = "",
        category: Annotated[str, Form(max_length=80)] = "",
        severity: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        by = await who.proposer(request)
        kept, bad = known_category(category), known_severity(severity)
        try:
            await teaching.propose(text, heard=heard, intent=intent, category=kept, severity=bad, by=by)
        except Refusal as refusal:
            said = _Said(text=text, heard=heard, intent=intent, category=kept, severity=bad)
            return form_page(request, said, refusal)
        return pages.page(request, "nlu/thanks.html")

    @router.post("/{correction_id}")
    async def decide(  # noqa: PLR0917 - a form has no order
        request: Request,
        correction_id: str,
        do: Annotated[str, Form(pattern="^(approve|discard)$")],
        text: Annotated[str, Form(max_length=MOST)] = "",
        intent: Annotated[str, Form(max_length=80)] = "",
        category: Annotated[str, Form(max_length=80)] = "",
        severity: Annotated[str, Form(max_length=80)] = "",
    ) -> Response:
        by = await who.reviewer(request)
        reviewed = Reviewed(
            text=text, intent=intent, category=known_category(category), severity=known_severity(severity)
        )
        try:
            if do == "approve":
                await teaching.approve(correction_id, by=by, reviewed=reviewed)
            else:
                await teaching.discard(correction_id, by=by)
        except Refusal as refusal:
            return await list_page(request, ExampleState.PROPOSED, refusal=refusal, at=correction_id)
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)

    return router
