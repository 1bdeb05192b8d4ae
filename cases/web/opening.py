"""cases: a new file by hand, and the fields its kind asks for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from cases.contracts import NewCase
from cases.web.pieces import FIELD, MAY_WORK, PATH, Number, Office, fields_in
from kit.contracts import Language, NewId
from kit.refusals import Refusal
from nlu.contracts import Severity

Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Short = Annotated[str, Form(max_length=80)]
Text = Annotated[str, Form()]


def build_opening_router(office: Office, *, new_id: NewId) -> APIRouter:
    """`/cases/new` and `/cases/{number}/fields`. Stands before the routes of files: `new` is no number."""
    router = APIRouter(prefix=PATH)

    @router.get("/new")
    async def show_form(request: Request, kind: str = "") -> Response:
        await office.gate.require(request, *MAY_WORK)
        known = [each.name for each in office.settings.kinds]
        chosen = kind if kind in known else known[0]
        # The key makes a form that is sent twice one file.
        return _form(office, request, {"key": f"desk:{new_id()}", "kind": chosen})

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
        product: Short = "",
        wanted: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        by = await office.editor(request)
        fields = await fields_in(request)
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
            fields=fields,
            product=product,
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
                "product": product,
                "wanted": wanted,
                **{f"{FIELD}{name}": value for name, value in fields.items()},
            }
            return _form(office, request, typed, refusal)
        return await office.answer(request, file.case.number)

    @router.post("/{number}/fields")
    async def fill(request: Request, number: Number, version: Version) -> Response:
        by = await office.editor(request)
        fields = await fields_in(request)
        try:
            await office.handling.fill(number, fields, by=by, version=version)
        except Refusal as refusal:
            typed = {f"{FIELD}{name}": value for name, value in fields.items()}
            return await office.answer(request, number, refusal, typed)
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
        fields=office.settings.fields(typed["kind"]),
        words=words,
        products=words.products(),
        customers_link=str(request.base_url).rstrip("/")
        + office.links.opening_path(typed["key"].removeprefix("desk:")),
        severities=list(Severity),
    )
