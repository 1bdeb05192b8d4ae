"""cases: surveys in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, insert, null, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.adapters.sight_sql import seen_by
from cases.adapters.survey_mapping import answer_of, answer_values, questions_of, survey_of, survey_values
from cases.adapters.survey_tables import survey_answers, survey_customers, surveys
from cases.adapters.tables import cases
from cases.contracts.surveys import Answer, Comment, Question, Survey
from cases.surveys.store_ports import Tally
from kit.contracts import Tx
from kit.sql import Database, connection_of
from staff.contracts.sight import EVERYTHING, Sight

Group = tuple[str, str | None]


class SqlSurveyStore:
    """Implements `cases.surveys.store_ports.SurveyStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, tx: Tx, customer: str, *, at: datetime, not_since: datetime) -> bool:
        connection = connection_of(tx)
        dialect_insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        taken = await connection.execute(
            dialect_insert(survey_customers)
            .values(customer=customer, asked_at=at)
            .on_conflict_do_update(
                index_elements=["customer"],
                set_={"asked_at": at},
                where=survey_customers.c.asked_at <= not_since,
            )
            .returning(survey_customers.c.customer)
        )
        return taken.one_or_none() is not None

    async def known(self, tx: Tx, key: str) -> bool:
        found = await connection_of(tx).execute(select(surveys.c.id).where(surveys.c.key == key))
        return found.one_or_none() is not None

    async def known_of(self, keys: Sequence[str]) -> frozenset[str]:
        async with self._database.read() as connection:
            found = await connection.execute(select(surveys.c.key).where(surveys.c.key.in_(keys)))
            return frozenset(found.scalars())

    async def add(self, tx: Tx, survey: Survey) -> None:
        await connection_of(tx).execute(insert(surveys).values(**survey_values(survey)))

    async def locked(self, tx: Tx, survey_id: str) -> Survey | None:
        query = select(surveys).where(surveys.c.id == survey_id).with_for_update()
        row = (await connection_of(tx).execute(query)).one_or_none()
        return None if row is None else survey_of(row)

    async def answers(self, tx: Tx, survey_id: str) -> tuple[Answer, ...]:
        return await _answers(connection_of(tx), survey_id)

    async def answer(self, tx: Tx, answer: Answer) -> None:
        connection = connection_of(tx)
        await connection.execute(insert(survey_answers).values(**answer_values(answer)))
        first = and_(surveys.c.id == answer.survey_id, surveys.c.answered_at.is_(None))
        await connection.execute(update(surveys).where(first).values(answered_at=answer.at))

    async def followed_up(self, tx: Tx, survey_id: str, number: str) -> None:
        await connection_of(tx).execute(update(surveys).where(surveys.c.id == survey_id).values(follow_up=number))

    async def find(self, survey_id: str) -> tuple[Survey, tuple[Answer, ...]] | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(surveys).where(surveys.c.id == survey_id))).one_or_none()
            return None if row is None else (survey_of(row), await _answers(connection, survey_id))

    async def of_case(self, case_id: str) -> tuple[tuple[Survey, tuple[Answer, ...]], ...]:
        query = select(surveys).where(surveys.c.case_id == case_id).order_by(surveys.c.offered_at.desc(), surveys.c.id)
        async with self._database.read() as connection:
            found = [survey_of(row) for row in await connection.execute(query)]
            return tuple([(survey, await _answers(connection, survey.id)) for survey in found])

    async def tallies(
        self, since: datetime, until: datetime, *, answered_by: datetime, by_agent: bool, agent_id: str | None = None
    ) -> tuple[Tally, ...]:
        where = and_(surveys.c.offered_at >= since, surveys.c.offered_at < until)
        if by_agent:
            where &= surveys.c.agent_id.is_not(None) if agent_id is None else surveys.c.agent_id == agent_id
        async with self._database.read() as connection:
            groups = await _offered(connection, where, answered_by=answered_by, by_agent=by_agent)
            counts = await _counts(connection, where, answered_by=answered_by, by_agent=by_agent)
            questions = {name: await _questions(connection, where, name) for name, _ in groups}
        return tuple(
            Tally(
                name=name,
                agent_id=agent,
                agent_name=agent_name,
                offered=offered,
                answered=answered,
                questions=questions[name],
                counts=counts.get((name, agent), {}),
            )
            for (name, agent), (agent_name, offered, answered) in groups.items()
        )

    async def comments(
        self, since: datetime, until: datetime, *, limit: int, sight: Sight = EVERYTHING
    ) -> tuple[Comment, ...]:
        last = _last(and_(surveys.c.offered_at >= since, surveys.c.offered_at < until), None)
        query = (
            select(surveys, survey_answers.c.question, survey_answers.c.text, survey_answers.c.at)
            .join(survey_answers, survey_answers.c.survey_id == surveys.c.id)
            .join(last, and_(last.c.survey_id == surveys.c.id, last.c.seq == survey_answers.c.seq))
            .where(survey_answers.c.text != "")
            .order_by(survey_answers.c.at.desc(), surveys.c.id)
            .limit(limit)
        )
        if not sight.is_whole:
            query = query.where(surveys.c.case_id.in_(select(cases.c.id).where(seen_by(sight))))
        async with self._database.read() as connection:
            return tuple(
                Comment(survey=survey_of(row), question=row.question, text=row.text, at=row.at)
                for row in await connection.execute(query)
            )


async def _answers(connection: AsyncConnection, survey_id: str) -> tuple[Answer, ...]:
    query = select(survey_answers).where(survey_answers.c.survey_id == survey_id).order_by(survey_answers.c.seq)
    return tuple(answer_of(row) for row in await connection.execute(query))


async def _offered(
    connection: AsyncConnection, where: ColumnElement[bool], *, answered_by: datetime, by_agent: bool
) -> dict[Group, tuple[str, int, int]]:
    agent = surveys.c.agent_id if by_agent else null()
    query: Select[Any] = (
        select(
            surveys.c.name,
            agent.label("agent"),
            func.max(surveys.c.agent_name).label("agent_name"),
            func.count().label("offered"),
            func.count().filter(surveys.c.answered_at <= answered_by).label("answered"),
        )
        .where(where)
        .group_by(surveys.c.name, *([surveys.c.agent_id] if by_agent else []))
        .order_by(surveys.c.name, *([surveys.c.agent_id] if by_agent else []))
    )
    return {
        (row.name, row.agent): (row.agent_name if by_agent else "", row.offered, row.answered)
        for row in await connection.execute(query)
    }


def _last(where: ColumnElement[bool], answered_by: datetime | None) -> Subquery:
    """Of each question of a survey the line that counts."""
    query = (
        select(survey_answers.c.survey_id, func.max(survey_answers.c.seq).label("seq"))
        .join(surveys, surveys.c.id == survey_answers.c.survey_id)
        .where(where)
        .group_by(survey_answers.c.survey_id, survey_answers.c.question)
    )
    if answered_by is not None:
        query = query.where(survey_answers.c.at <= answered_by)
    return query.subquery()


async def _counts(
    connection: AsyncConnection, where: ColumnElement[bool], *, answered_by: datetime, by_agent: bool
) -> dict[Group, dict[str, dict[int, int]]]:
    last = _last(where, answered_by)
    grouped = (surveys.c.name, *([surveys.c.agent_id] if by_agent else []))
    parts = (*grouped, survey_answers.c.question, survey_answers.c.value)
    query: Select[Any] = (
        select(*parts, func.count().label("count"))
        .join(survey_answers, survey_answers.c.survey_id == surveys.c.id)
        .join(last, and_(last.c.survey_id == surveys.c.id, last.c.seq == survey_answers.c.seq))
        .where(survey_answers.c.value.is_not(None))
        .group_by(*parts)
        .order_by(*parts)
    )
    counts: dict[Group, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in await connection.execute(query):
        counts[row.name, row.agent_id if by_agent else None][row.question][row.value] = row.count
    return {group: {question: dict(values) for question, values in found.items()} for group, found in counts.items()}


async def _questions(connection: AsyncConnection, where: ColumnElement[bool], name: str) -> dict[str, Question]:
    newest = (
        select(surveys.c.questions)
        .where(where, surveys.c.name == name)
        .order_by(surveys.c.offered_at.desc(), surveys.c.id.desc())
        .limit(1)
    )
    found = (await connection.execute(newest)).scalar_one()
    return {question.name: question for question in questions_of(found)}
