"""benchmarks.cases: many files with their histories, promises, causes and surveys, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Table, insert

from cases.adapters.tables import (
    case_causes,
    case_changes,
    case_clocks,
    case_tasks,
    cases,
    root_cause_changes,
    root_causes,
    survey_answers,
    surveys,
)
from kit.ids import new_id
from kit.sql import Database, connection_of

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAYS = 730
CATEGORIES = ("product_quality", "delivery", "service_attitude", "refund_return", "repair_warranty", "other")
DEPARTMENTS = ("complaints", "after_sales", "technical_support", "consultation")
PRODUCTS = tuple(f"型号 {letter}{number}" for letter in "ABCDEFGH" for number in range(1, 6))
WAY = ("acknowledged", "confirmed", "assigned", "working", "decided", "told", "closed")
STATUS = {"acknowledged": "open", "closed": "resolved"}
DEFECTS = ("不能制冷", "漏水", "一开机就跳闸", "异响很大", "遥控器没反应", "门关不严", "屏幕裂了", "少了配件")
AFTER = ("打了三次电话都没有人来", "师傅来过一次又坏了", "客服说没有货", "说好的退款一直没到", "物流一直没有更新")
ASKED = ("请尽快安排上门", "要求换一台新的", "要求全额退款", "希望给个说法", "请回电话给我")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
BATCH = 2000
STARS = [{"value": value, "label": {"zh": str(value), "en": str(value)}} for value in range(1, 6)]
QUESTION = {
    "name": "satisfied",
    "form": "stars",
    "measure": "csat",
    "words": {"zh": "满意吗", "en": "Well?"},
    "options": STARS,
    "low": 2,
}


@dataclass(slots=True)
class Rows:
    """One batch, table by table."""

    by_table: dict[Table, list[dict[str, Any]]]

    def add(self, table: Table, **values: Any) -> None:
        """One row more."""
        self.by_table.setdefault(table, []).append(values)


async def fill(database: Database, count: int, *, seed: int = 2026) -> None:
    """Store `count` files of two years."""
    chance = random.Random(seed)
    causes = [new_id() for _ in range(200)]
    await _store(database, _causes(causes, chance))
    for first in range(0, count, BATCH):
        rows = Rows({})
        for number in range(first, min(first + BATCH, count)):
            _file(rows, number, count, causes, chance)
        await _store(database, rows)


async def _store(database: Database, rows: Rows) -> None:
    async def work(tx: Any) -> None:
        for table, values in rows.by_table.items():
            for part in _parts(values):
                await connection_of(tx).execute(insert(table), part)

    await database.write(work)


def _parts(values: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for first in range(0, len(values), BATCH):
        yield list(values[first : first + BATCH])


def _causes(ids: Sequence[str], chance: random.Random) -> Rows:
    rows, at = Rows({}), NOW - timedelta(days=DAYS)
    for number, cause in enumerate(ids):
        product, what = chance.choice(PRODUCTS), f"原因 {number}"
        stands = {"department": "", "state": "open", "done": ""}
        rows.add(
            root_causes,
            id=cause,
            kind="cause",
            product=product,
            what=what,
            key=f"{product}{what}",
            created_at=at,
            updated_at=at,
            version=1,
            **stands,
        )
        rows.add(root_cause_changes, cause_id=cause, seq=1, at=at, by="x", by_name="x", **stands)
    return rows


def _file(rows: Rows, number: int, count: int, causes: Sequence[str], chance: random.Random) -> None:
    case_id, opened = new_id(), NOW - timedelta(days=DAYS * (1 - number / count), seconds=chance.random() * 3600)
    age = (NOW - opened).days
    far = len(WAY) if age > 14 else chance.randrange(1, len(WAY) + 1)  # noqa: PLR2004 - old ones are closed, but for a few
    if chance.random() < 0.02:  # noqa: PLR2004
        far = 4
    steps = WAY[:far]
    name = f"{chance.choice(SURNAMES)}{chance.choice('先生女士')}"
    order = f"CJ{opened:%y%m}-{chance.randrange(10**6):06}"
    case_number = f"TS{opened:%y%m}-{number:06}"
    category, department = chance.choice(CATEGORIES), chance.choice(DEPARTMENTS)
    severity = chance.choices(("normal", "serious", "critical"), (80, 16, 4))[0]
    moments = [opened + timedelta(hours=8 * place) for place in range(far + 1)]
    rows.add(
        cases,
        id=case_id,
        number=case_number,
        key=case_id,
        kind="complaint",
        conversation_id=f"talk-{number - 7 if number % 10 == 7 else number}",  # noqa: PLR2004 - some complain twice
        customer_name=name,
        language="zh",
        category=category,
        category_confidence=0.9,
        severity=severity,
        severity_confidence=0.9,
        read_category=category,
        read_severity=severity,
        rule=None,
        what_happened=_told(chance),
        order_number=order,
        wanted="换货",
        contact=f"138{chance.randrange(10**8):08}",
        words=["坏了"],
        step=steps[-1],
        stage=steps[-1],
        status=STATUS.get(steps[-1], "in_progress"),
        department=department,
        assignee_id=None,
        assignee_name="",
        level=0,
        decision="",
        grounds="",
        closure="confirmed" if steps[-1] == "closed" else None,
        reopened=0,
        promised_at=None,
        opened_by="bot",
        found_by=f"{case_number} {order} {name}".casefold(),
        opened_at=opened,
        updated_at=moments[-1],
        version=far,
    )
    line = {"case_id": case_id, "by": "agent", "by_name": "小梅"}
    rows.add(case_changes, seq=1, at=opened, what="opened", before="", after="买回来三天就坏了", **line)
    for seq, (before, after) in enumerate(pairwise(steps), 2):
        rows.add(case_changes, seq=seq, at=moments[seq - 1], what="step", before=before, after=after, **line)
    if steps[-1] == "working" and chance.random() < 0.3:  # noqa: PLR2004
        _task(rows, case_id, moments[-1], chance)
    late = chance.random() < 0.1  # noqa: PLR2004
    for kind, place in (("first_contact", 1), ("decision", 5)):
        done = moments[place] if place < far else None
        due = opened + timedelta(hours=8 * place) + timedelta(hours=-4 if late else 4)
        rows.add(
            case_clocks,
            id=new_id(),
            case_id=case_id,
            kind=kind,
            text="",
            started_at=opened,
            warn_at=due - timedelta(hours=2),
            due_at=due,
            paused_at=None,
            rung=0,
            ended_at=done,
            end=None if done is None else "late" if late else "kept",
            next_at=None if done else due,
        )
    if chance.random() < 0.3:  # noqa: PLR2004
        rows.add(
            case_causes, case_id=case_id, cause_id=chance.choice(causes), at=moments[-1], by_name="x", ended_at=None
        )
    if steps[-1] == "closed":
        _survey(rows, case_id, moments[-1], chance)


def _told(chance: random.Random) -> str:
    """A complaint as people write it; hardly two are the same."""
    days, product = chance.randrange(1, 60), chance.choice(PRODUCTS)
    return (
        f"{days} 天前买的{product}{chance.choice(DEFECTS)}，{chance.choice(AFTER)}，"
        f"已经等了 {chance.randrange(1, 30)} 天。{chance.choice(ASKED)}。"
    )


def _task(rows: Rows, case_id: str, at: datetime, chance: random.Random) -> None:
    rows.add(
        case_tasks,
        id=new_id(),
        case_id=case_id,
        department=chance.choice(DEPARTMENTS),
        what="检测主板并拍照",
        due_at=at + timedelta(days=1),
        state="open",
        outcome="",
        created_at=at,
        created_by="agent",
        ended_at=None,
        ended_by="",
    )


def _survey(rows: Rows, case_id: str, at: datetime, chance: random.Random) -> None:
    survey, answered = new_id(), chance.random() < 0.4  # noqa: PLR2004
    rows.add(
        surveys,
        id=survey,
        key=survey,
        name="after_case",
        why="case_closed",
        case_id=case_id,
        conversation_id=case_id,
        customer=case_id,
        agent_id=f"agent-{chance.randrange(30)}",
        agent_name="小梅",
        language="zh",
        questions=[QUESTION],
        offered_at=at,
        expires_at=at + timedelta(days=14),
        answered_at=at if answered else None,
        follow_up="",
    )
    if answered:
        stars = chance.choices(range(1, 6), (5, 5, 15, 35, 40))[0]
        rows.add(survey_answers, survey_id=survey, seq=1, question="satisfied", value=stars, text="", at=at)
