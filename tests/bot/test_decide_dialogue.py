"""tests: several questions in one message, follow-ups, anger, sounds, and what a waiting customer hears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import Owner
from bot.decide import decide
from bot.decisions import Answer, Clarify, Decision, RecordMiss, TellDesk
from bot.policy.situation import How, Looked, Situation
from bot.state import AnswerGiven, DialogueState, Expects, Field, Topic
from knowledge_base.contracts import Level, SearchResult
from nlu.contracts import ComplaintReading, Scored, Severity
from tests.bot.support.policy import CASE, POLICY, filling, keys, kinds, looked, options, pressed, situation
from tests.bot.support.scripted import NO_COMPLAINT, UNKNOWN, article, complaint, found, place, understood
from tests.support.clock import START

SURE = found(Level.SURE, article("fee"))
OTHER = found(Level.SURE, article("invoice"))
UNSURE = found(Level.UNSURE, article("a", confidence=0.4), article("b", confidence=0.3))
TOPIC = Topic(question="运费多少", title="title of fee", article_id="id-fee", at=START)
GIVEN = AnswerGiven(turn_id="turn-0", article_id="id-fee", version=3, title="title of fee", question="运费多少")


def asked(*parts: tuple[str, SearchResult], whole: SearchResult = UNSURE) -> Situation:
    """A message with several questions."""
    text = " ".join(text for text, _ in parts)
    each = tuple(Looked(how=How.ALONE, text=text, result=result) for text, result in parts)
    return situation(text, understanding=understood(text), result=whole, parts=each)


def said(text: str, read: ComplaintReading = NO_COMPLAINT, **changes: object) -> Decision:
    """What is decided about a text that the base does not know."""
    return decide(situation(text, understanding=understood(text, complaint=read), result=UNKNOWN, **changes), POLICY)


def test_two_questions_get_two_answers() -> None:
    decision = decide(asked(("运费多少?", SURE), ("发票怎么开?", OTHER)), POLICY)
    assert [action.match.key for action in decision.actions if isinstance(action, Answer)] == ["fee", "invoice"]
    assert (decision.name, decision.rule) == ("answer", "answering.several")


def test_one_answer_and_a_choice_for_the_other_question() -> None:
    decision = decide(asked(("运费多少?", SURE), ("那个怎么弄?", UNSURE)), POLICY)
    assert kinds(decision) == ["Answer", "Clarify"]
    [clarify] = [action for action in decision.actions if isinstance(action, Clarify)]
    assert clarify.line.key == "bot.answer.rest_unsure"


def test_one_answer_and_the_honest_word_about_the_other_question() -> None:
    decision = decide(asked(("how much is delivery?", SURE), ("do you sell tickets?", UNKNOWN)), POLICY)
    assert keys(decision) == ["bot.answer.rest_unknown"]
    assert [action.question for action in decision.actions if isinstance(action, RecordMiss)] == [
        "do you sell tickets?"
    ]


def test_words_around_one_question_are_no_second_question() -> None:
    decision = decide(asked(("运费多少?", SURE), ("我在上海", UNKNOWN), whole=SURE), POLICY)
    assert decision.rule == "answering.sure"
    assert decide(asked(("运费多少?", SURE), ("运费贵不贵?", SURE)), POLICY).rule == "answering.unsure"


def test_an_answer_becomes_the_topic_and_a_follow_up_keeps_it_understandable() -> None:
    first = decide(situation("运费多少", understanding=understood("运费多少"), result=SURE), POLICY)
    assert first.state.topic == replace(TOPIC, question="运费多少")
    more = situation("那发票呢", state=first.state, understanding=understood("那发票呢"), result=OTHER)
    follow = replace(more, looked=looked(OTHER, "那发票呢", how=How.FOLLOW_UP))
    assert decide(follow, POLICY).state.topic == replace(
        TOPIC, question="title of invoice", title="title of invoice", article_id="id-invoice"
    )


def test_the_same_article_meant_again_is_said_to_be_the_same() -> None:
    seen = situation("那冰箱呢", state=DialogueState(topic=TOPIC), understanding=understood("那冰箱呢"))
    decision = decide(replace(seen, looked=looked(SURE, "那冰箱呢", how=How.FOLLOW_UP)), POLICY)
    assert keys(decision) == ["bot.answer.same"]


def test_a_complaint_or_a_person_ends_the_topic() -> None:
    state = DialogueState(topic=TOPIC)
    assert decide(pressed("human", state=state, desk=place()), POLICY).state.topic is None


@pytest.mark.parametrize("text", ["气死我了", "什么破公司", "this is ridiculous", "I'm so fed up!!"])
def test_anger_alone_gets_sympathy_a_complaint_and_a_person(text: str) -> None:
    seen = situation(text, understanding=understood(text, complaint=complaint()), result=UNKNOWN)
    decision = decide(seen, POLICY)
    assert (keys(decision), options(decision)) == (["bot.upset.first"], ["human", "case:new"])
    again = decide(replace(seen, state=DialogueState(misses=1)), POLICY)
    assert keys(again) == ["bot.upset.again"]


def test_anger_with_a_story_or_danger_is_a_complaint() -> None:
    story = "气死我了，洗衣机用了一天就坏了"
    assert said(story, complaint()).name == "open_case"
    assert said("无语", complaint(severity=Severity.CRITICAL, rule="regulator")).name == "hand_over"


def test_a_faint_mood_is_no_anger() -> None:
    faint = replace(NO_COMPLAINT, mood=Scored(name="angry", confidence=0.4))
    text = "你们卖飞机票吗"
    assert (
        decide(situation(text, understanding=understood(text, complaint=faint), result=UNKNOWN), POLICY).name
        == "unknown"
    )


def test_anger_in_the_form_is_heard_and_the_question_stands() -> None:
    seen = situation(
        "气死我了", state=filling(Field.ORDER_NUMBER), understanding=understood("气死我了"), result=UNKNOWN
    )
    decision = decide(seen, POLICY)
    assert (decision.rule, keys(decision)) == ("form.upset", ["bot.upset.form"])
    assert kinds(decision) == ["AmendCase", "Say", "Ask"]


def test_more_of_the_story_in_place_of_a_number_is_thanked_for() -> None:
    text = "其实昨天晚上就开始有问题了"
    seen = situation(text, state=filling(Field.ORDER_NUMBER), understanding=understood(text), result=UNKNOWN)
    assert keys(decide(seen, POLICY)) == ["bot.form.noted_more"]


def test_a_corrected_order_number_is_repeated_back() -> None:
    text = "订单号错了，是CJ2611-088214"
    heard = understood(text, order_number="CJ2611-088214")
    state = filling(Field.WANTED, Field.WHAT_HAPPENED, Field.ORDER_NUMBER)
    decision = decide(situation(text, state=state, understanding=heard, result=UNKNOWN), POLICY)
    assert keys(decision) == ["bot.form.noted.order_number"]


def test_an_account_that_is_clear_gives_a_file_of_no_category_one() -> None:
    text = "刚用一周就漏水了"
    read = replace(complaint("repair_warranty"), is_complaint=False)
    state = replace(filling(Field.WHAT_HAPPENED), case=replace(CASE, category="other"))
    decision = decide(
        situation(text, state=state, understanding=understood(text, complaint=read), result=UNKNOWN), POLICY
    )
    assert decision.state.case is not None
    assert decision.state.case.category == "repair_warranty"


def test_an_announced_complaint_shows_no_category_nobody_named() -> None:
    text = "我要投诉"
    unclear = replace(complaint("other", others=()), categories=(Scored(name="other", confidence=0.3),))
    decision = decide(situation(text, understanding=understood(text, complaint=unclear), result=UNKNOWN), POLICY)
    assert keys(decision)[:2] == ["bot.complaint.sorry", "bot.complaint.filed"]


@pytest.mark.parametrize("text", ["显示签收了但我没收到，怎么回事？", "it says delivered but nothing came, what now?"])
def test_a_mild_complaint_that_asks_what_the_base_knows_gets_the_answer_and_the_button_to_complain(text: str) -> None:
    seen = situation(text, understanding=understood(text, complaint=complaint("delivery")), result=SURE)
    decision = decide(seen, POLICY)
    assert decision.rule == "answering.sure"
    assert "case:new" in options(decision)
    angry = replace(seen, text=f"{text} 太差了")
    assert decide(angry, POLICY).name == "open_case"


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "+86 138-0013-8000。"])
def test_a_phone_number_alone_is_not_answered_with_ours(text: str) -> None:
    heard = understood(text, intent="give_order_number", confidence=0.4, phone="13800138000")
    decision = decide(situation(text, understanding=heard, result=SURE), POLICY)
    assert (decision.rule, keys(decision)) == ("greeting.phone_number", ["bot.small.phone_number"])
    assert options(decision) == ["human"]
    asked = understood("13800138000是你们吗", phone="13800138000")
    assert decide(situation("13800138000是你们吗", understanding=asked, result=SURE), POLICY).rule == "answering.sure"


def test_an_order_number_alone_is_noted_and_not_answered_with_where_to_find_one() -> None:
    heard = understood("CJ2611-088213", intent="give_order_number", confidence=0.99, order_number="CJ2611-088213")
    seen = situation("CJ2611-088213", understanding=heard, result=SURE)
    assert keys(decide(seen, POLICY)) == ["bot.order_number.noted", "bot.order_number.what_for"]
    known = replace(seen, state=DialogueState(question="退款到哪了"))
    assert keys(decide(known, POLICY)) == ["bot.order_number.noted", "bot.order_number.look_up"]


@pytest.mark.parametrize("text", ["啊", "喂", "um", "Hmm..."])
def test_a_mere_sound_hears_that_somebody_is_there(text: str) -> None:
    assert keys(decide(situation(text, understanding=understood(text), result=UNSURE), POLICY)) == ["bot.hello_again"]


@pytest.mark.parametrize("text", ["嗯", "k", "OK!"])
def test_the_shortest_yes_is_one(text: str) -> None:
    assert keys(said(text)) == ["bot.small.affirm"]
    assert said(text, state=DialogueState(expects=Expects.PERSON)).rule == "person.accepted"


@pytest.mark.parametrize("text", ["怎么还没人", "还要多久啊", "how much longer?", "anyone there?"])
def test_who_asks_about_the_wait_hears_sorry_and_the_place(text: str) -> None:
    seen = situation(text, owner=Owner.QUEUE, place=place(ahead=2), understanding=understood(text), result=UNKNOWN)
    decision = decide(seen, POLICY)
    assert keys(decision) == ["bot.waiting.sorry", "bot.waiting.ahead"]
    assert TellDesk() not in decision.actions


@pytest.mark.parametrize("text", ["不等了", "不用了", "stop waiting", "never mind"])
def test_a_waiting_customer_leaves_in_words(text: str) -> None:
    seen = situation(text, owner=Owner.QUEUE, place=place(), understanding=understood(text), result=UNKNOWN)
    assert "LeaveQueue" in kinds(decide(seen, POLICY))


def test_what_a_waiting_customer_adds_is_told_to_the_desk() -> None:
    text = "洗衣机一直漏水"
    seen = situation(text, owner=Owner.QUEUE, place=place(ahead=2), understanding=understood(text), result=UNKNOWN)
    decision = decide(seen, POLICY)
    assert TellDesk() in decision.actions
    assert decision.state.unanswered == (text,)


@pytest.mark.parametrize(("choice", "helped"), [("helped:yes", True), ("helped:no", False)])
def test_the_same_feedback_twice_is_taken_once(choice: str, *, helped: bool) -> None:
    seen = pressed(choice, answer=GIVEN, state=DialogueState(answer=GIVEN))
    first = decide(seen, POLICY)
    assert "RecordHelped" in kinds(first)
    again = decide(replace(seen, helped=helped, state=first.state), POLICY)
    assert (kinds(again), keys(again)) == (["Say"], ["bot.helped.known"])
    assert again.state.misses == first.state.misses
    changed = decide(replace(seen, helped=not helped), POLICY)
    assert "RecordHelped" in kinds(changed)


def test_an_order_number_is_noted_also_where_the_search_is_surer() -> None:
    number = "CJ2611-088213"
    heard = understood(number, intent="give_order_number", confidence=0.8, order_number=number)
    assert decide(situation(number, understanding=heard, result=SURE), POLICY).rule == "greeting.order_number"
    asks = understood(f"{number}怎么还没到", intent="give_order_number", confidence=0.8, order_number=number)
    assert decide(situation(f"{number}怎么还没到", understanding=asks, result=SURE), POLICY).rule == "answering.sure"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("谢谢，再见", "bot.small.thanks"),
        ("好的，没有别的问题了，谢谢您", "bot.small.thanks"),
        ("ok thank you so much, bye!", "bot.small.thanks"),
        ("什么意思", "bot.puzzled"),
        ("I don't understand.", "bot.puzzled"),
        ("好", "bot.small.affirm"),
    ],
)
def test_courtesy_and_puzzlement_are_not_searched_for(text: str, key: str) -> None:
    assert keys(decide(situation(text, understanding=understood(text), result=SURE), POLICY)) == [key]


def test_courtesy_before_a_question_hides_nothing() -> None:
    text = "好的谢谢，那门店几点关门"
    assert decide(situation(text, understanding=understood(text), result=SURE), POLICY).rule == "answering.sure"


@pytest.mark.parametrize("text", ["投诉", "complaint"])
def test_the_word_alone_is_a_complaint(text: str) -> None:
    assert decide(situation(text, understanding=understood(text), result=SURE), POLICY).name == "open_case"
