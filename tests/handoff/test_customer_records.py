from __future__ import annotations

import asyncio
from functools import partial

import pytest

from handoff.adapters.customer_store import SqlCustomerStore
from handoff.contact_masks import masked
from handoff.contracts import EVERYTHING, Handoff, Link, PromiseKind, Proof, Scope, Sight, Wanted
from handoff.refusals import (
    AlreadyJoined,
    CodeWrong,
    JoinedByShop,
    NotHandedOver,
    NotJoined,
    ReplyEmpty,
    UnknownChoice,
)
from tests.handoff.asking import CODE, LIN, MEI
from tests.handoff.house import House


@pytest.mark.parametrize(
    ("value", "shown"),
    [("13800138000", "138****00"), ("zhou.wei@example.com", "z***@example.com"), ("李梅", "李***"), ("", "***")],
)
def test_a_masked_contact_can_be_recognised_and_not_used(value: str, shown: str) -> None:
    assert masked(value) == shown


async def two(house: House) -> tuple[Handoff, Handoff]:
    """Two conversations that may be one customer's."""
    return await house.ask(), await house.ask()


async def leave_number(house: House, handoff: Handoff, contact: str) -> None:
    """Who waits leaves a message, with a number to call."""
    left = Wanted(kind=PromiseKind.MESSAGE, words="请回电", contact=contact)
    promised = partial(house.desk.promise, conversation_id=handoff.conversation_id, wanted=left, at=house.clock())
    assert await house.database.write(promised) is not None


async def test_a_customer_without_anything_kept_has_a_history_and_no_more(house: House) -> None:
    here, _ = await two(house)
    record = await house.records.record(here.conversation_id, sight=EVERYTHING, in_full=False)
    assert [one.id for one in record.history] == [here.id]
    assert (record.notes, record.links, record.contacts, record.customer.tags) == ((), (), (), ())


async def test_who_has_no_name_is_found_by_a_number_they_gave(house: House) -> None:
    gave = await house.ask_with((("order_number", "CJ2611-088213"), ("phone", "13800138000")))
    await house.ask_with((("order_number", "CJ2611-088214"),))
    for words in ("CJ2611-088213", "cj2611-088213", " 13800138000 "):
        assert [one.id for one in await house.records.search(words, sight=EVERYTHING)] == [gave.id]
    narrow = Sight(account_id=MEI.id, scope=Scope.TEAM, departments=frozenset({"technical_support"}))
    assert await house.records.search("13800138000", sight=narrow) == ()
    assert await house.records.search("138", sight=EVERYTHING) == (), "too short to be a number somebody gave"
    assert await house.records.search("order", sight=EVERYTHING) == ()


@pytest.mark.parametrize("words", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "TS2611-000001"])
async def test_who_gave_a_number_only_with_a_call_back_or_a_message_is_found_by_it(house: House, words: str) -> None:
    waiting, other = await two(house)
    for handoff, contact in ((waiting, "138-0013 8000"), (other, "13900139000")):
        await leave_number(house, handoff, contact)
    found = await house.records.search(words, sight=EVERYTHING)
    assert [one.conversation_id for one in found] == [waiting.conversation_id]
    narrow = Sight(account_id=MEI.id, scope=Scope.TEAM, departments=frozenset({"technical_support"}))
    assert await house.records.search(words, sight=narrow) == ()


async def test_who_gave_a_number_in_a_complaint_is_found_by_it_as_far_as_the_reader_sees(house: House) -> None:
    here, _ = await two(house)
    house.files.talks["13800138000"] = (here.conversation_id, "another-talk")
    [found] = await house.records.search("138 0013 8000", sight=EVERYTHING)
    assert found.conversation_id == here.conversation_id
    narrow = Sight(account_id=MEI.id, scope=Scope.TEAM, departments=frozenset({"technical_support"}))
    assert await house.records.search("138 0013 8000", sight=narrow) == ()


async def test_a_code_joins_two_channels_and_everything_kept_of_both_stays(house: House) -> None:
    here, there = await two(house)
    await house.records.add_note(there.conversation_id, "喜欢短信联系", sight=EVERYTHING, by=LIN)
    await house.records.set_tags(there.conversation_id, "老客户，  易碎 , 老客户", sight=EVERYTHING, by=LIN)
    await house.records.set_tags(here.conversation_id, "急", sight=EVERYTHING, by=MEI)
    await house.team.mark_key_account(there.conversation_id, key_account=True, named_agent_id=None, by="su")
    await house.records.send_code(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=MEI)
    await house.records.join_by_code(here.conversation_id, f" {CODE} ", sight=EVERYTHING, by=MEI)
    for conversation in (here, there):
        record = await house.records.record(conversation.conversation_id, sight=EVERYTHING, in_full=False)
        assert {one.id for one in record.history} == {here.id, there.id}
        assert [note.text for note in record.notes] == ["喜欢短信联系"]
        assert (record.customer.key_account, record.customer.tags) == (True, ("急", "老客户", "易碎"))
        assert [(link.proof, link.by) for link in record.links] == [(Proof.CODE, MEI.name)]
    with pytest.raises(AlreadyJoined):
        await house.records.join(there.conversation_id, here.conversation_id, "同一个人", sight=EVERYTHING, by=MEI)
    assert [record.action for record in house.staff.records].count("handoff.join") == 1


async def test_the_code_is_read_by_the_customer_and_by_nobody_at_the_desk(house: House) -> None:
    here, there = await two(house)
    await house.records.send_code(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=MEI)
    told = (await house.conversations.lines(there.conversation_id))[-1]
    assert (told.payload["public"], told.payload["slots"]) == (True, {"code": CODE})
    assert CODE not in str(await house.agents.lines(there.conversation_id))
    assert CODE not in str(house.staff.records)


async def test_a_wrong_an_old_and_an_often_tried_code_prove_nothing(house: House) -> None:
    here, there = await two(house)

    async def tried(code: str) -> bool:
        try:
            await house.records.join_by_code(here.conversation_id, code, sight=EVERYTHING, by=MEI)
        except CodeWrong:
            return False
        return True

    assert not await tried(CODE)
    await house.records.send_code(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=MEI)
    guesses = await asyncio.gather(*(tried(f"00000{number}") for number in range(7)))
    assert not any(guesses)
    assert not await tried(CODE)
    await house.records.send_code(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=MEI)
    house.clock.forward(minutes=11)
    assert not await tried(CODE)
    assert (await house.records.record(here.conversation_id, sight=EVERYTHING, in_full=False)).links == ()


async def test_an_agents_word_wants_a_reason_which_is_kept(house: House) -> None:
    here, there = await two(house)
    with pytest.raises(ReplyEmpty):
        await house.records.join(here.conversation_id, there.conversation_id, "  ", sight=EVERYTHING, by=MEI)
    await house.records.join(
        here.conversation_id, there.conversation_id, "报出了两边的订单号", sight=EVERYTHING, by=MEI
    )
    [link] = (await house.records.record(there.conversation_id, sight=EVERYTHING, in_full=False)).links
    assert (link.proof, link.reason) == (Proof.CONFIRMED, "报出了两边的订单号")
    [audited] = [record for record in house.staff.records if record.action == "handoff.join"]
    assert "报出了两边的订单号" in audited.after


async def test_of_two_who_join_at_once_one_does(house: House) -> None:
    here, there = await two(house)
    ends = await asyncio.gather(
        house.records.join(here.conversation_id, there.conversation_id, "一", sight=EVERYTHING, by=MEI),
        house.records.join(there.conversation_id, here.conversation_id, "二", sight=EVERYTHING, by=LIN),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyJoined", "NoneType"]


async def test_what_a_reader_may_not_see_is_neither_found_nor_joined_nor_in_the_history(house: House) -> None:
    here, there = await house.ask(), await house.ask(intent="return_request")
    await house.records.join(here.conversation_id, there.conversation_id, "认识", sight=EVERYTHING, by=LIN)
    other = await house.ask(intent="return_request")
    narrow = Sight(account_id=MEI.id, scope=Scope.TEAM, departments=frozenset({"consultation"}))
    record = await house.records.record(here.conversation_id, sight=narrow, in_full=False)
    assert [one.id for one in record.history] == [here.id]
    assert {one.id for one in await house.records.search("周", sight=narrow)} == {here.id}
    assert len(await house.records.search("周先", sight=EVERYTHING)) == 3
    assert await house.records.search("%", sight=EVERYTHING) == ()
    for call in (
        house.records.join(here.conversation_id, other.conversation_id, "?", sight=narrow, by=MEI),
        house.records.send_code(here.conversation_id, other.conversation_id, sight=narrow, by=MEI),
        house.records.record(other.conversation_id, sight=narrow, in_full=False),
        house.records.add_note(other.conversation_id, "?", sight=narrow, by=MEI),
    ):
        with pytest.raises(NotHandedOver):
            await call


async def test_contacts_are_masked_and_each_look_is_audited(house: House) -> None:
    here = await house.ask_with((("phone", "13800138000"), ("order_number", "CJ2611-088213")))
    record = await house.records.record(here.conversation_id, sight=EVERYTHING, in_full=False)
    assert [(one.kind, one.value, one.masked) for one in record.contacts] == [("phone", "138****00", True)]
    assert await house.records.reveal(here.conversation_id, 0, sight=EVERYTHING, by=MEI) == "13800138000"
    with pytest.raises(UnknownChoice):
        await house.records.reveal(here.conversation_id, 1, sight=EVERYTHING, by=MEI)
    [audited] = house.staff.records
    assert (audited.action, audited.account_id, audited.after) == ("handoff.reveal", MEI.id, "phone 138****00")


@pytest.mark.parametrize("typed", ["长" * 21, ",".join(f"t{number}" for number in range(13))])
async def test_tags_are_short_and_few(small_house: House, typed: str) -> None:
    here = await small_house.ask()
    with pytest.raises(UnknownChoice):
        await small_house.records.set_tags(here.conversation_id, typed, sight=EVERYTHING, by=MEI)


async def kept(house: House, handoff: Handoff) -> tuple[tuple[str, ...], bool, str | None, list[str], int]:
    """(tags, key account, named representative, notes, handovers) of a customer."""
    record = await house.records.record(handoff.conversation_id, sight=EVERYTHING, in_full=False)
    notes = [note.text for note in record.notes]
    customer = record.customer
    return customer.tags, customer.key_account, customer.named_agent_id, notes, len(record.history)


async def test_a_join_that_is_taken_back_leaves_both_records_as_they_were(house: House) -> None:
    here, there, third = await house.ask(), await house.ask(), await house.ask()
    ids = [one.conversation_id for one in (here, there, third)]
    records = house.records
    for handoff, tags in ((here, "急"), (there, "急, 老客户"), (third, "老客户, 易碎")):
        await records.set_tags(handoff.conversation_id, tags, sight=EVERYTHING, by=MEI)
        await records.add_note(handoff.conversation_id, f"记 {tags}", sight=EVERYTHING, by=MEI)
    house.staff.add(LIN.id, LIN.name)
    await house.team.mark_key_account(ids[1], key_account=True, named_agent_id=LIN.id, by="su")
    before = [await kept(house, one) for one in (here, there, third)]
    await records.join(ids[1], ids[2], "同一个电话", sight=EVERYTHING, by=MEI)
    both = await kept(house, there)
    await records.join(ids[0], ids[1], "同一个电话", sight=EVERYTHING, by=MEI)
    await records.set_tags(ids[0], "急, 老客户, 易碎, 新", sight=EVERYTHING, by=MEI)
    await records.add_note(ids[2], "合并以后", sight=EVERYTHING, by=MEI)
    assert (await kept(house, there))[4] == 3

    await records.separate(ids[2], ids[1], sight=EVERYTHING, by=LIN)
    assert await kept(house, there) == both
    assert await kept(house, third) == both
    alone = await kept(house, here)
    assert alone == (("急", "新"), False, None, ["合并以后", "记 急"], 1)
    record = house.staff.records[-1]
    assert (record.action, record.account_id, record.subject) == (
        "handoff.separate",
        LIN.id,
        f"conversation:{ids[0]}",
    )
    assert record.before == f"conversation:{ids[1]}, confirmed: 同一个电话"
    await records.separate(ids[1], ids[2], sight=EVERYTHING, by=LIN)
    assert [await kept(house, one) for one in (there, third)] == before[1:]
    with pytest.raises(NotJoined):
        await records.separate(ids[1], ids[2], sight=EVERYTHING, by=LIN)
    await records.join(ids[0], ids[1], "还是同一个", sight=EVERYTHING, by=MEI)
    assert (await kept(house, here))[4] == 2


async def test_what_a_later_join_found_on_the_record_goes_with_the_one_that_brought_it(small_house: House) -> None:
    house = small_house
    here, first, second = await house.ask(), await house.ask(), await house.ask()
    ids = [one.conversation_id for one in (here, first, second)]
    for conversation_id in ids[1:]:
        await house.records.set_tags(conversation_id, "老客户", sight=EVERYTHING, by=MEI)
        await house.records.join(ids[0], conversation_id, "本人说的", sight=EVERYTHING, by=MEI)
    await house.records.separate(ids[0], ids[1], sight=EVERYTHING, by=MEI)
    assert (await kept(house, here))[0] == ("老客户",)  # the second one has it too
    await house.records.separate(ids[0], ids[2], sight=EVERYTHING, by=MEI)
    assert (await kept(house, here))[0] == ()


async def test_of_two_who_take_a_join_back_at_once_one_hears_that_it_is_done(house: House) -> None:
    here, there = await two(house)
    await house.records.join(here.conversation_id, there.conversation_id, "本人", sight=EVERYTHING, by=MEI)
    tries = [
        house.records.separate(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=by)
        for by in (MEI, LIN)
    ]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "NotJoined"]


async def test_what_the_shop_signed_is_not_taken_back_by_hand(small_house: House) -> None:
    house = small_house
    here, there = await two(house)
    link = Link(conversation_id=there.conversation_id, proof=Proof.SIGNED, by="", reason="c-1", at=house.clock())
    store = SqlCustomerStore(house.database)
    assert await house.database.write(lambda tx: store.join(tx, here.conversation_id, there.conversation_id, link))
    with pytest.raises(JoinedByShop):
        await house.records.separate(here.conversation_id, there.conversation_id, sight=EVERYTHING, by=MEI)
