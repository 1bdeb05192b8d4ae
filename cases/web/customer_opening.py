"""cases: `/c/new/<signed link>`: a customer opens one case by themselves; no account, no session.

A colleague gives the link away, or it comes from the customer's own page (`customer_home.py`). It opens one case and
then leads to it, and a conversation opens only so many in a day: no door for floods.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from cases.contracts import NewCase
from cases.customer import CUSTOMER
from cases.links import CUSTOMER_PATH, conversation_of
from cases.refusals import WordsMissing
from cases.web.pieces import FIELD, Office, fields_in
from kit.contracts import Language
from kit.refusals import Refusal
from nlu.contracts import Severity

Token = Annotated[str, Path(max_length=160)]
Short = Annotated[str, Form(max_length=80)]


def build_customer_opening_router(office: Office) -> APIRouter:
    """The form and what it sends."""
    router = APIRouter(prefix=f"{CUSTOMER_PATH}/new")
    kinds = [kind.name for kind in office.settings.kinds]

    async def there(token: str) -> Response | None:
        """The way to the case this link has opened, if it has."""
        case = await office.cases.by_key(f"link:{office.links.opening(token)}")
        return RedirectResponse(office.links.path(case.number), HTTPStatus.SEE_OTHER) if case is not None else None

    @router.get("/{token}")
    async def show(request: Request, token: Token, kind: str = "") -> Response:
        chosen = kind if kind in kinds else kinds[0]
        return await there(token) or _page(office, request, token, {"kind": chosen})

    @router.post("/{token}")
    async def open_case(  # noqa: PLR0917 - a form has no order
        request: Request,
        token: Token,
        kind: Short,
        category: Short,
        what_happened: Annotated[str, Form()] = "",
        customer_name: Short = "",
        contact: Short = "",
        order_number: Short = "",
        product: Short = "",
        wanted: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        fields = await fields_in(request)
        opening = office.links.opening(token)
        talk = conversation_of(opening)
        new = NewCase(
            key=f"link:{opening}",
            kind=kind,
            conversation_id=talk,
            customer_name=customer_name.strip(),
            language=Language(office.pages.language(request)),
            category=category,
            category_confidence=1.0,
            severity=Severity.NORMAL,
            severity_confidence=0.0,
            rule=None,
            what_happened=what_happened,
            order_number=order_number.strip() or None,
            wanted=wanted.strip() or None,
            contact=contact.strip() or None,
            fields=fields,
            product=product,
        )
        try:
            if talk is not None:
                await office.check_opens(talk)
            elif not new.contact:  # there is no conversation in which they could hear from us
                raise WordsMissing(field="contact")
            file = await office.handling.register(new, by=CUSTOMER)
        except Refusal as refusal:
            typed = {
                "kind": kind if kind in kinds else kinds[0],
                "category": category,
                "what_happened": what_happened,
                "customer_name": customer_name,
                "contact": contact,
                "order_number": order_number,
                "product": product,
                "wanted": wanted,
                **{f"{FIELD}{name}": value for name, value in fields.items()},
            }
            return _page(office, request, token, typed, refusal)
        return RedirectResponse(f"{office.links.path(file.case.number)}?saved", HTTPStatus.SEE_OTHER)

    return router


def _page(
    office: Office, request: Request, token: str, typed: dict[str, str], refusal: Refusal | None = None
) -> Response:
    words = office.words(request)
    return office.pages.page(
        request,
        "cases/customer_new.html",
        status=refusal.status if refusal else HTTPStatus.OK,
        refusal=refusal,
        typed=typed,
        token=token,
        words=words,
        products=words.products(),
        kinds=[(each.name, words.kind(each.name)) for each in office.settings.kinds],
        categories=[(each.name, words.label(each.name)) for each in office.settings.categories],
        fields=office.settings.fields(typed["kind"]),
        reached=conversation_of(office.links.opening(token)) is not None,
    )
