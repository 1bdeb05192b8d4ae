"""What a waiting customer may do instead of waiting: a message, a call-back, and the number to call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import AddContact, Decision, MakePromise
from bot.inbox import CHOICE
from bot.state import DialogueState, Expects
from handoff.contracts import DayPart, FreeSlot, PromiseKind, WaitRange
from kit.contracts import Language
from knowledge_base.contracts import Level
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, keys, kinds, options, pressed, situation
from tests.bot.support.scripted import UNKNOWN, article, found, place, understood
from tests.bot.support.talk import Talk, choices_of
from tests.support.clock import START

SLOTS = tuple(
    FreeSlot(begins_at=START + timedelta(hours=hour), day=START.date(), part=part)
    for hour, part in enumerate([DayPart.MORNING] * 2 + [DayPart.AFTERNOON] * 5 + [DayPart.EVENING] * 4, start=1)
)
TOLD = DialogueState(expects=Expects.MESSAGE)


def at(slot: FreeSlot) -> str:
    """The id of a slot's button, in characters that the inbox takes back."""
    name = f"callback:at:{slot.begins_at:%Y%m%dT%H%M}Z"
    assert CHOICE.match(name)
    return name


def waiting(choice: str, **changes: object) -> Decision:
    return decide(pressed(choice, owner=Owner.QUEUE, place=place(), **changes), POLICY)


def said(text: str, state: DialogueState, *, owner: Owner = Owner.QUEUE) -> Decision:
    seen = situation(text, owner=owner, state=state, understanding=understood(text), result=UNKNOWN, place=place())
    return decide(seen, POLICY)


def test_many_slots_are_chosen_by_part_of_the_day_first() -> None:
    decision = waiting("callback", slots=SLOTS)
    day = START.date().isoformat()
    assert options(decision) == [
        *(f"callback:part:{day}:{part}" for part in ("morning", "afternoon", "evening")),
        "leave_queue",
    ]
    afternoon = waiting(f"callback:part:{day}:afternoon", slots=SLOTS)
    assert options(afternoon) == [
        *map(at, SLOTS[2:7]),
        "leave_queue",
    ]


def test_few_slots_are_shown_at_once_and_none_leave_a_message_or_the_queue() -> None:
    assert len(options(waiting("callback", slots=SLOTS[:3]))) == 4
    assert options(waiting("callback")) == ["message", "leave_queue"]


def test_a_chosen_slot_is_booked_and_the_number_asked_for() -> None:
    decision = waiting(at(SLOTS[0]), slots=SLOTS)
    [action] = decision.actions
    assert isinstance(action, MakePromise)
    assert (action.wanted.kind, action.wanted.begins_at) == (PromiseKind.CALLBACK, SLOTS[0].begins_at)
    assert decision.state.expects is Expects.CONTACT


@pytest.mark.parametrize("choice", ["callback:at:tomorrow", "callback:at:2026-11-21T03:00:00+00:00", "callback:at:"])
def test_a_button_nobody_made_says_that_it_is_gone(choice: str) -> None:
    assert keys(waiting(choice, slots=SLOTS)) == ["bot.press.gone"]


@pytest.mark.parametrize("choice", ["callback", "message"])
def test_who_does_not_wait_is_told_so(choice: str) -> None:
    assert keys(decide(pressed(choice), POLICY)) == ["bot.waiting.not_waiting"]


def test_the_words_asked_for_are_the_message_whatever_they_sound_like() -> None:
    decision = said("我要投诉，洗衣机坏了，电话 13800138000", TOLD)
    [action] = decision.actions
    assert isinstance(action, MakePromise)
    assert (action.wanted.kind, action.wanted.words) == (
        PromiseKind.MESSAGE,
        "我要投诉，洗衣机坏了，电话 13800138000",
    )


def test_who_thinks_better_of_it_waits_on_and_a_person_or_danger_still_come_first() -> None:
    assert keys(said("算了", TOLD)) == ["bot.promise.still_waiting"]
    assert said("转人工", TOLD).rule == "person.asked"
    assert said("冒烟了着火了", TOLD).rule.startswith(("person.danger", "complaint"))


@pytest.mark.parametrize("text", ["13800138000", "mei@example.com"])
def test_a_number_for_the_call_back_is_noted(text: str) -> None:
    decision = said(text, DialogueState(expects=Expects.CONTACT), owner=Owner.BOT)
    assert kinds(decision) == ["AddContact", "Say"]
    [action] = [one for one in decision.actions if isinstance(one, AddContact)]
    assert action.contact == text


@pytest.mark.parametrize("text", ["CJ2611-088213", "微信支付失败了吗 SF1234567890"])
def test_an_order_or_a_parcel_is_no_number_to_call(text: str) -> None:
    state = DialogueState(expects=Expects.SLOT)
    heard = understood(text, order_number=text) if text.startswith("CJ") else understood(text)
    seen = situation(text, owner=Owner.QUEUE, state=state, understanding=heard, result=UNKNOWN, place=place())
    assert not decide(seen, POLICY).rule.startswith("promise.")


@pytest.mark.parametrize(
    ("text", "phone", "kept"),
    [
        ("13800138000", "13800138000", "13800138000"),
        ("我的号码是 138 0013 8000", "138 0013 8000", "138 0013 8000"),
        ("020 7946 0958", "", "020 7946 0958"),
        ("mei@example.com", "", "mei@example.com"),
    ],
)
def test_a_number_before_the_time_is_kept_and_the_times_stay(text: str, phone: str, kept: str) -> None:
    hotline = found(Level.SURE, article("hotline"))
    offered = tuple((at(slot), "") for slot in SLOTS[2:7])
    seen = situation(
        text,
        owner=Owner.QUEUE,
        state=DialogueState(expects=Expects.SLOT, offered=offered),
        understanding=understood(text, phone=phone) if phone else understood(text),
        result=hotline,
        place=place(),
        slots=SLOTS,
    )
    decision = decide(seen, POLICY)
    assert keys(decision) == ["bot.promise.contact_noted", "bot.promise.which_slot"]
    assert options(decision) == [*map(at, SLOTS[2:7]), "leave_queue"]
    assert (decision.state.contact, decision.state.expects) == (kept, Expects.SLOT)
    booked = decide(pressed(at(SLOTS[3]), owner=Owner.QUEUE, place=place(), state=decision.state), POLICY)
    [action] = booked.actions
    assert isinstance(action, MakePromise)
    assert action.wanted.contact == kept
    assert action.after is not None
    assert [line.key for line in action.after.lines] == ["bot.promise.contact_noted"]


def test_a_number_of_who_waits_is_no_question_and_a_question_with_a_number_is_one() -> None:
    hotline = found(Level.SURE, article("hotline"))
    for text, rule in (("打我 13800138000", "waiting.contact"), ("400-820-5566 是你们的吗", "waiting.answer")):
        phone = next(part for part in text.split() if part[0].isdigit())
        seen = situation(
            text, owner=Owner.QUEUE, understanding=understood(text, phone=phone), result=hotline, place=place()
        )
        assert decide(seen, POLICY).rule == rule


def test_anything_else_after_a_booking_is_heard_as_ever() -> None:
    decision = said("你们几点关门", DialogueState(expects=Expects.CONTACT), owner=Owner.BOT)
    assert not [one for one in decision.actions if isinstance(one, AddContact)]


def test_the_estimate_stands_behind_the_place() -> None:
    wait = WaitRange(low=timedelta(minutes=3), high=timedelta(minutes=7))
    desk = pressed("human", desk=replace(place(ahead=2), wait=wait, limit_minutes=45))
    assert keys(decide(desk, POLICY)) == [
        "bot.waiting.called",
        "bot.waiting.ahead",
        "bot.waiting.wait.between",
        "bot.waiting.limit",
    ]


FIRST = {Language.ZH: "今天 11:00", Language.EN: "Call me today at 11:00"}
"""What stands on the first slot's button."""
BOTH = pytest.mark.parametrize(
    ("language", "person", "call", "leave_word"),
    [
        (Language.ZH, "转人工", "约回电", "留言"),
        (Language.EN, "talk to a person", "Book a call-back", "Leave a message"),
    ],
)


@BOTH
async def test_a_call_back_is_booked_by_buttons_or_their_words(
    sqlite_parts: Parts, language: Language, person: str, call: str, leave_word: str
) -> None:
    talk = Talk(parts=sqlite_parts)
    for text in (person, call, FIRST[language], "13800138000"):
        talk.understand.hear(text, language)
    talk.desk.free = SLOTS[:2]
    assert choices_of(await talk.say(person)) == ["callback", "message", "leave_queue"]
    which = await talk.say(call)
    assert choices_of(which)[0] == at(SLOTS[0])
    asked = (await talk.say(FIRST[language]))[-1]
    assert [wanted.begins_at for wanted in talk.desk.promised] == [SLOTS[0].begins_at]
    assert asked.text == talk.wording.texts("bot.promise.ask_contact", language)
    assert (await talk.conversation()).owner is Owner.BOT
    [noted] = await talk.say("13800138000")
    assert "13800138000" in noted.text
    assert talk.desk.contacts == ["13800138000"]


@BOTH
async def test_a_number_typed_in_place_of_a_time_goes_with_the_call_back(
    sqlite_parts: Parts, language: Language, person: str, call: str, leave_word: str
) -> None:
    talk = Talk(parts=sqlite_parts)
    for text in (person, call, FIRST[language], "13800138000"):
        talk.understand.hear(text, language)
    talk.search.know("13800138000", Level.SURE, article("hotline", language))
    talk.desk.free = SLOTS[:2]
    await talk.say(person)
    await talk.say(call)
    again = await talk.say("13800138000")
    assert choices_of(again) == [*map(at, SLOTS[:2]), "leave_queue"]
    assert "13800138000" in again[0].text
    noted = (await talk.say(FIRST[language]))[-1]
    assert [(one.begins_at, one.contact) for one in talk.desk.promised] == [(SLOTS[0].begins_at, "13800138000")]
    assert noted.text == talk.wording.texts("bot.promise.contact_noted", language, contact="13800138000")


@BOTH
async def test_a_slot_taken_meanwhile_leaves_the_customer_in_the_queue(
    sqlite_parts: Parts, language: Language, person: str, call: str, leave_word: str
) -> None:
    talk = Talk(parts=sqlite_parts)
    for text in (person, call, FIRST[language]):
        talk.understand.hear(text, language)
    talk.desk.free = SLOTS[:2]
    await talk.say(person)
    await talk.say(call)
    talk.desk.free = ()
    [gone] = await talk.say(FIRST[language])
    assert gone.text == talk.wording.texts("bot.promise.slot_gone", language)
    assert (await talk.conversation()).owner is Owner.QUEUE


@BOTH
async def test_a_message_is_left_in_two_steps(
    sqlite_parts: Parts, language: Language, person: str, call: str, leave_word: str
) -> None:
    talk = Talk(parts=sqlite_parts)
    words = "发票抬头要改成 ABC"
    for text in (person, leave_word, words):
        talk.understand.hear(text, language)
    await talk.say(person)
    [ask] = await talk.say(leave_word)
    assert ask.text == talk.wording.texts("bot.promise.ask_message", language)
    await talk.say(words)
    assert [(wanted.kind, wanted.words) for wanted in talk.desk.promised] == [(PromiseKind.MESSAGE, words)]
