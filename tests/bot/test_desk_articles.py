"""tests: suggestions for agents come from the bot's own search: its sure answer, and what it would only offer."""

from __future__ import annotations

import pytest

from bot.desk_articles import DeskArticles
from kit.contracts import Language
from knowledge_base.contracts import Level
from tests.bot.support.scripted import Search, Understand, article


@pytest.mark.parametrize(
    ("level", "titles"),
    [
        (Level.SURE, ["title of one"]),
        (Level.UNSURE, ["title of one", "title of two"]),
        (Level.UNKNOWN, []),
    ],
)
async def test_what_the_bot_would_answer_or_offer_is_suggested_as_plain_text(level: Level, titles: list[str]) -> None:
    search = Search()
    search.know("退货", level, article("one"), article("two"))
    suggested = await DeskArticles(reads=Understand(), search=search).suggest("退货", Language.ZH)
    assert [one.title for one in suggested] == titles
    assert all("*" not in one.text for one in suggested)
