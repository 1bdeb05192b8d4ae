"""tests: replies leave as the answer to WeChat's call when they are there in time, else through the interface."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.wechat.sender import NOT_SHOWN
from bot.contracts import EntryKind, FailureKind, InboundKind, NewEntry, Owner, SendFailed
from kit.contracts import Language
from tests.bot.channels.wechat.desk import CUSTOMER, WeChatDesk, wechat_desk
from tests.bot.channels.wechat.test_choices import ARTICLES
from tests.bot.support.desk import Parts
from tests.support.fake_wechat import FakeWeChat, message

SEND = "message/custom/send"


@pytest.mark.parametrize("encrypted", [True, False])
async def test_a_reply_in_time_is_the_answer_to_the_call_and_asks_the_interface_for_nothing(
    sqlite_parts: Parts, *, encrypted: bool
) -> None:
    async with FakeWeChat(encrypted=encrypted).running() as wechat, wechat_desk(wechat, sqlite_parts) as desk:
        wechat.say(CUSTOMER, "门店几点开门？")
        await desk.said()
        message_id = await desk.send(await desk.reply("10:00 <开门> & 21:30 关门"))
        await wechat.idle()
        assert message_id.startswith("passive.")
        assert wechat.texts(CUSTOMER) == ["10:00 <开门> & 21:30 关门"]
        assert wechat.asked == []


async def test_a_reply_that_is_late_leaves_through_the_interface(wechat: FakeWeChat, sqlite_parts: Parts) -> None:
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        assert [(call.status, call.reply) for call in wechat.calls] == [(200, "")]
        for text in ("您好", "请稍等"):
            assert (await desk.send(await desk.reply(text))).startswith("service.")
        assert wechat.texts(CUSTOMER) == ["您好", "请稍等"]
        assert [name for name, _ in wechat.asked] == ["stable_token", SEND, SEND]


async def test_only_the_first_part_of_a_long_reply_fits_into_the_answer_and_order_is_kept(desk: WeChatDesk) -> None:
    desk.wechat.say(CUSTOMER, "政策全文")
    await desk.said()
    await desk.send(await desk.reply("第一段。\n\n" + "长" * 680 + "\n\n第三段。"))
    await desk.wechat.idle()
    first, *rest = desk.wechat.texts(CUSTOMER)
    assert first.startswith("第一段")
    assert rest[-1].endswith("第三段。")
    assert [name for name, _ in desk.wechat.asked].count(SEND) == len(rest) > 0


async def test_an_answer_that_got_lost_is_given_again_and_the_message_is_stored_once(desk: WeChatDesk) -> None:
    said = message(CUSTOMER, MsgType="text", Content="几点开门", MsgId="7")
    first = asyncio.create_task(desk.wechat.call(said))
    await desk.said()
    await desk.send(await desk.reply("十点"))
    for again in (first, desk.wechat.call(said), desk.wechat.call(said)):
        assert (await again).reply == "十点"
    assert [entry.text for entry in await desk.stored()] == ["几点开门"]
    assert desk.wechat.asked == []


@pytest.mark.parametrize("kind", ["text", "event"])
async def test_a_call_that_comes_twice_is_stored_once(wechat: FakeWeChat, sqlite_parts: Parts, kind: str) -> None:
    said = message(CUSTOMER, MsgType="text", Content="在吗", MsgId="7")
    pressed = message(CUSTOMER, MsgType="event", Event="CLICK", EventKey="在吗")
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        for _ in range(3):
            assert (await wechat.call(said if kind == "text" else pressed)).status == 200
        assert [entry.text for entry in await desk.stored()] == ["在吗"]


async def test_two_messages_at_once_get_a_reply_each_and_a_third_reply_finds_no_call(desk: WeChatDesk) -> None:
    calls = [
        asyncio.create_task(desk.wechat.call(message(CUSTOMER, MsgType="text", Content=text, MsgId=text)))
        for text in ("1", "2")
    ]
    await desk.said(2)
    for text in ("甲", "乙", "丙"):
        await desk.send(await desk.reply(text))
    assert sorted([(await call).reply for call in calls]) == ["乙", "甲"]
    assert desk.wechat.texts(CUSTOMER) == ["丙"]


async def test_while_a_person_owns_the_conversation_the_call_is_answered_at_once(desk: WeChatDesk) -> None:
    desk.wechat.say(CUSTOMER, "转人工")
    await desk.said()
    await desk.send(await desk.reply("正在转接"))
    home = await desk.parts.store.find_at("wechat", CUSTOMER)
    assert home is not None
    store, at = desk.parts.store, desk.parts.clock()
    await desk.parts.database.write(lambda tx: store.set_owner(tx, home.id, owner=Owner.AGENT, agent_id="a", at=at))
    desk.wechat.say(CUSTOMER, "1")
    await desk.wechat.idle()
    assert desk.wechat.calls[-1].reply == ""
    assert [entry.text for entry in await desk.stored()] == ["转人工", "1"]


async def test_a_number_presses_the_choice_of_the_newest_reply(desk: WeChatDesk) -> None:
    desk.wechat.say(CUSTOMER, "退换货")
    await desk.said()
    offer = await desk.reply("您想问哪一个？", payload={"choices": ARTICLES})
    await desk.send(offer)
    desk.wechat.say(CUSTOMER, "2")
    pressed = (await desk.said(2))[-1]
    assert pressed.payload["kind"] == InboundKind.PRESS.value
    assert (pressed.payload["choice"], pressed.payload["to_seq"]) == ("article:2", offer.seq)
    assert pressed.text == "换货流程"
    await desk.send(await desk.reply("换货这样办"))
    await desk.wechat.idle()


async def test_a_message_that_is_not_taken_is_explained_in_the_answer(desk: WeChatDesk) -> None:
    desk.wechat.say(CUSTOMER, "长" * 2001)
    await desk.wechat.idle()
    assert "2000" in desk.wechat.texts(CUSTOMER)[0]
    assert await desk.stored() == []


async def test_an_entry_without_a_word_for_the_customer_is_not_sent(desk: WeChatDesk) -> None:
    desk.wechat.say(CUSTOMER, "你好")
    await desk.said()
    row = await desk.reply("您好")
    home = row.conversation_id
    new = NewEntry(kind=EntryKind.EVENT, key="turn:e", text="", language=Language.ZH, payload={"code": "unheard_of"})
    store, at = desk.parts.store, desk.parts.clock()
    await desk.send(row)
    await desk.parts.database.write(lambda tx: store.append(tx, home, [new], at=at))
    [silent] = await desk.parts.outbox.heads(at, channels=frozenset({"wechat"}), limit=1, conversation_id=home)
    assert await desk.send(silent) == NOT_SHOWN


# --- what WeChat refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_ran_out_is_replaced_and_the_message_sent_once(
    wechat: FakeWeChat, sqlite_parts: Parts, code: int
) -> None:
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        await desk.send(await desk.reply("一"))
        wechat.fail(SEND, code)
        await desk.send(await desk.reply("二"))
        assert wechat.texts(CUSTOMER) == ["一", "二"]
        assert len(wechat.tokens) == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (45015, FailureKind.GONE),
        (45047, FailureKind.GONE),
        (43004, FailureKind.GONE),
        (48001, FailureKind.OURS),
        (45002, FailureKind.OURS),
        (-1, FailureKind.UNAVAILABLE),
        (502, FailureKind.UNAVAILABLE),
        (99999, FailureKind.UNAVAILABLE),
    ],
)
async def test_every_refusal_says_whether_another_try_would_help(
    wechat: FakeWeChat, sqlite_parts: Parts, code: int, kind: FailureKind
) -> None:
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        wechat.fail(SEND, code)
        row = await desk.reply("您好")
        with pytest.raises(SendFailed) as failed:
            await desk.send(row)
        assert failed.value.kind is kind
        await desk.send(row)
        assert wechat.texts(CUSTOMER) == ["您好"]


@pytest.mark.parametrize("code", [45009, 45011])
async def test_a_used_up_quota_holds_the_whole_channel_back(wechat: FakeWeChat, sqlite_parts: Parts, code: int) -> None:
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        wechat.fail(SEND, code)
        row = await desk.reply("您好")
        for _ in range(3):
            with pytest.raises(SendFailed) as failed:
                await desk.send(row)
            assert failed.value.kind is FailureKind.LATER
            assert failed.value.retry_after is not None
            assert failed.value.retry_after > 0
        assert [name for name, _ in wechat.asked].count(SEND) == 1


async def test_a_wrong_app_secret_and_a_silent_wechat_are_tried_again_and_typing_never_fails(
    wechat: FakeWeChat, sqlite_parts: Parts
) -> None:
    async with wechat_desk(wechat, sqlite_parts, reply_seconds=0) as desk:
        wechat.say(CUSTOMER, "你好")
        await wechat.idle()
        row = await desk.reply("您好")
        wechat.fail("stable_token", 40125, 40164, 502)
        for _ in range(2):
            with pytest.raises(SendFailed) as failed:
                await desk.send(row)
            assert failed.value.kind is FailureKind.UNAVAILABLE
        await desk.channel.sender.typing(CUSTOMER)
        await desk.channel.sender.typing(CUSTOMER)
        assert [name for name, _ in wechat.asked][-1] == "message/custom/typing"
        await desk.send(row)
        assert wechat.texts(CUSTOMER) == ["您好"]
