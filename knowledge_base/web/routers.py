"""knowledge_base: its routers in one, and its place in the main navigation."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter

from kit.web.pages import NavItem, Pages
from knowledge_base.attached_files import LIMIT_MIB
from knowledge_base.editing import READERS
from knowledge_base.editors_desk import EditorsDesk
from knowledge_base.exchange.tables import SIZE_LIMIT as FILE_LIMIT
from knowledge_base.images import SIZE_LIMIT
from knowledge_base.web.answer_pages import build_answers_router
from knowledge_base.web.api import build_api_router
from knowledge_base.web.article_pages import build_article_router
from knowledge_base.web.bulk_api import build_bulk_api_router
from knowledge_base.web.bulk_pages import build_bulk_router
from knowledge_base.web.compare_api import build_compare_router
from knowledge_base.web.exchange_pages import build_exchange_router
from knowledge_base.web.figures_api import build_figures_api_router
from knowledge_base.web.files_api import ATTACHMENTS, IMAGES, build_files_router
from knowledge_base.web.gate_api import build_gate_api_router
from knowledge_base.web.gate_pages import build_gate_router
from knowledge_base.web.history_pages import build_history_router
from knowledge_base.web.import_api import IMPORTS, build_import_router
from knowledge_base.web.list_pages import build_list_router
from knowledge_base.web.loop_api import build_loop_api_router
from knowledge_base.web.unanswered_pages import build_unanswered_router
from knowledge_base.web.unsaved_api import build_unsaved_router
from knowledge_base.web.why_pages import build_why_router
from staff.contracts import Role
from staff.ports import Gate, People

NAV = NavItem(
    href="/knowledge",
    text="knowledge_base.nav",
    icon="book",
    roles=frozenset(str(role) for role in (*READERS, Role.ADMIN)),
)


SPARE = 1024
BODY_LIMITS = {
    IMAGES: SIZE_LIMIT + SPARE,
    ATTACHMENTS: LIMIT_MIB * 2**20 + SPARE,
    IMPORTS: FILE_LIMIT + SPARE,
}
"""Where more than usual may be sent; a little more than is taken, so that the refusal can name the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """Who may: on the pages, over the interface for programs, and there for what customers get."""

    pages: Gate
    api: Gate
    publishing: Gate


def build_knowledge_router(*, desk: EditorsDesk, people: People, gates: Gates, pages: Pages) -> APIRouter:
    """The editors' pages below `/knowledge` and the interface for programs below `/api/v1/knowledge`."""
    gate, api = gates.pages, gates.api
    router, editing = APIRouter(), desk.editing
    router.include_router(
        build_list_router(editing=editing, unanswered=desk.unanswered, flagging=desk.flagging, gate=gate, pages=pages)
    )
    router.include_router(
        build_article_router(
            editing=editing, unsaved=desk.unsaved, answers=desk.figures, people=people, gate=gate, pages=pages
        )
    )
    router.include_router(build_history_router(editing=editing, answers=desk.figures, gate=gate, pages=pages))
    router.include_router(build_gate_router(editing=editing, gate=gate, pages=pages))
    router.include_router(
        build_unanswered_router(
            unanswered=desk.unanswered,
            flagging=desk.flagging,
            answers=desk.figures,
            editing=editing,
            gate=gate,
            pages=pages,
        )
    )
    router.include_router(build_answers_router(answers=desk.figures, gate=gate, pages=pages))
    router.include_router(build_why_router(replay=desk.replay, gate=gate, pages=pages))
    router.include_router(build_api_router(editing=editing, gate=api, publishing=gates.publishing))
    router.include_router(
        build_exchange_router(exchange=desk.exchange, imports=desk.imports, gate=gate, api=api, pages=pages)
    )
    router.include_router(build_import_router(imports=desk.imports, gate=api, pages=pages))
    router.include_router(build_bulk_router(bulk=desk.bulk, people=people, gate=gate, pages=pages))
    router.include_router(
        build_bulk_api_router(
            bulk=desk.bulk, gate=api, publishing=gates.publishing, texts=pages.texts, language=pages.language
        )
    )
    router.include_router(build_gate_api_router(editing=editing, gate=api, publishing=gates.publishing))
    router.include_router(build_compare_router(editing=editing, bulk=desk.bulk, gate=api))
    router.include_router(build_loop_api_router(unanswered=desk.unanswered, flagging=desk.flagging, gate=api))
    router.include_router(build_figures_api_router(answers=desk.figures, editing=editing, replay=desk.replay, gate=api))
    router.include_router(build_unsaved_router(unsaved=desk.unsaved, gate=api))
    router.include_router(build_files_router(images=desk.images, attachments=desk.attachments, gate=api))
    return router
