"""tests: whole conversations in both languages; nlu, base, files and queue follow a script, the rest is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.contracts import Owner
from bot.state import state_from_json
from cases.contracts import CaseStatus
from handoff.contracts import HandoffReason, Urgency
from kit.contracts import Language
from knowledge_base.contracts import Level
from nlu.contracts import Severity
from tests.bot.support.desk import Parts
from tests.bot.support.scripted import article, complaint, place
from tests.bot.support.talk import Talk, choices_of


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a customer types in one language, and what must be found in the replies."""

    language: Language
    broken: str
    order: str
    question: str
    wanted: str
    contact: str
    number: str
    understood: str
    status: str
    found: str


ZH = Words(
    language=Language.ZH,
    broken="洗衣机用了一天就坏了",
    order="订单CJ2611-088213",
    question="换货运费谁出?",
    wanted="给我换台新的",
    contact="13800138000",
    number="编号 TS2611-000001",
    understood="我理解您反映的是：商品质量问题",
    status="我的投诉到哪了",
    found="TS2611-000001 · 商品质量问题 · 已受理（11 月 21 日 登记）",
)
EN = Words(
    language=Language.EN,
    broken="the washer broke after one day",
    order="order CJ2611-088213",
    question="who pays for the exchange shipping?",
    wanted="send me a new one",
    contact="13800138000",
    number="on file: TS2611-000001",
    understood="this is about: product quality",
    status="where is my complaint",
    found="TS2611-000001 · product quality · taken up (filed 11/21)",
)


@pytest.fixture(params=[ZH, EN], ids=["zh", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    """Both languages in turn."""
    found: Words = request.param
    return found


@pytest.fixture
def talk(sqlite_parts: Parts, words: Words) -> Talk:
    """A bot that understands the customer's words."""
    talk = Talk(parts=sqlite_parts)
    language = words.language
    talk.understand.hear(words.broken, language, complaint=complaint(), intent="complaint")
    talk.understand.hear(words.order, language, intent="give_order_number", order_number="CJ2611-088213")
    talk.understand.hear(words.contact, language, phone="13800138000")
    talk.understand.hear(words.status, language, intent="complaint_status")
    talk.understand.hear(words.question, language, intent="exchange_request")
    talk.understand.hear(words.wanted, language)
    talk.search.know(words.question, Level.SURE, article("exchange-shipping", language))
    return talk


async def test_a_complaint_from_the_first_word_to_the_status(talk: Talk, words: Words) -> None:
    heard = await talk.say(words.broken)
    assert words.understood in heard[0].text
    assert words.number in heard[1].text
    answered = await talk.say(words.question)
    assert answered[0].text == "**answer** of exchange-shipping"
    assert "CJ2611-088213" in answered[1].text, "the form goes on with the order number"
    await talk.say(words.order)
    await talk.say(words.wanted)
    done = await talk.say(words.contact)
    assert "TS2611-000001" in done[-1].text
    [case] = talk.cases.files.values()
    assert (case.order_number, case.wanted, case.contact) == ("CJ2611-088213", words.wanted, "13800138000")
    assert case.what_happened == words.broken
    status = await talk.say(words.status)
    assert words.found in status[0].text
    assert state_from_json((await talk.conversation()).state).form is None


async def test_a_wrong_category_is_corrected_and_a_complaint_is_taken_back(talk: Talk, words: Words) -> None:
    heard = await talk.say(words.broken)
    assert "form:category:delivery" in choices_of(heard)
    corrected = await talk.press("form:category:delivery", to_seq=heard[0].seq)
    [case] = talk.cases.files.values()
    assert case.category == "delivery"
    assert len(corrected) == 2, "the correction is confirmed and the form goes on"
    stopped = await talk.press("form:cancel")
    assert "form:withdraw" in choices_of(stopped)
    assert next(iter(talk.cases.files.values())).status is CaseStatus.OPEN
    await talk.press("form:withdraw")
    assert next(iter(talk.cases.files.values())).status is CaseStatus.WITHDRAWN


async def test_a_customer_who_leaves_after_one_sentence_has_a_file(talk: Talk, words: Words) -> None:
    await talk.say(words.broken)
    [case] = talk.cases.files.values()
    assert (case.what_happened, case.language) == (words.broken, words.language)


async def test_a_serious_complaint_waits_for_a_person_with_everything_said(talk: Talk, words: Words) -> None:
    talk.desk.now_place = place(ahead=2)
    serious = complaint("delivery", Severity.SERIOUS, wants=("refund", "apology"), evidence=("broke",))
    talk.understand.hear(words.broken, words.language, complaint=serious)
    replies = await talk.say(words.broken)
    told = {Language.ZH: "前面还有 2 位。", Language.EN: "There are 2 people ahead of you."}
    assert told[words.language] in replies[-1].text
    handoff = talk.desk.waiting[talk.conversation_id]
    assert (handoff.reason, handoff.urgency) == (HandoffReason.COMPLAINT, Urgency.SERIOUS)
    note = handoff.packet.complaint
    assert note is not None
    wants = {Language.ZH: "退款、道歉", Language.EN: "Refund, Apology"}
    assert (note.number, note.severity, note.wanted) == ("TS2611-000001", "serious", wants[words.language])
    await talk.say(words.order)
    [case] = talk.cases.files.values()
    assert case.order_number == "CJ2611-088213"
    assert (await talk.conversation()).owner is Owner.QUEUE


async def test_at_night_the_customer_hears_when_people_are_back(talk: Talk, words: Words) -> None:
    opening = talk.parts.clock() + timedelta(hours=22, minutes=30)
    talk.desk.now_place = place(open_now=False, agents=0, opens_at=opening)
    [told] = await talk.press("human")
    said = {Language.ZH: "明天 8:30 开始", Language.EN: "tomorrow at 8:30"}
    await talk.say(words.question)
    again = await talk.press("human")
    assert said[(await talk.conversation()).language] in again[0].text
    assert said[Language.ZH] in told.text


async def test_unsure_then_none_of_these_then_a_person(talk: Talk, words: Words) -> None:
    first, second = article("a", words.language), article("b", words.language)
    talk.search.know(words.wanted, Level.UNSURE, first, second)
    [clarify] = await talk.say(words.wanted)
    assert choices_of([clarify]) == ["article:id-a", "article:id-b", "none", "human"]
    await talk.press("none", to_seq=clarify.seq)
    assert [miss.why for miss in talk.search.misses] == ["unsure"]
    await talk.press("human")
    packet = talk.desk.waiting[talk.conversation_id].packet
    assert packet.want == words.wanted
    assert [attempt.decision for attempt in packet.attempts] == ["clarify"]


async def test_slash_commands_are_just_text(talk: Talk, words: Words) -> None:
    for text in ('/intent{"a": 1}', "/restart", "/start"):
        talk.understand.hear(text, words.language)
        assert await talk.say(text)
    assert (await talk.entries())[0].text == '/intent{"a": 1}'


async def test_a_state_nobody_can_read_any_more_does_not_stop_the_conversation(talk: Talk, words: Words) -> None:
    await talk.say(words.question)
    assert (
        state_from_json({"form": 7, "case": {"id": "x"}, "misses": "many", "answer": [], "expects": "?"}).form is None
    )
    assert state_from_json(None).misses == 0
