"""knowledge_base: the page that imports and exports, and the same for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from kit.contracts import Language
from kit.texts import Texts
from kit.web.pages import Pages
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.exchange.columns import FIELDS
from knowledge_base.exchange.planning import PlannedRow, Verdict
from knowledge_base.exchange.tables import ENDINGS, WRITTEN, FileKind
from knowledge_base.exchanging import Exchange, ImportFile, ImportPlan
from knowledge_base.refusals import NoTitleColumn
from staff.ports import Gate

IMPORTS = "/api/v1/knowledge/import"
LOOKS = "/knowledge/exchange/look"
NAMES = "knowledge_base.exchange.names."
MOST_ROWS = 300
"""Rows a dry run shows; refused ones first, then changed, new and same ones."""
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
_COLUMN = re.compile(r"[0-9]{1,3}")
_ORDER = (Verdict.REFUSE, Verdict.CHANGE, Verdict.CREATE, Verdict.SAME)


class PlannedRowBody(BaseModel):
    """One row of a dry run."""

    row: int
    name: str
    verdict: Verdict
    key: str
    title: str
    fields: list[str]
    faults: dict[str, str]

    @classmethod
    def of(cls, row: PlannedRow) -> PlannedRowBody:
        """The body of `row`."""
        return cls(
            row=row.number,
            name=row.name,
            verdict=row.verdict,
            key=row.draft.key,
            title=row.title,
            fields=list(row.fields),
            faults=dict(row.faults),
        )


class ImportBody(BaseModel):
    """What an import would do, or has done."""

    encoding: str
    columns: dict[int, str]
    created: int
    changed: int
    same: int
    refused: int
    rows: list[PlannedRowBody]

    @classmethod
    def of(cls, plan: ImportPlan) -> ImportBody:
        """The body of `plan`."""
        return cls(
            encoding=plan.table.encoding,
            columns=dict(plan.fields),
            created=plan.count(Verdict.CREATE),
            changed=plan.count(Verdict.CHANGE),
            same=plan.count(Verdict.SAME),
            refused=plan.count(Verdict.REFUSE),
            rows=[PlannedRowBody.of(row) for row in plan.rows],
        )


def heading_names(texts: Texts) -> dict[str, tuple[str, ...]]:
    """What people call the fields in their headings, in both languages."""
    found: dict[str, tuple[str, ...]] = {}
    for language in Language:
        for key, names in texts.section(NAMES, language).items():
            field = key.removeprefix(NAMES)
            shown = texts(f"knowledge_base.field.{field}", language)
            found[field] = (*found.get(field, ()), *names.split(","), shown)
    return found


def build_exchange_router(*, exchange: Exchange, gate: Gate, api: Gate, pages: Pages) -> APIRouter:
    """`/knowledge/exchange`, `/api/v1/knowledge/import` and `/api/v1/knowledge/export`."""
    router = APIRouter()

    @router.get("/knowledge/exchange")
    async def show(request: Request) -> HTMLResponse:
        """Choose a file, or take all articles along."""
        person = await gate.require(request, *READERS)
        return pages.page(
            request, "knowledge_base/exchange.html", kinds=WRITTEN, endings=ENDINGS, may_write=person.may(*WRITERS)
        )

    @router.post(LOOKS)
    async def look(
        request: Request,
        name: str,
        encoding: str = "",
        language: Language = Language.ZH,
        columns: Annotated[list[str] | None, Query()] = None,
    ) -> HTMLResponse:
        """The dry run of the file in the request's body, row by row."""
        person = await gate.require(request, *WRITERS)
        plan = await exchange.plan(person, await _file(request, name, encoding, language, columns))
        rows = sorted(plan.rows, key=lambda row: _ORDER.index(row.verdict))
        return pages.page(
            request,
            "knowledge_base/import_plan.html",
            plan=plan,
            name=name,
            rows=rows[:MOST_ROWS],
            more=max(0, len(rows) - MOST_ROWS),
            counts=[(verdict, plan.count(verdict)) for verdict in _ORDER],
            storing=plan.count(Verdict.CREATE) + plan.count(Verdict.CHANGE),
            refused=plan.count(Verdict.REFUSE),
            names=_field_names(pages.texts, pages.language(request)),
        )

    @router.post(IMPORTS, tags=["knowledge"])
    async def import_articles(
        request: Request,
        name: Annotated[str, Query(description="The file's name; its ending says what it is.")],
        *,
        encoding: str = "",
        language: Language = Language.ZH,
        columns: Annotated[list[str] | None, Query(description="`number:field`, as `0:zh.title`.")] = None,
        dry_run: bool = False,
    ) -> ImportBody:
        """Store every row of the file in the request's body as a draft, or none; with `dry_run` say what would be."""
        person = await api.require(request, *WRITERS)
        file = await _file(request, name, encoding, language, columns)
        plan = await (exchange.plan if dry_run else exchange.run)(person, file)
        if not plan.names_articles:
            raise NoTitleColumn(field="file")
        return ImportBody.of(plan)

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


async def _file(
    request: Request, name: str, encoding: str, language: Language, columns: list[str] | None
) -> ImportFile:
    return ImportFile(
        name=name,
        content=await request.body(),
        encoding=encoding,
        language=language,
        fields=_chosen(columns) if columns is not None else None,
    )


def _chosen(columns: list[str]) -> dict[int, str]:
    pairs = (column.split(":", 1) for column in columns if ":" in column)
    return {int(number): field for number, field in pairs if _COLUMN.fullmatch(number) and field}


def _field_names(texts: Texts, language: Language) -> Mapping[str, str]:
    """Fields as the page calls them."""
    shown = {}
    for field in FIELDS:
        side, _, name = field.rpartition(".")
        words = texts(f"knowledge_base.field.{name}", language)
        shown[field] = f"{words} · {texts(f'knowledge_base.language_{side}', language)}" if side else words
    return shown
