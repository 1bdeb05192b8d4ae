"""nlu: puts teaching together over a store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from kit.contracts import Clock, NewId
from kit.ids import new_id, now
from kit.sql import Database
from nlu.adapters.correction_store import SqlCorrectionStore
from nlu.complaint.rows import held_out_rows
from nlu.starter_content import HELD_OUT, intent_examples, read_rows
from nlu.teaching import Teaching

T = TypeVar("T")


def build_teaching(database: Database, *, clock: Clock, new_id: NewId) -> Teaching:
    """Teaching with the starter's intents and everything that is held out of training."""
    return Teaching(
        transactions=database,
        store=SqlCorrectionStore(database),
        intents={example.label for example in intent_examples()},
        held_out=[*(row.text for row in read_rows(HELD_OUT)), *(row.text for row in held_out_rows())],
        clock=clock,
        new_id=new_id,
    )


def with_teaching(data_dir: Path, work: Callable[[Teaching], Awaitable[T]]) -> T | None:
    """Run `work` over the desk's store, for commands; None where there is no store yet.

    Raises ValueError where the store cannot be used.
    """
    file = data_dir / "desk.db"
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{file}"
    if "DATABASE_URL" not in os.environ and not file.exists():
        return None

    async def run() -> T:
        database = Database(url)
        try:
            return await work(build_teaching(database, clock=now, new_id=new_id))
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except DBAPIError as error:
        raise ValueError(
            f"the store cannot be read ({type(error).__name__}); `python -m bot migrate` mends it"
        ) from None
