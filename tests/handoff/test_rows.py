"""tests: a line of the console's lists tells what people said, never what the bot said."""

from __future__ import annotations

import pytest

from handoff.ports import Line
from handoff.web.rows import Row, rows_of
from kit.contracts import Language
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House
from tests.support.clock import START

WANT = "洗衣机脱水异响，想换货"


async def row_of(house: House, kind: str, text: str = "hello there") -> Row:
    """The line of a held conversation after somebody spoke in English."""
    held = await house.claimed(MEI)
    line = Line(seq=2, kind=kind, text=text, language=Language.EN, at=START, author="", payload={})
    [row] = rows_of([held], {held.conversation_id: line}, read={}, whose=MEI.id)
    return row


@pytest.mark.parametrize("kind", ["customer", "agent"])
async def test_the_newest_words_of_a_person_stand_in_the_list(small_house: House, kind: str) -> None:
    row = await row_of(small_house, kind)
    assert (row.words, row.language, row.owed) == ("hello there", "en", kind == "customer")


@pytest.mark.parametrize(("kind", "text"), [("bot", "You are in the queue."), ("customer", "")])
async def test_after_the_bot_spoke_the_list_tells_what_the_customer_wants(
    small_house: House, kind: str, text: str
) -> None:
    row = await row_of(small_house, kind, text)
    assert (row.words, row.language) == (WANT, "zh")


async def test_a_customers_words_are_unread_until_their_agent_has_seen_them(house: House) -> None:
    held = await house.claimed(MEI)
    where = held.conversation_id
    line = Line(seq=7, kind="customer", text="hi", language=Language.EN, at=START, author="", payload={})

    async def unread(whose: str) -> bool:
        read = await house.reading.of(MEI, [where])
        [row] = rows_of([held], {where: line}, read=read, whose=whose)
        return row.unread

    assert await unread(MEI.id)
    assert not await unread(LIN.id), "it is not theirs"
    await house.reading.note(where, MEI, upto=6)
    assert await unread(MEI.id)
    await house.reading.note(where, MEI, upto=7)
    await house.reading.note(where, MEI, upto=3)
    assert not await unread(MEI.id)
    assert await house.reading.of(LIN, [where]) == {}
