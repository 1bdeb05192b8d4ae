from __future__ import annotations

import asyncio

import pytest

from handoff.contracts import Act, Claimed, Handoff, HandoffState, Notice, NoticeKind, Outcome, Urgency
from handoff.refusals import AgentNotThere, ConversationMoved, NothingToWhisper
from handoff.settings import HandoffSettings, SupervisionSettings
from kit.sql import Database
from staff.contracts import Role
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House, build_house
from tests.support.clock import MovableClock

SU = LIN
"""The supervisor."""


async def told(house: House, account_id: str) -> list[Notice]:
    """What somebody has to know."""
    return list(await house.notices.unread(account_id))


def acts(house: House) -> list[str]:
    """What the audit trail says, oldest first."""
    return [record.action.removeprefix("handoff.") for record in house.staff.records]


async def test_a_whisper_is_a_note_for_the_agent_and_tells_them(house: House) -> None:
    held = await house.claimed(MEI)
    seq = await house.supervision.whisper(held.conversation_id, SU, key="w1", text="  先道歉  ")
    line = (await house.agents.lines(held.conversation_id))[-1]
    assert (line.seq, line.kind, line.text, line.author) == (seq, "note", "先道歉", SU.name)
    assert line.payload == {"whisper": True, "to": MEI.name}
    [notice] = await told(house, MEI.id)
    assert (notice.kind, notice.text, notice.by) == (NoticeKind.WHISPER, "先道歉", SU.name)
    assert notice.conversation_id == held.conversation_id
    assert acts(house) == ["whisper"]


async def test_there_is_nobody_to_whisper_to_while_a_customer_waits_or_the_supervisor_holds_it(house: House) -> None:
    waiting = await house.ask()
    own = await house.claimed(SU)
    for where in (waiting.conversation_id, own.conversation_id):
        with pytest.raises(NothingToWhisper):
            await house.supervision.whisper(where, SU, key="w", text="?")
    assert acts(house) == []


async def test_a_supervisor_takes_over_and_the_agent_can_write_no_more(house: House) -> None:
    held = await house.claimed(MEI)
    taken = await house.supervision.take_over(held.conversation_id, SU, epoch=held.epoch)
    assert (taken.state, taken.agent_id, taken.claimed_at) == (HandoffState.ACTIVE, SU.id, held.claimed_at)
    with pytest.raises(ConversationMoved) as refusal:
        await house.agents.reply(held.conversation_id, MEI, key="late", text="等等", epoch=held.epoch)
    assert refusal.value.slots == {"name": SU.name}
    await house.agents.reply(held.conversation_id, SU, key="k", text="我来处理", epoch=taken.epoch)
    joined = [line for line in await house.agents.lines(held.conversation_id) if line.payload.get("code") == "joined"]
    assert [line.payload["slots"] for line in joined] == [{"name": MEI.name}, {"name": SU.name}]
    assert [notice.kind for notice in await told(house, MEI.id)] == [NoticeKind.TAKEN_AWAY]
    assert acts(house) == ["take_over"]


async def test_somebody_who_waits_is_taken_out_of_the_queue_and_of_an_offer(house: House) -> None:
    await house.agents.arrive(MEI)
    waiting = await house.ask()
    await house.dispatcher.run(house.clock())
    await house.supervision.take_over(waiting.conversation_id, SU, epoch=waiting.epoch)
    assert await house.agents.queue() == ()
    assert await house.dispatcher.offers() == ()


async def test_of_a_take_over_and_the_agents_own_end_only_one_happens(house: House) -> None:
    held = await house.claimed(MEI)
    ends = await asyncio.gather(
        house.supervision.take_over(held.conversation_id, SU, epoch=held.epoch),
        house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["ConversationMoved", "Handoff"]
    with pytest.raises(ConversationMoved):
        await house.supervision.take_over(held.conversation_id, SU, epoch=held.epoch)
    assert len(acts(house)) <= 1


async def test_a_conversation_is_given_to_somebody_on_duty_only(house: House) -> None:
    held = await house.claimed(MEI)
    with pytest.raises(AgentNotThere):
        await house.supervision.reassign(held.conversation_id, SU, to="nobody", epoch=held.epoch)
    await house.agents.arrive(LIN)
    given = await house.supervision.reassign(held.conversation_id, SU, to=LIN.id, epoch=held.epoch)
    assert given.agent_id == LIN.id
    outcome = await house.agents.claim(held.id, LIN)
    assert isinstance(outcome, Claimed)
    assert acts(house) == ["reassign"]


async def test_a_changed_urgency_moves_the_place_in_the_queue_both_ways(house: House) -> None:
    first, second = await house.ask(), await house.ask()
    await house.supervision.set_urgency(second.conversation_id, SU, Urgency.CRITICAL)
    assert [one.id for one in await house.agents.queue()] == [second.id, first.id]
    calm = await house.supervision.set_urgency(second.conversation_id, SU, Urgency.NORMAL)
    assert calm.placing.answer_by == second.placing.answer_by
    assert [one.urgency for one in await house.agents.queue()] == [Urgency.NORMAL, Urgency.NORMAL]
    await house.supervision.set_urgency(second.conversation_id, SU, Urgency.NORMAL)
    assert acts(house) == ["urgency", "urgency"]


async def test_a_broadcast_reaches_everybody_else_until_each_has_read_it(house: House) -> None:
    house.staff.add(MEI.id, MEI.name)
    house.staff.add(SU.id, SU.name, Role.SUPERVISOR)
    house.staff.add("editor", "编辑", Role.EDITOR)
    assert await house.supervision.broadcast(SU, "系统升级，请先记录订单号") == 1
    [notice] = await told(house, MEI.id)
    assert (notice.kind, notice.text) == (NoticeKind.BROADCAST, "系统升级，请先记录订单号")
    assert await told(house, SU.id) == await told(house, "editor") == []
    await house.notices.read(SU.id, notice.id)
    assert len(await told(house, MEI.id)) == 1
    await house.notices.read(MEI.id, notice.id)
    assert await told(house, MEI.id) == []
    house.clock.forward(hours=13)
    await house.supervision.broadcast(SU, "第二天")
    house.clock.forward(hours=13)
    assert await told(house, MEI.id) == []


@pytest.mark.parametrize("open_about_it", [True, False])
async def test_a_look_is_audited_once_in_a_while_and_told_only_where_the_settings_say_so(
    sqlite_database: Database, clock: MovableClock, *, open_about_it: bool
) -> None:
    supervision = SupervisionSettings(tell_agent=(Act.LOOK,) if open_about_it else ())
    house = await build_house(
        sqlite_database, clock, settings=HandoffSettings(start_grace_seconds=0, supervision=supervision)
    )
    held = await house.claimed(MEI)
    before = await house.agents.lines(held.conversation_id)
    assert await house.supervision.look(held, SU)
    assert not await house.supervision.look(held, SU)
    assert not await house.supervision.look(held, MEI)
    assert await house.agents.lines(held.conversation_id) == before
    clock.forward(minutes=31)
    assert await house.supervision.look(held, SU)
    assert acts(house) == ["look", "look"]
    assert [notice.kind for notice in await told(house, MEI.id)] == [NoticeKind.LOOKED] * (2 if open_about_it else 0)


async def test_an_act_the_settings_keep_from_the_agent_is_audited_all_the_same(
    sqlite_database: Database, clock: MovableClock
) -> None:
    quiet = HandoffSettings(start_grace_seconds=0, supervision=SupervisionSettings(tell_agent=()))
    house = await build_house(sqlite_database, clock, settings=quiet)
    held: Handoff = await house.claimed(MEI)
    await house.supervision.set_urgency(held.conversation_id, SU, Urgency.SERIOUS)
    await house.supervision.take_over(held.conversation_id, SU, epoch=held.epoch)
    assert acts(house) == ["urgency", "take_over"]
    assert await told(house, MEI.id) == []
