"""Promises about a question that stands in the base word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.sql import Database
from knowledge_base.contracts import Level
from tests.support.articles import REFUND, STORE, SmallBase
from tests.support.clock import MovableClock


@pytest.mark.parametrize("before", ["", "  ", "…"])
@pytest.mark.parametrize("after", ["", "?", "！！"])
async def test_a_question_that_is_one_of_an_articles_wordings_is_answered_with_that_article(
    database: Database, clock: MovableClock, tmp_path: Path, before: str, after: str
) -> None:
    base = SmallBase(database, clock=clock, folder=tmp_path)
    await base.parts.search.open()
    await base.parts.importing.publish_all([REFUND, STORE])
    for draft in (REFUND, STORE):
        for side in draft.texts:
            for wording in (side.title, *side.questions):
                asked = f"{before}{wording.upper()}{after}"
                found = await base.parts.search.search(await base.reader.read(asked))
                assert (found.level, found.matches[0].key) == (Level.SURE, draft.key)
                assert found.matches[0].confidence >= 0.99
