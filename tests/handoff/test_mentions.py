"""Promises about naming colleagues in notes: whoever may see the conversation is told, once, and nobody else."""

from __future__ import annotations

import pytest

from handoff.contracts import Agent, AgentProfile, NoticeKind
from handoff.mentions import named_in
from handoff.refusals import NotHandedOver
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House

ANNA, ANN = Agent(id="a2", name="Anna"), Agent(id="a1", name="Ann")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Lin 帮我看下", ["Lin"]),
        ("请@Lin看下，还有@Anna", ["Lin", "Anna"]),
        ("@Ann and @Anna", ["Ann", "Anna"]),
        ("@Anna only", ["Anna"]),
        ("lin@example.com, Lin", []),
        ("@@Lin", ["Lin"]),
    ],
)
def test_a_name_behind_the_mark_names_a_colleague(text: str, named: list[str]) -> None:
    colleagues = (Agent(id="l", name="Lin"), ANN, ANNA)
    assert sorted(one.name for one in named_in(text, colleagues)) == sorted(named)


async def kinds(house: House, who: Agent) -> list[tuple[NoticeKind, str]]:
    return [(one.kind, one.text) for one in await house.notices.unread(who.id)]


async def test_who_is_named_is_told_once_and_finds_the_conversation(house: House) -> None:
    house.staff.add(MEI.id, MEI.name)
    house.staff.add(LIN.id, LIN.name)
    held = await house.claimed(MEI)
    text = f"@{LIN.name} 这批次你熟"
    first = await house.mentions.note(held.conversation_id, MEI, key="n1", text=text)
    assert await house.mentions.note(held.conversation_id, MEI, key="n1", text=text) == first
    assert await kinds(house, LIN) == [(NoticeKind.MENTION, text)]
    [notice] = await house.notices.unread(LIN.id)
    assert (notice.by, notice.conversation_id) == (MEI.name, held.conversation_id)
    await house.mentions.note(held.conversation_id, MEI, key="n2", text=f"@{MEI.name} 提醒自己")
    assert await kinds(house, MEI) == []


async def test_nobody_is_told_of_a_conversation_they_may_not_see(small_house: House) -> None:
    house = small_house
    house.staff.add(MEI.id, MEI.name)
    house.staff.add(LIN.id, LIN.name)
    await house.team.save_profile(AgentProfile(account_id=LIN.id, departments=frozenset({"follow_up"})), by=MEI.id)
    held = await house.claimed(MEI)
    assert await house.mentions.colleagues(held.conversation_id, MEI) == ()
    await house.mentions.note(held.conversation_id, MEI, key="n1", text=f"@{LIN.name} 看下")
    assert await kinds(house, LIN) == []
    with pytest.raises(NotHandedOver):
        await house.mentions.note("nobody", MEI, key="n2", text=f"@{LIN.name}")
