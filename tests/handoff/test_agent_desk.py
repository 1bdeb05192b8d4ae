from __future__ import annotations

import asyncio

import pytest

from handoff.contracts import Claimed, HandoffState, Outcome, Urgency
from handoff.refusals import ConversationMoved, ReplyEmpty, ReplyTooLong, UnknownChoice
from handoff.settings import HandoffSettings
from kit.contracts import Signal
from kit.refusals import NotFound
from tests.handoff.asking import LIN, MEI
from tests.handoff.house import House


async def said(house: House, conversation_id: str, kind: str) -> list[str]:
    """The texts of one voice."""
    return [line.text for line in await house.agents.lines(conversation_id) if line.kind == kind]


async def test_a_reply_reaches_the_transcript_under_the_agents_name(house: House) -> None:
    held = await house.claimed(MEI)
    seq = await house.agents.reply(held.conversation_id, MEI, key="k1", text="您好，我是小梅。\r\n", epoch=held.epoch)
    last = (await house.agents.lines(held.conversation_id))[-1]
    assert (last.seq, last.kind, last.text, last.author) == (seq, "agent", "您好，我是小梅。", "小梅")


async def test_the_same_reply_sent_twice_is_stored_once(house: House) -> None:
    held = await house.claimed(MEI)
    seqs = await asyncio.gather(
        *(house.agents.reply(held.conversation_id, MEI, key="k1", text="稍等", epoch=held.epoch) for _ in range(5))
    )
    assert len(set(seqs)) == 1
    assert await said(house, held.conversation_id, "agent") == ["稍等"]


async def test_a_late_writer_is_refused_and_told_who_has_the_conversation_now(house: House) -> None:
    held = await house.claimed(MEI)
    house.clock.forward(seconds=60)
    await house.agents.beat(LIN)
    await house.desk.sweep_vanished(house.clock())
    assert isinstance(await house.agents.claim(held.id, LIN), Claimed)

    with pytest.raises(ConversationMoved) as refusal:
        await house.agents.reply(held.conversation_id, MEI, key="late", text="我回来了", epoch=held.epoch)
    assert refusal.value.slots == {"name": "林静"}
    assert await said(house, held.conversation_id, "agent") == []


async def test_after_the_end_of_a_handover_nobody_writes_to_the_customer_with_any_epoch(house: House) -> None:
    held = await house.claimed(MEI)
    await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    for epoch in range(held.epoch + 3):
        with pytest.raises(ConversationMoved):
            await house.agents.reply(held.conversation_id, MEI, key=f"k{epoch}", text="还在吗", epoch=epoch)
    assert await said(house, held.conversation_id, "agent") == []


async def test_a_reply_sent_again_after_the_conversation_moved_on_is_known_as_stored(house: House) -> None:
    held = await house.claimed(MEI)
    first = await house.agents.reply(held.conversation_id, MEI, key="k1", text="再见", epoch=held.epoch)
    await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED)
    again = await house.agents.reply(held.conversation_id, MEI, key="k1", text="再见", epoch=held.epoch)
    assert again == first
    assert await said(house, held.conversation_id, "agent") == ["再见"]


async def test_nobody_writes_in_a_colleagues_conversation_even_with_the_right_epoch(house: House) -> None:
    held = await house.claimed(MEI)
    with pytest.raises(ConversationMoved) as refusal:
        await house.agents.reply(held.conversation_id, LIN, key="k1", text="我来", epoch=held.epoch)
    assert refusal.value.slots == {"name": "小梅"}
    assert await said(house, held.conversation_id, "agent") == []


async def test_nobody_writes_to_a_customer_who_still_waits(house: House) -> None:
    handoff = await house.ask()
    with pytest.raises(ConversationMoved):
        await house.agents.reply(handoff.conversation_id, MEI, key="k1", text="您好", epoch=handoff.epoch)


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x07", "\ud83d"])
async def test_a_reply_without_words_is_refused(small_house: House, text: str) -> None:
    held = await small_house.claimed(MEI)
    with pytest.raises(ReplyEmpty):
        await small_house.agents.reply(held.conversation_id, MEI, key="k1", text=text, epoch=held.epoch)


async def test_control_characters_and_half_emoji_are_taken_out_of_a_reply(house: House) -> None:
    held = await house.claimed(MEI)
    await house.agents.reply(held.conversation_id, MEI, key="k1", text="好\x00的\ud83d 😀\n第二行", epoch=held.epoch)
    assert await said(house, held.conversation_id, "agent") == ["好的 😀\n第二行"]


async def test_a_reply_that_is_too_long_says_how_long_it_may_be(small_house: House) -> None:
    held = await small_house.claimed(MEI)
    with pytest.raises(ReplyTooLong) as refusal:
        await small_house.agents.reply(held.conversation_id, MEI, key="k1", text="长" * 4001, epoch=held.epoch)
    assert refusal.value.slots == {"limit": 4000, "length": 4001}


async def test_anyone_on_the_desk_may_leave_a_note_and_it_is_never_a_message(house: House) -> None:
    held = await house.claimed(MEI)
    await house.agents.note(held.conversation_id, LIN, key="n1", text="这批次昨天也有两单异响")
    last = (await house.agents.lines(held.conversation_id))[-1]
    assert (last.kind, last.author) == ("note", "林静")


async def test_conversations_that_were_never_handed_over_are_not_shown_to_the_desk(house: House) -> None:
    await house.conversations.begin("private", "你好", at=house.clock())
    with pytest.raises(NotFound):
        await house.agents.load_latest("private")
    with pytest.raises(NotFound):
        await house.agents.note("private", MEI, key="n1", text="看看")


async def test_resolving_keeps_the_outcome_and_gives_the_conversation_to_the_bot(house: House) -> None:
    held = await house.claimed(MEI)
    done = await house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.FOLLOW_UP)

    assert (done.state, done.outcome, done.ended_at) == (HandoffState.RESOLVED, Outcome.FOLLOW_UP, house.clock())
    assert await house.conversations.owner(held.conversation_id) == ("bot", done.epoch)
    last = (await house.agents.lines(held.conversation_id))[-1]
    assert last.payload == {"code": "resolved", "slots": {"name": "小梅"}, "public": True}
    assert await house.agents.mine(MEI) == ()


async def test_what_a_conversation_was_about_is_kept_and_must_be_one_of_the_settings(house: House) -> None:
    held = await house.claimed(MEI)
    with pytest.raises(UnknownChoice):
        await house.agents.resolve(
            held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED, category="weather"
        )
    done = await house.agents.resolve(
        held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED, category="returns"
    )
    assert done.category == "returns"
    assert await house.store.find(held.id) == done


async def test_returning_to_the_bot_is_told_to_the_customer(house: House) -> None:
    held = await house.claimed(MEI)
    done = await house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch)
    assert (done.state, done.outcome) == (HandoffState.RETURNED, None)
    assert (await house.agents.lines(held.conversation_id))[-1].payload["code"] == "returned"


async def test_only_who_holds_a_conversation_ends_it_and_only_once(house: House) -> None:
    held = await house.claimed(MEI)
    with pytest.raises(ConversationMoved):
        await house.agents.resolve(held.conversation_id, LIN, epoch=held.epoch, outcome=Outcome.SOLVED)
    ends = await asyncio.gather(
        house.agents.resolve(held.conversation_id, MEI, epoch=held.epoch, outcome=Outcome.SOLVED),
        house.transfers.to_bot(held.conversation_id, MEI, epoch=held.epoch),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["ConversationMoved", "Handoff"]
    assert (await house.conversations.owner(held.conversation_id))[1] == held.epoch + 1


async def test_the_lists_show_mine_the_waiting_and_all_in_the_order_of_the_desk(house: House) -> None:
    mine = await house.claimed(MEI)
    theirs = await house.claimed(LIN)
    house.clock.forward(minutes=1)
    normal = await house.ask()
    house.clock.forward(minutes=1)
    critical = await house.ask(Urgency.CRITICAL)

    assert [h.id for h in await house.agents.queue()] == [critical.id, normal.id]
    assert [h.id for h in await house.agents.mine(MEI)] == [mine.id]
    everything = [h.id for h in await house.agents.all_open()]
    assert everything[:2] == [critical.id, normal.id]
    assert set(everything[2:]) == {mine.id, theirs.id}
    assert await house.agents.counts(MEI) == (1, 2, 4)


async def test_a_list_is_cut_at_its_limit_but_the_counts_are_not(house: House) -> None:
    for _ in range(12):
        await house.ask()
    limit = HandoffSettings(list_limit=10).list_limit
    assert len(await house.store.waiting(limit=limit)) == 10
    assert (await house.agents.counts(MEI))[1] == 12


async def test_the_last_words_of_a_conversation_are_no_note_and_no_event(house: House) -> None:
    held = await house.claimed(MEI)
    await house.conversations.customer_says(held.conversation_id, "在吗", key="c9", at=house.clock())
    await house.agents.note(held.conversation_id, MEI, key="n1", text="稍后回")
    lines = await house.agents.last_lines([held.conversation_id])
    assert lines[held.conversation_id].text == "在吗"


async def test_who_is_on_duty_is_listed_with_what_they_hold(house: House) -> None:
    await house.claimed(MEI)
    await house.claimed(MEI)
    await house.agents.beat(LIN)
    assert {load.agent.name: load.active for load in await house.agents.on_duty()} == {"小梅": 2, "林静": 0}
    house.clock.forward(seconds=41)
    assert await house.agents.on_duty() == ()


async def test_every_change_is_told_on_the_wire_after_it_is_stored(house: House) -> None:
    async with house.signals.subscribe("conversation:*", "desk") as news:
        handoff = await house.ask()
        await house.agents.claim(handoff.id, MEI)
        seq = await house.agents.reply(handoff.conversation_id, MEI, key="k1", text="您好", epoch=handoff.epoch + 1)
        topic = f"conversation:{handoff.conversation_id}"
        heard = [await anext(news) for _ in range(4)]
    assert heard == [
        Signal(topic="desk", body={"conversations": []}),  # an agent appeared
        Signal(topic=topic, body={"seq": seq - 1, "state": True}),
        Signal(topic="desk", body={"conversations": [handoff.conversation_id]}),
        Signal(topic=topic, body={"seq": seq}),
    ]


async def test_typing_is_shown_only_in_ones_own_conversation(house: House) -> None:
    held = await house.claimed(MEI)
    async with house.signals.subscribe("conversation:*") as news:
        await house.agents.typing(held.conversation_id, LIN, on=True)
        await house.agents.typing(held.conversation_id, MEI, on=True)
        heard = await anext(news)
    assert heard == Signal(topic=f"conversation:{held.conversation_id}", body={"typing": True, "who": "agent"})
