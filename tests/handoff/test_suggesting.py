"""tests: which question of a conversation answers are suggested for."""

from __future__ import annotations

import pytest

from handoff.contracts import Outcome, Suggestion
from handoff.suggesting import Suggesting
from kit.files import SentFile
from tests.handoff.asking import MEI
from tests.handoff.house import House

RETURNS = Suggestion(id="returns", title="七天无理由", text="七天内可以退货。", confidence=0.9)

PICTURE = SentFile(name="photo.png", media_type="image/png", content=b"png")


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


@pytest.mark.parametrize(("said", "suggested"), [("七天内可以退货。", ""), ("您好", "那退货要几天"), ("", "")])
async def test_what_was_answered_is_suggested_no_longer_until_the_next_question(
    small_house: House, suggesting: Suggesting, said: str, suggested: str
) -> None:
    house = small_house
    held = await house.claimed(MEI)
    where = held.conversation_id
    await house.conversations.customer_says(where, "那退货要几天", key="1", at=house.clock.forward(seconds=1))
    house.clock.forward(seconds=1)
    if said:
        await house.agents.reply(where, MEI, key="a", text=said, epoch=held.epoch)
    else:
        await house.agents.send_file(where, MEI, key="a", file=PICTURE, epoch=held.epoch)
    assert (await suggesting.suggest(held)).question == suggested
    await house.conversations.customer_says(where, "谢谢", key="2", at=house.clock.forward(seconds=1))
    assert (await suggesting.suggest(held)).question == suggested
    await house.conversations.customer_says(where, "退货运费谁出", key="3", at=house.clock.forward(seconds=1))
    assert (await suggesting.suggest(held)).question == "退货运费谁出"


async def test_a_colleagues_answer_before_the_customer_asked_for_a_person_again_answers_nothing(
    small_house: House, suggesting: Suggesting
) -> None:
    house = small_house
    small_house.articles.known["换货"] = RETURNS
    held = await house.claimed(MEI)
    await house.agents.reply(held.conversation_id, MEI, key="a", text="已经办好了。", epoch=held.epoch)
    await house.agents.resolve(held.conversation_id, MEI, outcome=Outcome.SOLVED, epoch=held.epoch)
    house.clock.forward(minutes=5)
    again = await house.ask(conversation_id=held.conversation_id)
    assert (await suggesting.suggest(again)).items == (RETURNS,)


async def test_nothing_is_suggested_where_nothing_is_known(small_house: House, suggesting: Suggesting) -> None:
    found = await suggesting.suggest(await small_house.ask())
    assert (found.question, found.items) == ("", ())
