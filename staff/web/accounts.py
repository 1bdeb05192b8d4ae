"""staff: the administrators' pages: accounts and audit trail."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kit.contracts import Language
from kit.refusals import Refusal
from kit.web.pages import NavItem, Pages
from staff.contracts import Role
from staff.service import NewAccount, Staff
from staff.tokens import Tokens
from staff.web.audit_words import AuditWords, in_words
from staff.web.gate import CookieGate

ACCOUNTS = "/staff"
NAV = (NavItem(href=ACCOUNTS, text="staff.nav", icon="people", roles=frozenset({Role.ADMIN})),)
"""This room's entries of the main navigation."""


def build_accounts_router(staff: Staff, tokens: Tokens, gate: CookieGate, pages: Pages, words: AuditWords) -> APIRouter:
    """`/staff` and what is below it; administrators only. `words` says what the trail's notes mean."""
    router = APIRouter(prefix=ACCOUNTS)

    async def list_page(
        request: Request, refusal: Refusal | None = None, made: NewAccount | None = None, saved: str = ""
    ) -> Response:
        """All accounts; with `made` the new password, which is shown this once and never again."""
        status = refusal.status if refusal else HTTPStatus.OK
        accounts = await staff.accounts()
        return pages.page(
            request,
            "staff/accounts.html",
            status=status,
            accounts=accounts,
            roles=list(Role),
            languages=list(Language),
            refusal=refusal,
            made=made,
            saved=saved,
        )

    async def account_page(request: Request, account_id: str, refusal: Refusal | None = None) -> Response:
        status = refusal.status if refusal else HTTPStatus.OK
        account = await staff.account(account_id)
        return pages.page(
            request, "staff/account.html", status=status, account=account, roles=list(Role), refusal=refusal
        )

    @router.get("")
    async def show_accounts(request: Request, saved: str = "") -> Response:
        await gate.require(request, Role.ADMIN)
        return await list_page(request, saved=saved)

    @router.post("")
    async def create_account(
        request: Request,
        name: Annotated[str, Form()] = "",
        display_name: Annotated[str, Form()] = "",
        language: Annotated[Language, Form()] = Language.ZH,
        roles: Annotated[list[Role] | None, Form()] = None,
    ) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        try:
            made = await staff.create_account(
                name=name, display_name=display_name, roles=roles or (), language=language, by=admin.id
            )
        except Refusal as refusal:
            return await list_page(request, refusal)
        return await list_page(request, made=made)

    @router.get("/accounts/{account_id}")
    async def show_account(request: Request, account_id: str) -> Response:
        await gate.require(request, Role.ADMIN)
        return await account_page(request, account_id)

    @router.post("/accounts/{account_id}")
    async def change_account(
        request: Request,
        account_id: str,
        roles: Annotated[list[Role] | None, Form()] = None,
    ) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        return await changed(request, account_id, by=admin.id, roles=roles or ())

    @router.post("/accounts/{account_id}/close")
    async def close_account(request: Request, account_id: str) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        return await changed(request, account_id, by=admin.id, active=False)

    @router.post("/accounts/{account_id}/reopen")
    async def reopen_account(request: Request, account_id: str) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        return await changed(request, account_id, by=admin.id, active=True)

    async def changed(
        request: Request,
        account_id: str,
        *,
        by: str,
        roles: list[Role] | tuple[Role, ...] | None = None,
        active: bool | None = None,
    ) -> Response:
        try:
            account = await staff.change_account(account_id, by=by, roles=roles, active=active)
        except Refusal as refusal:
            return await account_page(request, account_id, refusal)
        return RedirectResponse(f"{ACCOUNTS}?saved={account.name}", HTTPStatus.SEE_OTHER)

    @router.post("/accounts/{account_id}/reset-password")
    async def reset_password(request: Request, account_id: str) -> Response:
        admin = await gate.require(request, Role.ADMIN)
        return await list_page(request, made=await staff.reset_password(account_id, by=admin.id))

    @router.get("/audit")
    async def show_audit(request: Request, before: str | None = None) -> Response:
        await gate.require(request, Role.ADMIN)
        page = await staff.audit_page(before=before)
        names = {account.id: account.display_name for account in await staff.accounts()}
        names |= {token.id: token.name for token in await tokens.all()}
        language = pages.language(request)
        return pages.page(
            request,
            "staff/audit.html",
            records=page.records,
            older=page.before,
            newest=before is None,
            names=names,
            said=lambda record, noted: in_words(noted, {**names, **words(record.action, language)}),
        )

    return router
