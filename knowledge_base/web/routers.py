"""knowledge_base: its routers in one, and its place in the main navigation."""

from __future__ import annotations

from fastapi import APIRouter

from kit.web.pages import NavItem, Pages
from knowledge_base.editing import READERS, Editing
from knowledge_base.web.api import build_api_router
from knowledge_base.web.article_pages import build_article_router
from knowledge_base.web.history_pages import build_history_router
from knowledge_base.web.list_pages import build_list_router
from staff.contracts import Role
from staff.ports import Gate

NAV = NavItem(
    href="/knowledge",
    text="knowledge_base.nav",
    icon="book",
    roles=frozenset(str(role) for role in (*READERS, Role.ADMIN)),
)


def build_knowledge_router(*, editing: Editing, gate: Gate, pages: Pages) -> APIRouter:
    """The editors' pages below `/knowledge` and the interface for programs below `/api/knowledge`."""
    router = APIRouter()
    router.include_router(build_list_router(editing=editing, gate=gate, pages=pages))
    router.include_router(build_article_router(editing=editing, gate=gate, pages=pages))
    router.include_router(build_history_router(editing=editing, gate=gate, pages=pages))
    router.include_router(build_api_router(editing=editing, gate=gate))
    return router
