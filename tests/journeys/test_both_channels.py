"""tests: what a customer goes through, the same on the website, in Telegram and in WeChat, in Chinese and English."""

from __future__ import annotations

import re

from bot.contracts import EntryKind, Owner
from handoff.contracts import Agent, Claimed, Handoff, Outcome
from kit.contracts import Language
from tests.journeys.customers import Customer, heard, offered
from tests.support.desk import RunningDesk
from tests.support.wait import until

ZH, EN = Language.ZH, Language.EN
NUMBER = re.compile(r"TS\d{4}-\d{6}")
WORDS: dict[str, dict[Language, str]] = {
    "hello": {ZH: "澄家电器在线客服", EN: "Clearhome"},
    "person": {ZH: "转人工", EN: "Talk to a person"},
    "question": {ZH: "门店几点开门几点关门", EN: "What time do the stores open and close?"},
    "answer": {ZH: "10:00–21:30", EN: "10:00–21:30"},
    "helped": {ZH: "有帮助", EN: "Yes, it helped"},
    "glad": {ZH: "很高兴帮到您", EN: "glad"},
    "complaint": {
        ZH: "刚买的冰箱才三天就不制冷了，太气人了，我要投诉",
        EN: "my new fridge stopped cooling after three days, this is unacceptable, I want to complain",
    },
    "understood": {ZH: "我理解您反映的是", EN: "As I understand it, this is about"},
    "order": {ZH: "CJ2611-088213", EN: "CJ2611-088213"},
    "wanted": {ZH: "给我换一台新的", EN: "send me a new one"},
    "skip": {ZH: "跳过", EN: "Skip"},
    "ask_person": {ZH: "我要找真人客服", EN: "I want to talk to a real person"},
    "next": {ZH: "您是下一位", EN: "next"},
    "leave": {ZH: "不等了", EN: "Stop waiting"},
    "left": {ZH: "已为您取消排队", EN: "queue"},
    "nonsense": {ZH: "月亮背面能不能用你们的遥控器煮面条", EN: "can your remote boil noodles behind the moon"},
}


def words(name: str, language: Language) -> str:
    return WORDS[name][language]


async def claimed_by(desk: RunningDesk, agent: Agent) -> Handoff:
    """The representative takes the only conversation that waits."""

    async def waiting() -> tuple[Handoff, ...]:
        return await desk.rooms.agents.queue()

    [handoff] = await until(waiting)
    claim = await desk.rooms.agents.claim(handoff.id, agent)
    assert isinstance(claim, Claimed)
    return claim.handoff


async def settled(desk: RunningDesk, conversation_id: str) -> bool:
    """Whether no turn is due any more."""
    return await desk.rooms.store.next_due(conversation_id) is None


async def test_a_question_ends_in_an_answer_that_helped(customer: Customer, language: Language) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    await offered(customer, words("person", language))
    before = len(customer.house())
    await customer.say(words("question", language))
    await heard(customer, words("answer", language), since=before)
    await customer.press(words("helped", language))
    await heard(customer, words("glad", language), since=before)


async def test_a_complaint_ends_in_a_file_number_and_a_representatives_reply(
    desk: RunningDesk, customer: Customer, agent: Agent, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    await customer.say(words("complaint", language))
    await heard(customer, words("understood", language))
    number = NUMBER.search(await heard(customer, "TS"))
    assert number is not None
    await customer.say(words("order", language))

    async def order_is_filed() -> bool:
        return (await desk.rooms.cases.files.load(number[0])).case.order_number == words("order", language)

    # A serious complaint waits for a person at once; what is said after somebody took it is for that person.
    await until(order_is_filed)
    await customer.say(words("wanted", language))
    await customer.say(words("ask_person", language))
    handoff = await claimed_by(desk, agent)
    packet = handoff.packet
    assert packet.complaint is not None
    assert packet.complaint.number == number[0]
    assert handoff.language is language
    await heard(customer, "林静")
    conversation = handoff.conversation_id
    await until(lambda: settled(desk, conversation))
    for entry in ("您好，我已看到，马上为您安排换新。", "今天会有人联系您。"):
        await desk.rooms.agents.reply(conversation, agent, key=entry, text=entry, epoch=handoff.epoch)
        await heard(customer, entry)
    [case] = await desk.rooms.cases.files.of_conversation(conversation)
    assert (case.number, case.order_number) == (number[0], words("order", language))
    # The person owns the conversation: the bot says nothing more, whatever comes.
    before = [entry.seq for entry in await desk.rooms.store.entries(conversation) if entry.kind is EntryKind.BOT]
    for text in (words("question", language), "/restart", '/intent{"name":"greet"}'):
        await customer.say(text)
    await until(lambda: said(desk, conversation, '/intent{"name":"greet"}'))
    await until(lambda: settled(desk, conversation))
    after = [entry.seq for entry in await desk.rooms.store.entries(conversation) if entry.kind is EntryKind.BOT]
    assert after == before
    await desk.rooms.agents.note(conversation, agent, key="n1", text="内部：优先处理")
    await desk.rooms.agents.resolve(conversation, agent, epoch=handoff.epoch, outcome=Outcome.SOLVED)
    home = await desk.rooms.store.find(conversation)
    assert home is not None
    assert home.owner is Owner.BOT
    await customer.say(words("question", language))
    await heard(customer, words("answer", language))
    assert "内部" not in " ".join(customer.house())
    assert len([text for text in customer.house() if text.endswith("今天会有人联系您。")]) == 1


async def said(desk: RunningDesk, conversation_id: str, text: str) -> bool:
    """Whether the customer's text is stored."""
    return any(entry.text == text for entry in await desk.rooms.store.entries(conversation_id))


async def test_a_waiting_customer_knows_the_place_and_can_leave_the_queue(
    desk: RunningDesk, customer: Customer, agent: Agent, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    before = len(customer.house())
    await customer.press(words("person", language))
    await heard(customer, words("next", language), since=before)
    assert len(await desk.rooms.agents.queue()) == 1
    await customer.press(words("leave", language))
    await heard(customer, words("left", language), since=before + 1)

    async def nobody_waits() -> bool:
        return not await desk.rooms.agents.queue()

    await until(nobody_waits)


async def test_the_language_follows_the_customer_from_message_to_message(
    customer: Customer, language: Language
) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    for spoken in (ZH, EN, ZH):
        before = len(customer.house())
        await customer.say(words("question", spoken))
        answer = await heard(customer, "10:00–21:30", since=before)
        assert bool(re.search("[\u4e00-\u9fff]", answer)) is (spoken is ZH)


async def test_what_the_desk_does_not_know_it_says_and_offers_a_person(customer: Customer, language: Language) -> None:
    await customer.arrive()
    await heard(customer, words("hello", language))
    before = len(customer.house())
    await customer.say(words("nonsense", language))
    await until(lambda: len(customer.house()) > before)
    await offered(customer, words("person", language))
    assert words("answer", language) not in " ".join(customer.house()[before:])
