"""knowledge_base: brings articles in from files and gives them out: a dry run row by row, then all rows or none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kit.contracts import Clock, Language, NewId, Transactions, Tx
from kit.refusals import NotAllowed
from knowledge_base.contracts import Article, Change
from knowledge_base.drawings import Drawing, StoredImage
from knowledge_base.editing import READERS, WRITERS
from knowledge_base.exchange.columns import FIELDS, STANDING, row_of
from knowledge_base.exchange.mapping import fingerprint, guess_fields
from knowledge_base.exchange.pictures import with_addresses
from knowledge_base.exchange.planning import PlannedRow, Verdict, keys_of, plan_rows
from knowledge_base.exchange.tables import FileKind, Table
from knowledge_base.images import LONGEST_SIDE, PIXEL_LIMIT, name_of
from knowledge_base.images import SIZE_LIMIT as PICTURE_LIMIT
from knowledge_base.life import status_when_saved
from knowledge_base.ports import ArticleFiles, ArticleStore, ImageDrawer, ImageStore, MappingStore
from knowledge_base.publishing import Author, Publisher, mark
from knowledge_base.refusals import (
    ImageTooHeavy,
    ImageTooLarge,
    ImportRefused,
    NotAnImage,
    NoTitleColumn,
    PictureRefused,
    changed,
)
from staff.contracts import Person


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
        draw: ImageDrawer,
        articles: ArticleStore,
        publisher: Publisher,
        transactions: Transactions,
        clock: Clock,
        new_id: NewId,
        names: Mapping[str, tuple[str, ...]],
    ) -> None:
        """`names` are what people call the fields in their headings."""
        self._files, self._mappings, self._articles, self._publisher = files, mappings, articles, publisher
        self._transactions, self._clock, self._new_id, self._names = transactions, clock, new_id, names
        self._pictures, self._draw = pictures, draw

    async def plan(self, by: Person, file: ImportFile) -> ImportPlan:
        """The dry run: nothing is stored. Raises what reading the file refuses."""
        _check_may(by, writes=True)
        table = await asyncio.to_thread(self._files.read, file.content, file.name, encoding=file.encoding)
        fields = await self._fields(table, file)
        if not (unread := ImportPlan(table=table, fields=fields, rows=())).names_articles:
            return unread
        addresses, drawings = await self._take_pictures(table)
        table = replace(table, rows=with_addresses(table.rows, addresses))
        known = await self._articles.by_keys(sorted(set(keys_of(table.rows, fields))))
        here = {key: article for key, article in known.items() if article.deleted_at is None}
        rows = await asyncio.to_thread(
            plan_rows, table.rows, fields, known=here, deleted=frozenset(known.keys() - here.keys())
        )
        return replace(unread, table=table, rows=rows, drawings=drawings)

    async def run(self, by: Person, file: ImportFile) -> ImportPlan:
        """Store every row as a draft, or none.

        Raises what reading the file refuses, `NoTitleColumn`, `ImportRefused` naming the rows, and `ArticleChanged`.
        """
        plan = await self.plan(by, file)
        if not plan.names_articles:
            raise NoTitleColumn(field="file")
        refused = {str(row.number): next(iter(row.faults)) for row in plan.rows if row.verdict is Verdict.REFUSE}
        if refused:
            raise ImportRefused(field="file", details=refused, count=len(refused))

        async def work(tx: Tx) -> None:
            await self._mappings.put(
                tx,
                fingerprint=fingerprint(plan.table.headings),
                fields=plan.fields,
                at=self._clock(),
                by=by.display_name,
            )
            for drawing in plan.drawings:
                await self._pictures.put(tx, _image_of(drawing), drawing.content, at=self._clock(), by=by.display_name)
            for row in plan.rows:
                if row.verdict is not Verdict.SAME:
                    await self._store(tx, by, row)

        await self._transactions.write(work)
        return plan

    async def export(self, by: Person, kind: FileKind) -> bytes:
        """Every article that is not deleted, by key."""
        _check_may(by, writes=False)
        rows = [row_of(article) for article in await self._articles.all()]
        pictures = {}
        for name in self._files.pictures(rows) if kind is FileKind.MARKDOWN else ():
            image_id, _, ending = name.partition(".")
            content = await self._pictures.content(image_id, ending)
            if content is not None:
                pictures[name] = content
        return await asyncio.to_thread(self._files.write, kind, (*FIELDS, *STANDING), rows, pictures=pictures)

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

    async def _store(self, tx: Tx, by: Person, row: PlannedRow) -> None:
        at, old = self._clock(), row.article
        done: Article | None
        if old is None:
            done = await self._articles.create(
                tx,
                article_id=self._new_id(),
                draft=row.draft,
                change=Change.IMPORTED,
                at=at,
                by=by.display_name,
                by_id=by.id,
            )
        else:
            done = await self._articles.save(
                tx,
                article_id=old.id,
                expected_version=old.version,
                draft=row.draft,
                change=Change.IMPORTED,
                status=status_when_saved(old),
                at=at,
                by=by.display_name,
                by_id=by.id,
            )
        if done is None:
            # Somebody wrote the same article since the plan was made: nothing of the file is stored.
            if old is not None:
                raise changed(await self._articles.find(old.id) or old)
            raise ImportRefused(field="file", details={str(row.number): "key"}, count=1)
        await self._publisher.record(
            tx, Author.of(by), "import", done.id, before=mark(old) if old else "", after=mark(done)
        )


def _image_of(drawing: Drawing) -> StoredImage:
    return StoredImage(id=name_of(drawing.content), kind=drawing.kind, width=drawing.width, height=drawing.height)


def _check_may(by: Person, *, writes: bool) -> None:
    if not by.may(*(WRITERS if writes else READERS)):
        raise NotAllowed
