"""knowledge_base: imports for programs and for the page's own module."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from kit.contracts import Language
from kit.texts import Texts
from kit.web.pages import Pages
from knowledge_base.contracts.imports import Import, ImportOptions, ImportState, ImportStep, ReportRow, Verdict
from knowledge_base.editing import WRITERS
from knowledge_base.import_words import refusal_words
from knowledge_base.imports import Imports
from staff.ports import Gate

IMPORTS = "/api/v1/knowledge/imports"
_COLUMN = re.compile(r"[0-9]{1,3}")
Columns = Annotated[list[str] | None, Query(description="`number:field`, as `0:zh.title`.")]


class ImportRowBody(BaseModel):
    """One row of a dry run."""

    row: int
    name: str
    verdict: Verdict
    key: str
    title: str
    fields: list[str]
    faults: dict[str, str]

    @classmethod
    def of(cls, row: ReportRow) -> ImportRowBody:
        """The body of `row`."""
        return cls(
            row=row.number,
            name=row.name,
            verdict=row.verdict,
            key=row.key,
            title=row.title,
            fields=list(row.fields),
            faults=dict(row.faults),
        )


class ImportReportBody(BaseModel):
    """What an import would do, or has done; the first rows, refused ones before all others."""

    encoding: str
    columns: dict[int, str]
    names_articles: bool
    created: int
    changed: int
    same: int
    refused: int
    rows: list[ImportRowBody]


class ImportRefusalBody(BaseModel):
    """Why nothing was stored."""

    code: str
    text: str


class ImportBody(BaseModel):
    """An import and how far it is: `done` of `total` in this step, where `total` is not 0."""

    id: str
    name: str
    state: ImportState
    step: ImportStep
    done: int
    total: int
    report: ImportReportBody | None
    refusal: ImportRefusalBody | None

    @classmethod
    def of(cls, job: Import, texts: Texts, language: Language) -> ImportBody:
        """The body of `job`."""
        return cls(
            id=job.id,
            name=job.name,
            state=job.state,
            step=job.step,
            done=job.done,
            total=job.total,
            report=_report_of(job),
            refusal=ImportRefusalBody(
                code=str(job.refusal.get("code")), text=refusal_words(job.refusal, texts, language)
            )
            if job.refusal
            else None,
        )


def build_import_router(*, imports: Imports, gate: Gate, pages: Pages) -> APIRouter:
    """Everything below `/api/v1/knowledge/imports`."""
    router = APIRouter(prefix=IMPORTS, tags=["knowledge"])

    def body(request: Request, job: Import) -> ImportBody:
        return ImportBody.of(job, pages.texts, pages.language(request))

    @router.post("", status_code=HTTPStatus.ACCEPTED)
    async def send_file(
        request: Request,
        name: Annotated[str, Query(description="The file's name; its ending says what it is.")],
        *,
        encoding: str = "",
        language: Language = Language.ZH,
        columns: Columns = None,
        dry_run: bool = False,
    ) -> ImportBody:
        """Take the file in the request's body. Every row is stored as a draft, or none; with `dry_run` none yet."""
        person = await gate.require(request, *WRITERS)
        options = ImportOptions(encoding=encoding, language=language, fields=_chosen(columns))
        job = await imports.send(person, name, request.stream(), options=options, stores=not dry_run)
        return body(request, job)

    @router.get("/{import_id}")
    async def show_import(request: Request, import_id: str) -> ImportBody:
        """How far it is, and what came of it; kept for a day."""
        person = await gate.require(request, *WRITERS)
        return body(request, await imports.load(person, import_id))

    @router.post("/{import_id}/columns", status_code=HTTPStatus.ACCEPTED)
    async def choose_columns(request: Request, import_id: str, columns: Columns = None) -> ImportBody:
        """Make the dry run again with other columns."""
        person = await gate.require(request, *WRITERS)
        return body(request, await imports.choose(person, import_id, _chosen(columns) or {}))

    @router.post("/{import_id}/store", status_code=HTTPStatus.ACCEPTED)
    async def store_import(request: Request, import_id: str) -> ImportBody:
        """Store what the dry run found."""
        person = await gate.require(request, *WRITERS)
        return body(request, await imports.start(person, import_id))

    @router.delete("/{import_id}", status_code=HTTPStatus.NO_CONTENT)
    async def cancel_import(request: Request, import_id: str) -> None:
        """Leave nothing of it behind; articles that are stored already stay."""
        person = await gate.require(request, *WRITERS)
        await imports.cancel(person, import_id)

    return router


def _report_of(job: Import) -> ImportReportBody | None:
    report = job.report
    if report is None:
        return None
    return ImportReportBody(
        encoding=report.encoding,
        columns=dict(report.fields),
        names_articles=report.names_articles,
        created=report.count(Verdict.CREATE),
        changed=report.count(Verdict.CHANGE),
        same=report.count(Verdict.SAME),
        refused=report.count(Verdict.REFUSE),
        rows=[ImportRowBody.of(row) for row in report.rows],
    )


def _chosen(columns: list[str] | None) -> dict[int, str] | None:
    if columns is None:
        return None
    pairs = (column.split(":", 1) for column in columns if ":" in column)
    return {int(number): field for number, field in pairs if _COLUMN.fullmatch(number) and field}
