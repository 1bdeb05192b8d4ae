"""knowledge_base: golden questions in SQL. Fits `knowledge_base.ports.GoldenStore`."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kit.contracts import Language, Tx
from kit.sql import Database, connection_of
from knowledge_base.adapters.tables import golden_questions
from knowledge_base.judging import GoldenQuestion


class SqlGoldenStore:
    """Each question once a language; the newest word on its answer counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, *, article_id: str | None) -> tuple[GoldenQuestion, ...]:
        query = select(golden_questions).order_by(golden_questions.c.id.desc())
        if article_id is not None:
            query = query.where(golden_questions.c.article_id == article_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(
            GoldenQuestion(
                id=row["id"],
                question=row["question"],
                language=Language(row["language"]),
                article_id=row["article_id"],
                at=row["at"],
                by=row["by"],
            )
            for row in rows
        )

    async def put(self, tx: Tx, question: GoldenQuestion, *, most: int) -> None:
        connection = connection_of(tx)
        new = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        settled = {"article_id": question.article_id, "at": question.at, "by": question.by}
        row = new(golden_questions).values(
            id=question.id, question=question.question, language=str(question.language), **settled
        )
        await connection.execute(row.on_conflict_do_update(index_elements=["question", "language"], set_=settled))
        newest = select(golden_questions.c.id).order_by(golden_questions.c.at.desc(), golden_questions.c.id.desc())
        await connection.execute(delete(golden_questions).where(golden_questions.c.id.not_in(newest.limit(most))))

    async def remove(self, tx: Tx, golden_id: str) -> None:
        await connection_of(tx).execute(delete(golden_questions).where(golden_questions.c.id == golden_id))
