"""Promises about putting a conversation aside: it stays held, wakes by a customer's word, and a reminder comes once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.contracts import NoticeKind, Snooze
from handoff.ports import Line
from handoff.refusals import ConversationMoved, SnoozeTooLong, SnoozeWordsTooLong
from handoff.snoozing import LONGEST, asleep
from kit.contracts import Language
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House
from tests.support.clock import START

HOUR = timedelta(hours=1)
ASIDE = Snooze(conversation_id="c", account_id=MEI.id, until=START + HOUR, words="", made_at=START)


def said(kind: str, minutes: int) -> dict[str, Line]:
    at = START + timedelta(minutes=minutes)
    return {"c": Line(seq=1, kind=kind, text="?", language=Language.ZH, at=at, author="", payload={})}


@pytest.mark.parametrize(
    ("kind", "minutes", "now", "sleeps"),
    [
        ("customer", -5, 30, True),
        ("customer", 5, 30, False),
        ("agent", 5, 30, True),
        ("customer", -5, 60, False),
    ],
)
def test_a_customers_word_wakes_it_and_so_does_the_moment(kind: str, minutes: int, now: int, *, sleeps: bool) -> None:
    found = asleep([ASIDE], said(kind, minutes), now=START + timedelta(minutes=now))
    assert ("c" in found) is sleeps


async def test_its_agent_is_reminded_once_when_the_moment_comes(house: House) -> None:
    held = await house.claimed(MEI)
    until = house.clock() + HOUR
    await house.snoozing.snooze(held.conversation_id, MEI, until=until - HOUR / 2, words="先前的时间")
    await house.snoozing.snooze(held.conversation_id, MEI, until=until, words=" 问仓库 ")
    assert (await house.snoozing.of(MEI))[held.conversation_id].words == "问仓库"
    house.clock.forward(minutes=59)
    assert await house.snoozing.sweep(house.clock()) == 0
    house.clock.forward(minutes=1)
    assert await house.snoozing.sweep(house.clock()) == 1
    assert await house.snoozing.sweep(house.clock()) == 0
    [notice] = await house.notices.unread(MEI.id)
    assert (notice.kind, notice.text, notice.conversation_id) == (NoticeKind.REMINDER, "问仓库", held.conversation_id)
    assert await house.snoozing.of(MEI) == {}


async def test_who_no_longer_holds_it_is_not_reminded(small_house: House) -> None:
    house = small_house
    held = await house.claimed(MEI)
    await house.snoozing.snooze(held.conversation_id, MEI, until=house.clock() + HOUR, words="")
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    house.clock.forward(hours=2)
    assert await house.snoozing.sweep(house.clock()) == 0
    assert await house.notices.unread(MEI.id) == ()


async def test_only_its_agent_puts_it_aside_and_not_for_ever(small_house: House) -> None:
    house = small_house
    held = await house.claimed(MEI)
    now, where = house.clock(), held.conversation_id
    with pytest.raises(ConversationMoved):
        await house.snoozing.snooze(where, LIN, until=now + HOUR, words="")
    for until in (now, now + LONGEST + HOUR):
        with pytest.raises(SnoozeTooLong):
            await house.snoozing.snooze(where, MEI, until=until, words="")
    with pytest.raises(SnoozeWordsTooLong):
        await house.snoozing.snooze(where, MEI, until=now + HOUR, words="长" * 201)
    await house.snoozing.snooze(where, MEI, until=now + HOUR, words="")
    await house.snoozing.wake(where, MEI)
    assert await house.snoozing.of(MEI) == {}
