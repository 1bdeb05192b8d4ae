"""knowledge_base: the page that imports and exports, and exports for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from kit.contracts import Language
from kit.texts import Texts
from kit.web.pages import Pages
from knowledge_base.contracts.imports import WORKED_AT, Import, ImportState, Verdict
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.exchange.columns import FIELDS
from knowledge_base.exchange.tables import ENDINGS, WRITTEN, FileKind
from knowledge_base.exchanging import Exchange
from knowledge_base.import_report import ORDER
from knowledge_base.import_words import refusal_words
from knowledge_base.imports import Imports
from staff.ports import Gate

NAMES = "knowledge_base.exchange.names."
MEDIA = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.TSV: "text/tab-separated-values; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.JSON: "application/json",
    FileKind.MARKDOWN: "application/zip",
}
ENDING = {FileKind.MARKDOWN: "zip"}
"""Where a file's ending is not its kind's name."""
WrittenKind = Literal[FileKind.CSV, FileKind.TSV, FileKind.XLSX, FileKind.JSON, FileKind.MARKDOWN]


def heading_names(texts: Texts) -> dict[str, tuple[str, ...]]:
    """What people call the fields in their headings, in both languages."""
    found: dict[str, tuple[str, ...]] = {}
    for language in Language:
        for key, names in texts.section(NAMES, language).items():
            field = key.removeprefix(NAMES)
            shown = texts(f"knowledge_base.field.{field}", language)
            found[field] = (*found.get(field, ()), *names.split(","), shown)
    return found


def build_exchange_router(*, exchange: Exchange, imports: Imports, gate: Gate, api: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/exchange` with the piece that shows an import, and `/api/v1/knowledge/export`."""
    router = APIRouter()

    @router.get("/knowledge/exchange")
    async def show(request: Request) -> HTMLResponse:
        """Choose a file, or take all articles along; an import that was begun before is shown as it stands."""
        person = await gate.require(request, *READERS)
        may_write = person.may(*WRITERS)
        newest = await imports.newest(person) if may_write else None
        return pages.page(
            request,
            "knowledge_base/exchange.html",
            kinds=WRITTEN,
            endings=ENDINGS,
            may_write=may_write,
            **(_piece(newest, pages.texts, pages.language(request)) if newest else {"job": None}),
        )

    @router.get("/knowledge/exchange/imports/{import_id}")
    async def look(request: Request, import_id: str) -> HTMLResponse:
        """How far an import is, or what came of it."""
        person = await gate.require(request, *WRITERS)
        job = await imports.load(person, import_id)
        piece = _piece(job, pages.texts, pages.language(request))
        return pages.page(request, "knowledge_base/import_plan.html", **piece)

    files: dict[int | str, dict[str, Any]] = {
        200: {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}, "description": "The file."}
    }

    @router.get("/api/v1/knowledge/export", tags=["knowledge"], response_class=Response, responses=files)
    async def export_articles(request: Request, kind: WrittenKind = FileKind.CSV) -> Response:
        """Every article that is not deleted."""
        person = await api.require(request, *READERS)
        content = await exchange.export(person, kind)
        headers = {
            "Content-Disposition": f'attachment; filename="articles.{ENDING.get(kind, kind)}"',
            "Cache-Control": "no-store",
        }
        return Response(content, media_type=MEDIA[kind], headers=headers)

    return router


def _piece(job: Import, texts: Texts, language: Language) -> dict[str, Any]:
    """What the piece of the page shows."""
    report = job.report
    return {
        "job": job,
        "working": job.state in WORKED_AT,
        "decided": job.state is ImportState.BRINGING,
        "stored": job.state is ImportState.DONE,
        "refusal": refusal_words(job.refusal, texts, language) if job.refusal else "",
        "report": report,
        "counts": [(verdict, report.count(verdict)) for verdict in ORDER] if report else [],
        "created": report.count(Verdict.CREATE) if report else 0,
        "changed": report.count(Verdict.CHANGE) if report else 0,
        "refused": report.count(Verdict.REFUSE) if report else 0,
        "more": report.total - len(report.rows) if report else 0,
        "names": _field_names(texts, language),
    }


def _field_names(texts: Texts, language: Language) -> Mapping[str, str]:
    """Fields as the page calls them."""
    shown = {}
    for field in FIELDS:
        side, _, name = field.rpartition(".")
        words = texts(f"knowledge_base.field.{name}", language)
        shown[field] = f"{words} · {texts(f'knowledge_base.language_{side}', language)}" if side else words
    return shown
