"""tests: a colleague who is asked in helps without taking anything over; who does not come is said plainly."""

from __future__ import annotations

import pytest

from handoff.contracts import Agent, AgentState, Handoff, Scope, Sight, StateReason, View
from handoff.refusals import (
    AlreadyInvited,
    ColleagueAway,
    ConversationMoved,
    InvitationOver,
    NotHandedOver,
    ReasonNeeded,
)
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House

ANN = Agent(id="agent-ann", name="安妮")


async def asked(house: House, guest: Agent = LIN) -> Handoff:
    """A conversation of Mei's into which `guest` is invited."""
    held = await house.claimed(MEI)
    await house.agents.arrive(guest)
    await house.invitations.invite(
        held.conversation_id, MEI, epoch=held.epoch, colleague_id=guest.id, reason="发票  怎么开"
    )
    return held


async def say(house: House, held: Handoff, agent: Agent, text: str) -> int:
    return await house.agents.reply(held.conversation_id, agent, key=text, text=text, epoch=held.epoch)


def acts(house: House) -> list[tuple[str, str | None]]:
    return [(record.action, record.account_id) for record in house.staff.records]


async def codes(house: House, held: Handoff) -> list[tuple[str, bool]]:
    lines = await house.agents.lines(held.conversation_id)
    return [(str(line.payload["code"]), bool(line.payload["public"])) for line in lines if line.kind == "event"][2:]


async def test_a_guest_sees_it_in_their_list_writes_and_leaves_and_the_owner_stays_the_owner(house: House) -> None:
    held = await asked(house)
    where = held.conversation_id
    [notice] = await house.notices.unread(LIN.id)
    assert (notice.kind, notice.by, notice.text, notice.conversation_id) == ("invited", "小梅", "发票 怎么开", where)
    assert await house.agents.order(View.MINE, LIN) == (where,)
    with pytest.raises(ConversationMoved):
        await say(house, held, LIN, "还没加入")
    await house.invitations.join(where, LIN)
    await house.invitations.join(where, LIN)
    await say(house, held, LIN, "发票我来开")
    await say(house, held, MEI, "谢谢同事")
    said = [(line.author, line.text) for line in await house.agents.lines(where) if line.kind == "agent"]
    assert said == [("林静", "发票我来开"), ("小梅", "谢谢同事")]
    assert await house.agents.load_latest(where) == held
    assert await house.agents.counts(LIN) == (1, 0, 1)
    assert (await house.store.loads())[MEI.id] == {"web": 1}
    assert LIN.id not in await house.store.loads()
    await house.invitations.leave(where, LIN)
    with pytest.raises(ConversationMoved):
        await say(house, held, LIN, "走了以后")
    assert await house.agents.counts(LIN) == (0, 0, 1)
    assert await codes(house, held) == [("invited", False), ("guest_joined", True), ("guest_left", True)]
    assert acts(house) == [
        ("handoff.invited", MEI.id),
        ("handoff.guest_joined", LIN.id),
        ("handoff.guest_left", LIN.id),
    ]


async def test_who_asked_is_told_when_a_colleague_declines_or_does_not_answer_in_time(house: House) -> None:
    held = await asked(house)
    await house.invitations.decline(held.conversation_id, LIN)
    await house.invitations.invite(held.conversation_id, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="再问")
    assert await house.invitations.sweep(house.clock()) == 0
    house.clock.forward(seconds=180)
    with pytest.raises(InvitationOver):
        await house.invitations.join(held.conversation_id, LIN)
    assert await house.invitations.sweep(house.clock()) == 1
    assert await house.invitations.sweep(house.clock()) == 0
    told = {(notice.kind.value, notice.by) for notice in await house.notices.unread(MEI.id)}
    assert told == {("invite_declined", "林静"), ("invite_lapsed", "林静")}
    assert (await codes(house, held))[1::2] == [("invitation_declined", False), ("invitation_lapsed", False)]
    assert acts(house)[-1] == ("handoff.invitation_lapsed", None)
    for step in (house.invitations.join, house.invitations.decline, house.invitations.leave):
        with pytest.raises(InvitationOver):
            await step(held.conversation_id, LIN)


async def test_the_owner_takes_an_invitation_back_and_sends_a_guest_away_and_nobody_else_does(house: House) -> None:
    held = await asked(house)
    where, epoch = held.conversation_id, held.epoch
    take_back = house.invitations.take_back
    with pytest.raises(ConversationMoved):
        await take_back(where, LIN, epoch=epoch, guest_id=LIN.id)
    await take_back(where, MEI, epoch=epoch, guest_id=LIN.id)
    with pytest.raises(InvitationOver):
        await house.invitations.join(where, LIN)
    with pytest.raises(InvitationOver):
        await take_back(where, MEI, epoch=epoch, guest_id=LIN.id)

    await house.invitations.invite(where, MEI, epoch=epoch, colleague_id=LIN.id, reason="还是需要您")
    await house.invitations.join(where, LIN)
    await take_back(where, MEI, epoch=epoch, guest_id=LIN.id)
    with pytest.raises(ConversationMoved):
        await say(house, held, LIN, "被请走以后")
    told = [(notice.kind.value, notice.by) for notice in await house.notices.unread(LIN.id)]
    assert told == [("invite_withdrawn", "小梅")] * 2, "what was answered or taken back does not invite any more"
    assert await house.notices.unread(MEI.id) == ()
    assert (await codes(house, held))[1::3] == [("invitation_withdrawn", False), ("guest_left", True)]
    assert acts(house)[1] == ("handoff.invitation_withdrawn", MEI.id)
    assert acts(house)[-1] == ("handoff.guest_left", MEI.id)


async def test_a_notice_that_is_no_longer_so_is_not_shown(house: House) -> None:
    held = await asked(house)
    where = held.conversation_id

    async def told() -> list[str]:
        return [notice.kind.value for notice in await house.notices.unread(LIN.id)]

    await house.invitations.take_back(where, MEI, epoch=held.epoch, guest_id=LIN.id)
    assert await told() == ["invite_withdrawn"]
    await house.invitations.invite(where, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="还是需要您")
    assert await told() == ["invited"], "who is asked once more is not sent away"
    await house.transfers.to_colleague(where, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="您更熟悉")
    assert "invited" not in await told(), "nobody is asked into what is theirs"


async def test_only_the_owner_asks_only_who_is_there_and_each_once(house: House) -> None:
    held = await asked(house)
    where, epoch = held.conversation_id, held.epoch
    invite = house.invitations.invite
    with pytest.raises(AlreadyInvited):
        await invite(where, MEI, epoch=epoch, colleague_id=LIN.id, reason="再问")
    with pytest.raises(ReasonNeeded):
        await invite(where, MEI, epoch=epoch, colleague_id=LIN.id, reason=" ")
    with pytest.raises(ConversationMoved):
        await invite(where, LIN, epoch=epoch, colleague_id=MEI.id, reason="我也想")
    for colleague in (MEI.id, ANN.id, "nobody"):
        with pytest.raises(ColleagueAway):
            await invite(where, MEI, epoch=epoch, colleague_id=colleague, reason="来")
    await house.agents.arrive(ANN)
    assert await house.invitations.colleagues(MEI, held) == (ANN,)
    await house.duty.choose(ANN, AgentState.BREAK, StateReason.MEAL)
    assert await house.invitations.colleagues(MEI, held) == ()


async def test_an_invitation_shows_a_conversation_of_another_department_only_while_it_is_held(
    small_house: House,
) -> None:
    house = small_house
    elsewhere = Sight(account_id=LIN.id, scope=Scope.TEAM, departments=frozenset({"technical"}))
    held = await house.claimed(MEI)
    with pytest.raises(NotHandedOver):
        await house.agents.load_latest(held.conversation_id, sight=elsewhere)
    await house.agents.arrive(LIN)
    await house.invitations.invite(held.conversation_id, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="技术问题")
    assert await house.agents.load_latest(held.conversation_id, sight=elsewhere) == held
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    with pytest.raises(NotHandedOver):
        await house.agents.load_latest(held.conversation_id, sight=elsewhere)
    with pytest.raises(InvitationOver):
        await house.invitations.join(held.conversation_id, LIN)


async def test_a_guest_who_is_given_the_conversation_is_its_owner(small_house: House) -> None:
    house = small_house
    held = await asked(house)
    await house.invitations.join(held.conversation_id, LIN)
    given = await house.transfers.to_colleague(
        held.conversation_id, MEI, epoch=held.epoch, colleague_id=LIN.id, reason="都是发票的事"
    )
    assert await house.invitations.of_handoff(given) == ()
    await say(house, given, LIN, "由我负责")
    assert await house.agents.counts(LIN) == (1, 0, 1)
