"""knowledge_base: reads articles from files, row by row as a dry run, and gives them out.

What a dry run found is stored by `knowledge_base.import_work`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kit.contracts import Language, Tx
from kit.refusals import NotAllowed
from knowledge_base.contracts.imports import ImportStep, Verdict
from knowledge_base.departments import Departments
from knowledge_base.drawings import Drawing, StoredImage
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.exchange.columns import FIELDS, STANDING, row_of
from knowledge_base.exchange.mapping import fingerprint, guess_fields
from knowledge_base.exchange.pictures import with_addresses
from knowledge_base.exchange.planning import PlannedRow, attachment_ids, keys_of, plan_rows
from knowledge_base.exchange.tables import FileKind, Table
from knowledge_base.holding import hold_attachments, ids_of
from knowledge_base.images import LONGEST_SIDE, PIXEL_LIMIT, name_of
from knowledge_base.images import SIZE_LIMIT as PICTURE_LIMIT
from knowledge_base.ports import ArticleFiles, ArticleStore, AttachmentStore, ImageDrawer, ImageStore, MappingStore
from knowledge_base.refusals import ImageTooHeavy, ImageTooLarge, NotAnImage, PictureRefused
from knowledge_base.watching import Watch
from staff.contracts import Person

TOGETHER = 500
"""Rows checked in one go; whoever watches hears of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file as somebody chose it."""

    name: str
    content: bytes
    encoding: str = ""
    """Empty: found out."""
    language: Language = Language.ZH
    """The side of columns that do not say their language."""
    fields: Mapping[int, str] | None = None
    """Field by column number, where somebody said it; empty: remembered or guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would do."""

    table: Table
    fields: Mapping[int, str]
    rows: tuple[PlannedRow, ...]
    drawings: tuple[Drawing, ...] = ()
    """Pictures that the rows show and the base does not have yet."""

    @property
    def names_articles(self) -> bool:
        """Whether a column says which article a row is about; without one no row is planned."""
        return any(field.endswith(".title") or field == "key" for field in self.fields.values())

    def count(self, verdict: Verdict) -> int:
        """How many rows there are of a kind."""
        return sum(row.verdict is verdict for row in self.rows)


class Exchange:
    """Imports and exports."""

    def __init__(
        self,
        *,
        files: ArticleFiles,
        mappings: MappingStore,
        pictures: ImageStore,
        attachments: AttachmentStore,
        draw: ImageDrawer,
        articles: ArticleStore,
        names: Mapping[str, tuple[str, ...]],
        departments: Departments,
    ) -> None:
        """`names` are what people call the fields in their headings."""
        self._departments = departments
        self._files, self._mappings, self._articles, self._names = files, mappings, articles, names
        self._pictures, self._draw, self._attachments = pictures, draw, attachments

    async def plan(self, by: Person, file: ImportFile) -> ImportPlan:
        """The dry run: nothing is stored. Raises what reading the file refuses."""
        _check_may(by, writes=True)
        return await self.read(file, Watch())

    async def read(self, file: ImportFile, watch: Watch) -> ImportPlan:
        """What `plan` does, for somebody who was asked before whether they may; `watch` is told how far it is."""
        watch.tell(ImportStep.READING)
        table = await asyncio.to_thread(self._files.read, file.content, file.name, encoding=file.encoding)
        fields = await self._fields(table, file)
        if not (unread := ImportPlan(table=table, fields=fields, rows=())).names_articles:
            return unread
        addresses, drawings = await self._take_pictures(table)
        table = replace(table, rows=with_addresses(table.rows, addresses))
        watch.tell(ImportStep.CHECKING, total=len(table.rows))
        keys = await asyncio.to_thread(keys_of, table.rows, fields)
        named = await asyncio.to_thread(attachment_ids, table.rows, fields)
        files = (await self._attachments.sizes(sorted(named))).keys() | table.attachments.keys()
        planned: list[PlannedRow] = []
        seen: set[str] = set()
        for start in range(0, len(keys), TOGETHER):
            watch.tell(ImportStep.CHECKING, start, total=len(keys))
            part = keys[start : start + TOGETHER]
            found = await self._articles.by_keys(sorted(set(part)))
            known = {key: article for key, article in found.items() if article.deleted_at is None}
            planned += await asyncio.to_thread(
                plan_rows,
                *(table.rows[start : start + TOGETHER], part, fields),
                known=known,
                deleted=found.keys() - known.keys(),
                seen=seen,
                files=files,
                departments=self._departments,
            )
        return replace(unread, table=table, rows=tuple(planned), drawings=drawings)

    async def keep(self, tx: Tx, plan: ImportPlan, *, at: datetime, by: str) -> None:
        """Remember the columns that were chosen, and keep the pictures that the rows show and the files they name."""
        await self._mappings.put(tx, fingerprint=fingerprint(plan.table.headings), fields=plan.fields, at=at, by=by)
        for drawing in plan.drawings:
            await self._pictures.put(tx, _image_of(drawing), drawing.content, at=at, by=by)
        drafts = [row.draft for row in plan.rows]
        named = ids_of(drafts)
        for file_id, file in plan.table.attachments.items():
            if file_id in named:
                await self._attachments.put(tx, file, at=at, by=by)
        await hold_attachments(self._attachments, tx, drafts)

    async def export(self, by: Person, kind: FileKind) -> bytes:
        """Every article that is not deleted, by key."""
        _check_may(by, writes=False)
        articles = await self._articles.all()
        rows = [row_of(article) for article in articles]
        pictures: dict[str, bytes] = {}
        attachments: dict[str, bytes] = {}
        for attachment_id in ids_of(article.content for article in articles) if kind is FileKind.MARKDOWN else ():
            if (found := await self._attachments.find(attachment_id)) is not None:
                attachments[attachment_id] = found[1]
        for name in self._files.pictures(rows) if kind is FileKind.MARKDOWN else ():
            image_id, _, ending = name.partition(".")
            content = await self._pictures.content(image_id, ending)
            if content is not None:
                pictures[name] = content
        return await asyncio.to_thread(
            self._files.write, kind, (*FIELDS, *STANDING), rows, pictures=pictures, attachments=attachments
        )

    async def _take_pictures(self, table: Table) -> tuple[dict[str, str], tuple[Drawing, ...]]:
        """(addresses by the SHA-256 of a picture's file, those that are new, drawn anew). Raises `PictureRefused`."""
        addresses = {image.id: image.address for image in await self._pictures.stored(list(table.pictures))}
        drawings: list[Drawing] = []
        for number, (name, content) in enumerate(table.pictures.items(), start=1):
            if name not in addresses:
                drawing = await asyncio.to_thread(self._drawn, content, number)
                addresses[name] = _image_of(drawing).address
                drawings.append(drawing)
        return addresses, tuple(drawings)

    def _drawn(self, content: bytes, number: int) -> Drawing:
        try:
            return self._draw(content, size_limit=PICTURE_LIMIT, pixel_limit=PIXEL_LIMIT, longest_side=LONGEST_SIDE)
        except (ImageTooHeavy, ImageTooLarge, NotAnImage) as refused:
            raise PictureRefused(
                field="file", number=number, size=PICTURE_LIMIT // 2**20, pixels=PIXEL_LIMIT // 1_000_000
            ) from refused

    async def _fields(self, table: Table, file: ImportFile) -> Mapping[int, str]:
        if file.fields is not None:
            wide = len(table.headings)
            return {number: field for number, field in file.fields.items() if field in FIELDS and 0 <= number < wide}
        remembered = await self._mappings.find(fingerprint(table.headings))
        return remembered or guess_fields(table.headings, self._names, language=file.language)


def _image_of(drawing: Drawing) -> StoredImage:
    return StoredImage(id=name_of(drawing.content), kind=drawing.kind, width=drawing.width, height=drawing.height)


def _check_may(by: Person, *, writes: bool) -> None:
    if not by.may(*(WRITERS if writes else READERS)):
        raise NotAllowed
