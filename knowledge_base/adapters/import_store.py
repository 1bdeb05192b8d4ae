"""knowledge_base: imports in SQL. Fits `knowledge_base.import_ports.ImportStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.contracts import JsonValue, Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.article_terms import wait_for_creators
from knowledge_base.adapters.mapping import content_of, draft_of
from knowledge_base.adapters.tables import articles, import_chunks, import_rows, imports
from knowledge_base.contracts.imports import (
    Import,
    ImportOptions,
    ImportReport,
    ImportState,
    ImportStep,
    ImportStopped,
    ReportRow,
    StagedRow,
    Verdict,
)

_WORK = [str(ImportState.WAITING), str(ImportState.BRINGING)]
_OVER = [str(ImportState.DONE), str(ImportState.REFUSED), str(ImportState.CANCELLED)]


def is_claimed(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a decided import will write an article; `wanted` says which, by columns of `import_rows`."""
    return exists().where(wanted, import_rows.c.import_id == imports.c.id, imports.c.state == str(ImportState.BRINGING))


class SqlImportStore:
    """Imports, the pieces of their files, and the rows that are to be stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Tx, new: Import) -> None:
        await connection_of(tx).execute(
            insert(imports).values(
                id=new.id,
                name=new.name,
                options=_options_as_json(new.options),
                size=new.size,
                state=str(new.state),
                stores=new.stores,
                step=str(new.step),
                done=new.done,
                total=new.total,
                account_id=new.account_id,
                person=new.person,
                at=new.at,
                changed_at=new.at,
                tries=0,
                worker="",
            )
        )

    async def add_piece(self, tx: Tx, import_id: str, *, number: int, content: bytes, size: int, at: datetime) -> bool:
        sending = and_(imports.c.id == import_id, imports.c.state == str(ImportState.SENDING))
        done = await connection_of(tx).execute(
            update(imports).where(sending).values(size=size, done=size, changed_at=at)
        )
        if not done.rowcount:
            return False
        row = {"import_id": import_id, "number": number, "content": content}
        await connection_of(tx).execute(insert(import_chunks).values(row))
        return True

    async def find(self, import_id: str) -> Import | None:
        async with self._database.read() as connection:
            return await _find(connection, import_id)

    async def newest(self, account_id: str) -> Import | None:
        query = (
            select(imports)
            .where(imports.c.account_id == account_id, imports.c.state != str(ImportState.CANCELLED))
            .order_by(imports.c.at.desc(), imports.c.id.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return _import_of(row) if row else None

    async def content(self, import_id: str) -> bytes:
        query = select(import_chunks.c.content).where(import_chunks.c.import_id == import_id)
        async with self._database.read() as connection:
            return b"".join((await connection.execute(query.order_by(import_chunks.c.number))).scalars())

    async def move(
        self,
        tx: Tx,
        import_id: str,
        *,
        expected: Sequence[ImportState],
        state: ImportState,
        at: datetime,
        stores: bool | None = None,
        options: ImportOptions | None = None,
        report: ImportReport | None = None,
        refusal: Mapping[str, JsonValue] | None = None,
    ) -> bool:
        values: dict[str, Any] = {"state": str(state), "changed_at": at, "done": 0, "total": 0}
        if state is ImportState.WAITING:
            values |= {"tries": 0, "step": str(ImportStep.READING)}
        if stores is not None:
            values["stores"] = stores
        if options is not None:
            values["options"] = _options_as_json(options)
        if report is not None:
            values["report"] = _report_as_json(report)
        if refusal is not None:
            values["refusal"] = dict(refusal)
        known = and_(imports.c.id == import_id, imports.c.state.in_([str(each) for each in expected]))
        done = await connection_of(tx).execute(update(imports).where(known).values(values))
        return bool(done.rowcount)

    async def claim(self, tx: Tx, import_id: str, *, worker: str, now: datetime, until: datetime) -> Import | None:
        connection = connection_of(tx)
        done = await connection.execute(
            update(imports)
            .where(imports.c.id == import_id, _waits(now))
            .values(worker=worker, worked_until=until, tries=imports.c.tries + 1)
        )
        return await _find(connection, import_id) if done.rowcount else None

    async def tell(
        self, tx: Tx, import_id: str, *, worker: str, step: ImportStep, done: int, total: int, until: datetime
    ) -> bool:
        mine = and_(imports.c.id == import_id, imports.c.worker == worker, imports.c.state.in_(_WORK))
        told = {"step": str(step), "done": done, "total": total, "worked_until": until}
        return bool((await connection_of(tx).execute(update(imports).where(mine).values(told))).rowcount)

    async def release(self, tx: Tx, import_id: str, *, worker: str) -> None:
        mine = and_(imports.c.id == import_id, imports.c.worker == worker)
        await connection_of(tx).execute(update(imports).where(mine).values(worker="", worked_until=None))

    async def due(self, now: datetime, *, larger_than: int, older_than: datetime) -> tuple[str, ...]:
        fits = or_(imports.c.size > larger_than, imports.c.changed_at < older_than)
        query = select(imports.c.id).where(_waits(now), fits).order_by(imports.c.at, imports.c.id)
        async with self._database.read() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def stage(self, tx: Tx, import_id: str, rows: Sequence[StagedRow]) -> None:
        await connection_of(tx).execute(
            insert(import_rows),
            [
                {
                    "import_id": import_id,
                    "number": row.number,
                    "article_id": row.article_id,
                    "expected_version": row.expected_version,
                    "key": row.draft.key,
                    "content": content_of(row.draft),
                }
                for row in rows
            ],
        )

    async def last_staged(self, tx: Tx, import_id: str) -> int:
        query = select(func.coalesce(func.max(import_rows.c.number), 0)).where(import_rows.c.import_id == import_id)
        return int((await connection_of(tx).execute(query)).scalar_one())

    async def decide(
        self, tx: Tx, import_id: str, *, worker: str, report: ImportReport, at: datetime
    ) -> StagedRow | None:
        connection = connection_of(tx)
        await wait_for_creators(connection)
        if connection.dialect.name == "postgresql":
            # Nobody changes an article between this look at them and the claim on them.
            await connection.execute(text("LOCK TABLE articles IN SHARE ROW EXCLUSIVE MODE"))
        mine = import_rows.c.import_id == import_id
        for in_the_way in (
            select(import_rows)
            .outerjoin(articles, articles.c.id == import_rows.c.article_id)
            .where(
                mine,
                import_rows.c.expected_version > 0,
                or_(
                    articles.c.version.is_distinct_from(import_rows.c.expected_version),
                    articles.c.deleted_at.is_not(None),
                ),
            ),
            select(import_rows)
            .join(articles, articles.c.key == import_rows.c.key)
            .where(mine, import_rows.c.expected_version == 0),
            _rows_of_two(import_id),
        ):
            row = (await connection.execute(in_the_way.order_by(import_rows.c.number).limit(1))).mappings().first()
            if row is not None:
                return _staged_of(row)
        waiting = and_(
            imports.c.id == import_id, imports.c.worker == worker, imports.c.state == str(ImportState.WAITING)
        )
        decided = {"state": str(ImportState.BRINGING), "report": _report_as_json(report), "changed_at": at}
        if not (await connection.execute(update(imports).where(waiting).values(decided))).rowcount:
            raise ImportStopped
        return None

    async def staged(self, tx: Tx, import_id: str, *, limit: int) -> tuple[StagedRow, ...]:
        query = select(import_rows).where(import_rows.c.import_id == import_id).order_by(import_rows.c.number)
        return tuple(_staged_of(row) for row in (await connection_of(tx).execute(query.limit(limit))).mappings())

    async def unstage(self, tx: Tx, import_id: str, *, up_to: int) -> None:
        gone = and_(import_rows.c.import_id == import_id, import_rows.c.number <= up_to)
        await connection_of(tx).execute(delete(import_rows).where(gone))

    async def purge(self, tx: Tx, *, before: datetime, limit: int) -> bool:
        connection = connection_of(tx)
        over = select(imports.c.id).where(or_(imports.c.state.in_(_OVER), _forgotten(before)))
        for table in (import_rows, import_chunks):
            keys = (table.c.import_id, table.c.number)
            found = (await connection.execute(select(*keys).where(table.c.import_id.in_(over)).limit(limit))).all()
            for import_id in {row[0] for row in found}:
                numbers = [row[1] for row in found if row[0] == import_id]
                await connection.execute(
                    delete(table).where(table.c.import_id == import_id, table.c.number.in_(numbers))
                )
            if found:
                return True
        past = or_(imports.c.state == str(ImportState.CANCELLED), imports.c.changed_at < before)
        await connection.execute(delete(imports).where(past, imports.c.id.in_(over)))
        return False


def _waits(now: datetime) -> ColumnElement[bool]:
    free = or_(imports.c.worked_until.is_(None), imports.c.worked_until < now)
    return and_(imports.c.state.in_(_WORK), free)


def _forgotten(before: datetime) -> ColumnElement[bool]:
    """Sent and never finished, or checked and never stored."""
    left = imports.c.state.in_([str(ImportState.SENDING), str(ImportState.CHECKED)])
    return and_(left, imports.c.changed_at < before)


def _rows_of_two(import_id: str) -> Any:
    """Rows whose article or key another decided import will write."""
    other = import_rows.alias("other")
    same = or_(other.c.article_id == import_rows.c.article_id, other.c.key == import_rows.c.key)
    decided = select(imports.c.id).where(imports.c.state == str(ImportState.BRINGING), imports.c.id != import_id)
    return (
        select(import_rows)
        .join(other, same)
        .where(import_rows.c.import_id == import_id, other.c.import_id.in_(decided))
    )


async def _find(connection: AsyncConnection, import_id: str) -> Import | None:
    row = (await connection.execute(select(imports).where(imports.c.id == import_id))).mappings().first()
    return _import_of(row) if row else None


def _import_of(row: RowMapping) -> Import:
    return Import(
        id=row["id"],
        name=row["name"],
        options=_options_of(row["options"]),
        size=row["size"],
        state=ImportState(row["state"]),
        stores=row["stores"],
        step=ImportStep(row["step"]),
        done=row["done"],
        total=row["total"],
        report=_report_of(row["report"]) if row["report"] else None,
        refusal=row["refusal"],
        account_id=row["account_id"],
        person=row["person"],
        at=row["at"],
        tries=row["tries"],
    )


def _staged_of(row: RowMapping) -> StagedRow:
    return StagedRow(
        number=row["number"],
        article_id=row["article_id"],
        expected_version=row["expected_version"],
        draft=draft_of(row["content"]),
    )


def _options_as_json(options: ImportOptions) -> dict[str, JsonValue]:
    fields: JsonValue = None if options.fields is None else {str(at): field for at, field in options.fields.items()}
    return {"encoding": options.encoding, "language": str(options.language), "fields": fields}


def _options_of(stored: dict[str, Any]) -> ImportOptions:
    fields = stored["fields"]
    return ImportOptions(
        encoding=stored["encoding"],
        language=Language(stored["language"]),
        fields=None if fields is None else {int(at): field for at, field in fields.items()},
    )


def _report_as_json(report: ImportReport) -> dict[str, JsonValue]:
    return {
        "kind": report.kind,
        "encoding": report.encoding,
        "headings": list(report.headings),
        "fields": {str(at): field for at, field in report.fields.items()},
        "names_articles": report.names_articles,
        "counts": {str(verdict): count for verdict, count in report.counts.items()},
        "rows": [
            {
                "number": row.number,
                "name": row.name,
                "verdict": str(row.verdict),
                "key": row.key,
                "title": row.title,
                "fields": list(row.fields),
                "faults": dict(row.faults),
            }
            for row in report.rows
        ],
    }


def _report_of(stored: dict[str, Any]) -> ImportReport:
    return ImportReport(
        kind=stored["kind"],
        encoding=stored["encoding"],
        headings=tuple(stored["headings"]),
        fields={int(at): field for at, field in stored["fields"].items()},
        names_articles=stored["names_articles"],
        counts={Verdict(verdict): count for verdict, count in stored["counts"].items()},
        rows=tuple(
            ReportRow(**{**row, "verdict": Verdict(row["verdict"]), "fields": tuple(row["fields"])})
            for row in stored["rows"]
        ),
    )
