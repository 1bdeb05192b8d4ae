"""tests: customers who do not want to wait, on the website and in Telegram, in Chinese and in English."""

from __future__ import annotations

import re

from bot.contracts import Owner
from handoff.contracts import Agent, HandoffReason
from kit.contracts import Language
from tests.journeys.customers import Customer, heard, offered
from tests.journeys.test_both_channels import claimed_by, words
from tests.support.desk import RunningDesk

ZH, EN = Language.ZH, Language.EN
NUMBER = re.compile(r"TS\d{4}-\d{6}")
MESSAGE = {ZH: "留言", EN: "Leave a message"}
CALLBACK = {ZH: "约回电", EN: "Book a call-back"}
WRITE = {ZH: "写成一条消息", EN: "in one message"}
PHONE = {ZH: "请发一个号码", EN: "send me the number"}
NOTE = {ZH: "发票抬头要改成澄家公司，请联系我", EN: "please change the name on my invoice to Clearhome Ltd"}


async def test_a_message_is_filed_promised_and_answered_by_a_person(
    desk: RunningDesk, customer: Customer, agent: Agent, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    await customer.press(words("person", language))
    await offered(customer, MESSAGE[language])
    await customer.press(MESSAGE[language])
    await heard(customer, WRITE[language])
    await customer.say(NOTE[language])
    told = NUMBER.search(await heard(customer, "TS"))
    assert told is not None
    case = (await desk.rooms.cases.files.load(told[0])).case
    assert NOTE[language] in case.what_happened
    # The worker's sweep puts it into the queue again by itself: the desk is open, its time has come.
    handoff = await claimed_by(desk, agent)
    assert handoff.reason is HandoffReason.PROMISED
    before = len(customer.house())
    await desk.rooms.agents.reply(handoff.conversation_id, agent, key="k1", text="TAKEN CARE OF", epoch=handoff.epoch)
    await heard(customer, "TAKEN CARE OF", since=before)


async def test_a_booked_call_back_ends_the_waiting_and_keeps_the_number(
    desk: RunningDesk, customer: Customer, agent: Agent, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    await customer.press(words("person", language))
    await offered(customer, CALLBACK[language])
    [waiting] = await desk.rooms.agents.queue()
    await customer.press(CALLBACK[language])
    await heard(customer, {ZH: "什么时候联系您", EN: "When shall we get in touch"}[language])
    before = len(customer.house())
    # The last button of all leaves the queue; what stands before it is the last part of a day, then its last slot.
    await customer.press(customer.buttons()[-2])
    await heard(customer, {ZH: "什么时候联系您", EN: "When shall we get in touch"}[language], since=before)
    await customer.press(customer.buttons()[-2])
    await heard(customer, PHONE[language])
    number = NUMBER.search(await heard(customer, "TS"))
    assert number is not None
    await customer.say("13800138000")
    await heard(customer, "13800138000")
    assert (await desk.rooms.cases.files.load(number[0])).case.contact == "13800138000"
    assert await desk.rooms.agents.queue() == ()
    conversation = await desk.rooms.store.find(waiting.conversation_id)
    assert conversation is not None
    assert conversation.owner is Owner.BOT
