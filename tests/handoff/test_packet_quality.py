from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.adapters.rows import packet_of, packet_to_json
from handoff.contracts import PacketQuality
from handoff.repeats import asked_again
from tests.handoff.asking import LIN, MEI, a_packet
from tests.handoff.house import House
from tests.support.clock import START

GIVEN = (("order_number", "CJ2611-088213"), ("contact", "13800138000"), ("wanted", "换货"))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("您好，请提供一下订单号", ("order_number",)),
        ("您的订单号是多少呢？麻烦留一下联系电话。", ("order_number", "phone")),
        ("Could you tell me your order number, please?", ("order_number",)),
        ("What's your phone number", ("phone",)),
        ("请问您希望怎么处理？", ("wanted",)),
        ("您的订单号 CJ2611-088213 我看到了，对吗？", ()),
        ("请问还是 138 尾号 8000 的手机号吗？", ()),
        ("订单号我已经查到，马上为您换货。", ()),
        ("我已记下您的电话。请问还有什么可以帮您？", ()),
        ("Your order number is on file.", ()),
        ("请问机器放在哪里？", ()),
        ("", ()),
    ],
)
def test_only_a_question_for_something_known_is_asking_again(text: str, fields: tuple[str, ...]) -> None:
    assert asked_again(text, GIVEN) == fields


def test_what_was_never_given_may_be_asked_for() -> None:
    assert asked_again("请提供订单号和手机号", ()) == ()


async def test_a_repeat_counts_once_a_handover_and_stands_on_the_wall(house: House) -> None:
    held = await house.claimed(MEI)
    for number, text in enumerate(("请提供订单号", "订单号是多少？", "好的")):
        await house.agents.reply(held.conversation_id, MEI, key=f"k{number}", text=text, epoch=held.epoch)
    assert await house.agents.quality(held.id) == PacketQuality(useful=None, asked_again=("order_number",))
    other = await house.claimed(LIN)
    await house.agents.reply(other.conversation_id, LIN, key="k", text="您好，马上为您处理", epoch=other.epoch)
    assert (await house.floor.wall()).flow.repeated == 1
    house.clock.forward(minutes=61)
    assert (await house.floor.wall()).flow.repeated == 0


async def test_who_lost_the_conversation_is_not_counted_as_asking(house: House) -> None:
    held = await house.claimed(MEI)
    await house.supervision.take_over(held.conversation_id, LIN, epoch=held.epoch)
    with pytest.raises(Exception, match="conversation_moved"):
        await house.agents.reply(held.conversation_id, MEI, key="k", text="请提供订单号", epoch=held.epoch)
    assert (await house.agents.quality(held.id)).asked_again == ()


async def test_an_agent_says_whether_the_context_was_of_use_and_may_say_otherwise_later(house: House) -> None:
    held = await house.claimed(MEI)
    assert (await house.agents.quality(held.id)).useful is None
    await house.agents.rate(held.conversation_id, MEI, useful=True)
    await house.agents.rate(held.conversation_id, MEI, useful=False)
    assert (await house.agents.quality(held.id)).useful is False


def test_moods_are_kept_with_the_packet_and_older_packets_have_none() -> None:
    packet = replace(a_packet(), moods=((START, "upset"), (START + timedelta(minutes=3), "angry")))
    stored = packet_to_json(packet)
    assert packet_of(stored) == packet
    del stored["moods"]
    assert packet_of(stored).moods == ()
