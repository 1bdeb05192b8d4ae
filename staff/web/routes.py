"""staff: all routes of this room."""

from __future__ import annotations

from fastapi import APIRouter

from kit.web.pages import Pages
from staff.contracts import Role
from staff.service import Staff
from staff.settings import StaffSettings
from staff.tokens import Tokens
from staff.web.accounts import ACCOUNTS, build_accounts_router
from staff.web.audit_words import AuditWords
from staff.web.gate import CookieGate
from staff.web.own_account import build_own_account_router
from staff.web.sign_in import Homes, build_sign_in_router
from staff.web.tokens import Departments, build_tokens_router


def build_router(
    staff: Staff,
    tokens: Tokens,
    gate: CookieGate,
    pages: Pages,
    settings: StaffSettings,
    *,
    homes: Homes | None = None,
    departments: Departments | None = None,
    audit_words: AuditWords | None = None,
) -> APIRouter:
    """Sign-in, own account, accounts, API tokens and audit trail.

    `homes` says where a role goes after signing in, `departments` what tokens may be limited to, `audit_words` what the
    names mean that stand in the trail.
    """
    places = homes or {Role.ADMIN: ACCOUNTS}
    router = APIRouter()
    router.include_router(build_sign_in_router(staff, gate, pages, places))
    router.include_router(
        build_own_account_router(staff, gate, pages, places, password_length=settings.password_length)
    )
    router.include_router(
        build_accounts_router(staff, tokens, gate, pages, audit_words or (lambda _action, _language: {}))
    )
    router.include_router(build_tokens_router(tokens, gate, pages, departments or {}))
    return router
