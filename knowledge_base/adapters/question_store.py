"""knowledge_base: what customers asked, in SQL. Implements `knowledge_base.question_ports.QuestionStore`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Row, and_, case, delete, exists, func, insert, literal, select, update

from kit.contracts import Language, Tx
from kit.sql import connection_of
from knowledge_base.adapters.tables import asked_questions, misses
from knowledge_base.contracts import Asked, AskedOutcome, Miss, NoHelp

SETTLED = (str(AskedOutcome.ANSWERED), str(AskedOutcome.CHOSEN))


class SqlQuestionStore:
    """Writes only, always in the caller's transaction."""

    async def add(self, tx: Tx, asked: Asked, *, day: date, folded: str) -> None:
        await connection_of(tx).execute(
            insert(asked_questions).values(
                id=asked.id,
                customer=asked.customer,
                channel=asked.channel,
                language=str(asked.language),
                at=asked.at,
                day=day,
                question=asked.question,
                folded=folded,
                outcome=str(asked.outcome),
                article_id=asked.article_id,
                article_version=asked.article_version,
                rival_id=asked.rival_id,
                handed_over=False,
            )
        )

    async def add_miss(self, tx: Tx, *, miss_id: str, miss: Miss) -> None:
        await connection_of(tx).execute(
            insert(misses).values(
                id=miss_id,
                question=miss.question,
                language=str(miss.language),
                why=miss.why,
                best_article_id=miss.best_article_id,
                at=miss.at,
                customer=miss.customer,
                channel=miss.channel,
                reply=miss.reply,
            )
        )

    async def set_helped(self, tx: Tx, asked_id: str, *, helped: bool) -> None:
        # Who takes a "no" back takes its reason back too.
        values = {"helped": helped, "reason": None} if helped else {"helped": helped}
        await connection_of(tx).execute(
            update(asked_questions).where(asked_questions.c.id == asked_id).values(**values)
        )

    async def set_reason(self, tx: Tx, asked_id: str, *, reason: NoHelp) -> None:
        await connection_of(tx).execute(
            update(asked_questions)
            .where(asked_questions.c.id == asked_id, asked_questions.c.helped.is_(False))
            .values(reason=str(reason))
        )

    async def set_handed_over(self, tx: Tx, customer: str, *, since: datetime) -> None:
        await connection_of(tx).execute(
            update(asked_questions)
            .where(asked_questions.c.customer == customer, asked_questions.c.at >= since)
            .values(handed_over=True)
        )

    async def add_reply(self, tx: Tx, customer: str, reply: str, *, since: datetime, longest: int) -> bool:
        joined = case(
            (misses.c.reply == "", reply),
            (func.length(misses.c.reply) + len(reply) < longest, misses.c.reply + "\n" + reply),
            else_=misses.c.reply,
        )
        done = await connection_of(tx).execute(
            update(misses).where(misses.c.customer == customer, misses.c.at >= since).values(reply=joined)
        )
        return bool(done.rowcount)

    async def last_handed_over(self, tx: Tx, customer: str, *, since: datetime) -> Asked | None:
        query = (
            select(asked_questions)
            .where(
                asked_questions.c.customer == customer,
                asked_questions.c.at >= since,
                asked_questions.c.handed_over.is_(True),
            )
            .order_by(asked_questions.c.at.desc())
            .limit(1)
        )
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else _asked(row)

    async def add_left(self, tx: Tx, *, since: datetime, until: datetime) -> int:
        asked, later = asked_questions.c, asked_questions.alias("later")
        settled = exists().where(
            later.c.customer == asked.customer, later.c.at > asked.at, later.c.outcome.in_(SETTLED)
        )
        known = exists().where(misses.c.customer == asked.customer, misses.c.question == asked.question)
        left = select(
            *(asked.id, asked.question, asked.language, literal("left"), asked.article_id),
            *(asked.at, asked.customer, asked.channel, literal("")),
        ).where(
            asked.outcome == str(AskedOutcome.CLARIFIED),
            asked.at >= since,
            asked.at < until,
            asked.question != "",
            ~settled,
            ~known,
        )
        columns = ["id", "question", "language", "why", "best_article_id", "at", "customer", "channel", "reply"]
        done = await connection_of(tx).execute(insert(misses).from_select(columns, left))
        return int(done.rowcount)

    async def forget(self, tx: Tx, *, before: datetime) -> None:
        connection = connection_of(tx)
        await connection.execute(delete(asked_questions).where(asked_questions.c.at < before))
        await connection.execute(delete(misses).where(and_(misses.c.at < before)))


def _asked(row: Row[tuple[object, ...]]) -> Asked:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to columns by name
    return Asked(
        id=found["id"],
        customer=found["customer"],
        channel=found["channel"],
        language=Language(found["language"]),
        at=found["at"],
        question=found["question"],
        outcome=AskedOutcome(found["outcome"]),
        article_id=found["article_id"],
        article_version=found["article_version"],
        rival_id=found["rival_id"],
    )
