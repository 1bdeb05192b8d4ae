"""cases: what colleagues do for a repair, below its case; `/cases/parts`, the ledger of parts."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from cases.web.pieces import MAY_WORK, PATH, Id, Number, Office
from kit.contracts import NewId
from kit.refusals import Malformed, Refusal

PARTS = f"{PATH}/parts"
Short = Annotated[str, Form(max_length=80)]
Pieces = Annotated[int, Form(ge=-1_000_000, le=1_000_000)]


def build_after_sales_router(office: Office, *, new_id: NewId) -> APIRouter:
    """Stands before the routes of files: `parts` is no number."""
    router = APIRouter(prefix=PATH)
    repairs = office.after_sales

    async def done(request: Request, number: str, work: Awaitable[object]) -> Response:
        try:
            await work
        except Refusal as refusal:
            return await office.answer(request, number, refusal)
        return await office.answer(request, number)

    @router.get("/parts")
    async def ledger(request: Request) -> Response:
        await office.gate.require(request, *MAY_WORK)
        return await _ledger(office, request, new_id)

    @router.post("/parts")
    async def move_stock(
        request: Request,
        part: Short,
        pieces: Pieces,
        key: Annotated[str, Form(min_length=10, max_length=60, pattern=r"^stock:[0-9A-Z]+$")],
        note: Short = "",
    ) -> Response:
        by = await office.editor(request)
        try:
            await repairs.move_stock(part, pieces, note, key=key, by=by)
        except Refusal as refusal:
            return await _ledger(office, request, new_id, refusal)
        return RedirectResponse(PARTS, HTTPStatus.SEE_OTHER)

    @router.post("/{number}/product")
    async def set_product(request: Request, number: Number, product: Short, bought_on: Short = "") -> Response:
        by = await office.editor(request)
        try:
            day = date.fromisoformat(bought_on) if bought_on else None
        except ValueError as error:
            raise Malformed(field="bought_on", details={"bought_on": "2026-11-22"}) from error
        return await done(request, number, repairs.set_product(number, product, day, by=by))

    @router.post("/{number}/needs")
    async def need(request: Request, number: Number, part: Short, pieces: Pieces) -> Response:
        by = await office.editor(request)
        return await done(request, number, repairs.need(number, part, pieces, by=by))

    @router.post("/{number}/needs/{need_id}")
    async def end_need(request: Request, number: Number, need_id: Id, used: Annotated[bool, Form()]) -> Response:
        by = await office.editor(request)
        return await done(request, number, repairs.end_need(number, need_id, used=used, by=by))

    @router.post("/{number}/visits")
    async def book(request: Request, number: Number, begins_at: Short) -> Response:
        by = await office.editor(request)
        try:
            begins = datetime.fromisoformat(begins_at).astimezone(UTC)
        except ValueError as error:
            raise Malformed(field="begins_at", details={"begins_at": "2026-11-22T09:00:00+08:00"}) from error
        return await done(request, number, repairs.book(number, begins, by=by))

    @router.post("/{number}/visits/{visit_id}")
    async def call_off(request: Request, number: Number, visit_id: Id) -> Response:
        by = await office.editor(request)
        return await done(request, number, repairs.call_off(number, visit_id, by=by))

    @router.post("/{number}/costs")
    async def add_cost(
        request: Request,
        number: Number,
        what: Annotated[str, Form()],
        amount: Short,
        payer: Annotated[str, Form(pattern="^(house|customer)$")],
    ) -> Response:
        by = await office.editor(request)
        try:
            cents = int(Decimal(amount) * 100)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise Malformed(field="amount", details={"amount": "128.50"}) from error
        work = repairs.add_cost(number, what, cents, by_customer=payer == "customer", by=by)
        return await done(request, number, work)

    return router


async def _ledger(office: Office, request: Request, new_id: NewId, refusal: Refusal | None = None) -> Response:
    stocks, movements = await office.after_sales.ledger()
    language = office.pages.language(request)
    labels = {part.name: part.label(language) for part in office.settings.after_sales.parts}
    return office.pages.page(
        request,
        "cases/parts.html",
        status=refusal.status if refusal else HTTPStatus.OK,
        refusal=refusal,
        stocks=stocks,
        movements=movements,
        label=lambda part: labels.get(part, part),
        parts=list(labels.items()),
        # The key makes a form that is sent twice one movement.
        key=f"stock:{new_id()}",
    )
