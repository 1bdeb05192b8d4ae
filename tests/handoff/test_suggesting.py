"""tests: which question of a conversation answers are suggested for."""

from __future__ import annotations

import pytest

from handoff.contracts import Suggestion
from handoff.suggesting import Suggesting
from tests.handoff.house import House

RETURNS = Suggestion(id="returns", title="七天无理由", text="七天内可以退货。", confidence=0.9)


@pytest.fixture
def suggesting(small_house: House) -> Suggesting:
    small_house.articles.known["退货"] = RETURNS
    return Suggesting(conversations=small_house.conversations, articles=small_house.articles)


async def test_the_customers_last_words_that_say_something_are_asked_for(
    small_house: House, suggesting: Suggesting
) -> None:
    handoff = await small_house.ask()
    for key, text in (("1", "发票怎么开"), ("2", "那退货要几天"), ("3", "谢谢")):
        await small_house.conversations.customer_says(handoff.conversation_id, text, key=key, at=small_house.clock())
    found = await suggesting.suggest(handoff)
    assert (found.question, found.items) == ("那退货要几天", (RETURNS,))
    assert small_house.articles.asked == ["那退货要几天"]


async def test_where_they_ask_nothing_that_is_known_it_is_what_the_customer_came_with(
    small_house: House, suggesting: Suggesting
) -> None:
    small_house.articles.known["换货"] = RETURNS
    found = await suggesting.suggest(await small_house.ask())
    assert small_house.articles.asked == ["转人工", found.question]
    assert found.question == "洗衣机脱水异响，想换货"


async def test_nothing_is_suggested_where_nothing_is_known(small_house: House, suggesting: Suggesting) -> None:
    found = await suggesting.suggest(await small_house.ask())
    assert (found.question, found.items) == ("", ())
