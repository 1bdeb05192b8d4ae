"""tests: what the bot decides, situation by situation, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.contracts import InboundKind, Owner
from bot.decide import decide
from bot.decisions import Answer, Clarify, Decision, HandOver, KeepFile, RecordHelped, RecordMiss
from bot.policy.situation import How, Looked
from bot.state import AnswerGiven, DialogueState, Expects, state_from_json, state_to_json
from handoff.contracts import HandoffReason, Urgency
from kit.contracts import Language
from knowledge_base.contracts import ArticleAction, Helped, Level, Match
from nlu.contracts import UNKNOWN as UNKNOWN_INTENT
from nlu.contracts import Scored, Severity
from tests.bot.support.policy import CASE, POLICY, keys, kinds, looked, options, pressed, situation
from tests.bot.support.scripted import NO_COMPLAINT, UNKNOWN, article, found, place, understood

BOTH = pytest.mark.parametrize("language", list(Language))
RETURNS, REFUND, INVOICE = article("returns"), article("refund", confidence=0.5), article("invoice", confidence=0.4)
SURE = found(Level.SURE, RETURNS, REFUND, INVOICE)
UNSURE = found(Level.UNSURE, REFUND, RETURNS, INVOICE, article("fourth"))


@BOTH
def test_a_new_conversation_is_greeted_with_what_the_bot_can_do_and_a_way_to_a_person(language: Language) -> None:
    decision = decide(situation(kind=InboundKind.START, language=language), POLICY)
    assert keys(decision) == ["bot.hello", "bot.hello_can"]
    assert options(decision) == ["human"]
    assert decision.state.greeted


def test_a_sure_match_is_answered_and_asked_whether_it_helped() -> None:
    decision = decide(situation("怎么退货", understanding=understood("怎么退货"), result=SURE), POLICY)
    assert (decision.name, decision.rule) == ("answer", "answering.sure")
    assert decision.match == RETURNS
    assert options(decision) == ["helped:yes", "helped:no"]
    assert decision.state.answer is not None
    assert decision.state.answer.others == (("id-refund", "title of refund"), ("id-invoice", "title of invoice"))
    assert decision.state.expects is Expects.HELPED


@pytest.mark.parametrize("intent", ["greet", "thanks", "small_talk", "goodbye", "affirm"])
def test_no_greeting_or_small_talk_hides_a_sure_match(intent: str) -> None:
    heard = understood("你好 怎么退货", intent=intent, confidence=0.99)
    decision = decide(situation("你好 怎么退货", understanding=heard, result=SURE), POLICY)
    assert decision.rule == "answering.sure"


def far_off(text: str, match: Match = RETURNS, *, confidence: float = 0.7) -> Decision:
    heard = understood(text, intent=UNKNOWN_INTENT, confidence=confidence)
    return decide(situation(text, understanding=heard, result=found(Level.SURE, match, REFUND)), POLICY)


def test_where_the_search_is_sure_and_the_matter_sounds_foreign_the_customer_is_asked_back() -> None:
    decision = far_off("附近有好吃的吗")
    assert (decision.name, decision.rule) == ("clarify", "answering.doubted")
    assert options(decision) == ["article:id-returns", "none", "human"]
    chosen = decide(pressed("article:id-returns", state=decision.state, shown=RETURNS), POLICY)
    assert chosen.rule == "answering.chosen"


def test_what_was_talked_about_before_makes_a_foreign_matter_no_nearer() -> None:
    sure = found(Level.SURE, RETURNS)
    leaning = Looked(how=How.FOLLOW_UP, text="附近有好吃的吗", result=sure, behind="退货运费", alone=sure, context=sure)
    heard = understood("附近有好吃的吗", intent=UNKNOWN_INTENT, confidence=0.7)
    asked = situation("附近有好吃的吗", understanding=heard, looked=leaning)
    assert decide(asked, POLICY).rule == "answering.doubted"
    added = replace(asked, text="那冰箱呢", looked=replace(leaning, text="那冰箱呢"))
    assert decide(added, POLICY).rule == "answering.sure"


def test_an_articles_own_words_and_a_faint_doubt_are_answered() -> None:
    assert far_off("怎么退货", replace(RETURNS, similarity=1.0)).rule == "answering.sure"
    assert far_off("怎么退货", confidence=0.59).rule == "answering.sure"


def test_an_article_in_the_other_language_is_shown_with_a_word_about_it() -> None:
    foreign = found(Level.SURE, article("warranty", Language.EN))
    decision = decide(situation("保修", understanding=understood("保修"), result=foreign), POLICY)
    assert kinds(decision) == ["Say", "Answer"]
    assert keys(decision) == ["bot.answer.other_language"]


def test_an_unsure_match_gives_three_choices_none_of_these_and_a_person() -> None:
    decision = decide(situation("退款", understanding=understood("退款"), result=UNSURE), POLICY)
    assert isinstance(decision.actions[0], Clarify)
    assert options(decision) == ["article:id-refund", "article:id-returns", "article:id-invoice", "none", "human"]
    assert decision.state.misses == 0


def test_a_far_off_question_gets_no_choices_that_have_nothing_to_do_with_it() -> None:
    heard = understood("今天天气怎么样", intent=UNKNOWN_INTENT, confidence=0.95)
    decision = decide(situation("今天天气怎么样", understanding=heard, result=UNSURE), POLICY)
    assert (decision.name, keys(decision)) == ("unknown", ["bot.unknown.far_off"])


def test_the_first_miss_is_honest_and_the_second_in_a_row_offers_a_person_unasked() -> None:
    asked = situation("火星能送货吗", understanding=understood("火星能送货吗"), result=UNKNOWN)
    first = decide(asked, POLICY)
    assert (first.name, keys(first), options(first)) == ("unknown", ["bot.unknown.first"], ["human"])
    assert RecordMiss(question="火星能送货吗", why="unknown") in first.actions
    second = decide(replace(asked, state=first.state), POLICY)
    assert (second.name, keys(second)) == ("offer_human", ["bot.unknown.again"])
    assert second.state.expects is Expects.PERSON


def test_an_answer_between_two_misses_starts_the_count_again() -> None:
    missed = decide(situation("a b", understanding=understood("a b"), result=UNKNOWN), POLICY)
    answered = decide(situation("c", state=missed.state, understanding=understood("c"), result=SURE), POLICY)
    again = decide(situation("d e", state=answered.state, understanding=understood("d e"), result=UNKNOWN), POLICY)
    assert again.name == "unknown"


def test_an_upset_customer_is_offered_a_person_at_the_first_miss() -> None:
    angry = replace(NO_COMPLAINT, mood=Scored(name="angry", confidence=0.9))
    decision = decide(situation("说人话", understanding=understood("说人话", complaint=angry), result=UNKNOWN), POLICY)
    assert decision.name == "offer_human"


@pytest.mark.parametrize(
    ("intent", "key"),
    [
        ("thanks", "bot.small.thanks"),
        ("goodbye", "bot.small.goodbye"),
        ("bot_identity", "bot.small.bot_identity"),
        ("small_talk", "bot.small.talk"),
        ("greet", "bot.hello"),
    ],
)
def test_small_talk_gets_a_short_kind_reply(intent: str, key: str) -> None:
    heard = understood("x", intent=intent)
    decision = decide(situation("x", understanding=heard, result=UNKNOWN), POLICY)
    assert keys(decision)[0] == key
    assert decision.state.misses == 0


def test_an_unsure_guess_at_small_talk_counts_for_nothing() -> None:
    heard = understood("x y", intent="thanks", confidence=0.3)
    assert decide(situation("x y", understanding=heard, result=UNKNOWN), POLICY).name == "unknown"


def test_a_second_greeting_is_short() -> None:
    state = DialogueState(greeted=True)
    decision = decide(
        situation("hi", state=state, understanding=understood("hi", intent="greet"), result=UNKNOWN), POLICY
    )
    assert keys(decision) == ["bot.hello_again"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("👍", "bot.no_words"),
        ("...", "bot.no_words"),
        ("？？？", "bot.hello_again"),
        ("?", "bot.hello_again"),
        ("😡😡", "bot.upset.first"),
        ("🤬 !!!", "bot.upset.first"),
    ],
)
def test_signs_alone_are_met_in_their_tone(text: str, key: str) -> None:
    assert keys(decide(situation(text), POLICY)) == [key]


def test_a_file_is_evidence_where_a_case_is_open_and_else_answered_with_what_works_instead() -> None:
    [keep] = decide(situation(kind=InboundKind.FILE), POLICY).actions
    assert isinstance(keep, KeepFile)
    assert [line.key for said in (keep.kept, keep.otherwise) if said for line in said.lines] == [
        "bot.file.kept",
        "bot.file.not_taken",
    ]


def test_words_under_a_file_are_answered_after_saying_that_the_file_was_not_seen() -> None:
    seen = situation("怎么退货", with_file=True, understanding=understood("怎么退货"), result=SURE)
    decision = decide(seen, POLICY)
    assert (kinds(decision), keys(decision)) == (["Say", "Answer", "KeepFile"], ["bot.file.caption_only"])


# --- a person --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["转人工", "人工客服!", "Talk to a person", "agent"])
def test_the_usual_words_call_a_person_even_when_nothing_was_understood(text: str) -> None:
    decision = decide(situation(text, desk=place()), POLICY)
    assert decision.actions[0] == HandOver(reason=HandoffReason.ASKED, urgency=Urgency.NORMAL)


@pytest.mark.parametrize("state", [DialogueState(), DialogueState(misses=1), DialogueState(expects=Expects.HELPED)])
def test_a_person_comes_on_request_in_any_state(state: DialogueState) -> None:
    asked = situation(
        "给我找个活人", state=state, understanding=understood("给我找个活人", wants_person=True), result=SURE
    )
    assert decide(asked, POLICY).name == "hand_over"
    assert decide(pressed("human", state=state), POLICY).name == "hand_over"


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        (None, ["bot.waiting.called"]),
        (place(ahead=0), ["bot.waiting.called", "bot.waiting.next"]),
        (place(ahead=2), ["bot.waiting.called", "bot.waiting.ahead"]),
        (place(agents=0), ["bot.waiting.nobody_now", "bot.waiting.kept"]),
        (place(open_now=False), ["bot.waiting.closed", "bot.waiting.kept"]),
        (
            place(open_now=False, agents=0, opens_at=CASE.opened_at + timedelta(hours=9)),
            ["bot.waiting.closed_until", "bot.waiting.kept"],
        ),
    ],
)
def test_who_is_handed_over_hears_the_place_or_what_happens_next(desk: object, said: list[str]) -> None:
    decision = decide(pressed("human", desk=desk), POLICY)
    assert (keys(decision), options(decision)) == (said, ["callback", "message", "leave_queue"])


def test_who_asks_for_a_person_at_night_hears_that_the_file_is_dealt_with_all_the_same() -> None:
    night = pressed("human", desk=place(open_now=False, agents=0), state=DialogueState(case=CASE))
    assert keys(decide(night, POLICY)) == ["bot.waiting.closed", "bot.waiting.kept", "bot.waiting.file_kept"]


def test_a_person_is_called_with_the_urgency_of_the_open_file() -> None:
    state = DialogueState(case=replace(CASE, severity=Severity.SERIOUS))
    assert (
        HandOver(reason=HandoffReason.ASKED, urgency=Urgency.SERIOUS)
        in decide(pressed("human", state=state), POLICY).actions
    )


@pytest.mark.parametrize(("intent", "name"), [("affirm", "hand_over"), ("deny", "say")])
def test_a_bare_yes_takes_the_offered_person_and_a_bare_no_does_not(intent: str, name: str) -> None:
    state = DialogueState(expects=Expects.PERSON)
    decision = decide(situation("x", state=state, understanding=understood("x", intent=intent), result=UNKNOWN), POLICY)
    assert decision.name == name


def test_a_yes_much_later_means_nothing() -> None:
    state = DialogueState(expects=Expects.PERSON)
    between = decide(
        situation("c", state=state, understanding=understood("c", intent="thanks"), result=UNKNOWN), POLICY
    )
    decision = decide(
        situation("好", state=between.state, understanding=understood("好", intent="affirm"), result=UNKNOWN), POLICY
    )
    assert keys(decision) == ["bot.small.affirm"]


def test_the_bot_is_silent_once_a_person_owns_the_conversation() -> None:
    for seen in (
        situation("转人工", understanding=understood("转人工")),
        pressed("human"),
        situation(kind=InboundKind.FILE),
    ):
        decision = decide(replace(seen, owner=Owner.AGENT, looked=looked(SURE)), POLICY)
        assert (decision.name, kinds(decision)) == ("silence", ["Silence"])


def test_when_neither_meaning_nor_matches_are_known_a_person_is_called() -> None:
    decision = decide(situation("怎么退货"), POLICY)
    assert decision.actions[0] == HandOver(reason=HandoffReason.FAULT, urgency=Urgency.NORMAL)
    assert keys(decision)[0] == "bot.fault.sorry"


@pytest.mark.parametrize(
    "text", ["可以帮我转到真人那边吗", "麻烦找一下客服", "I want to talk to a real person", "connect me to a human"]
)
def test_who_asks_for_a_person_is_handed_over_although_understanding_broke(text: str) -> None:
    decision = decide(situation(text, result=SURE), POLICY)
    assert decision.rule == "person.asked"
    declined = decide(situation("不用转人工，怎么退货", result=SURE), POLICY)
    assert declined.rule == "answering.sure"


def test_without_search_the_bot_says_so_and_offers_a_person() -> None:
    decision = decide(situation("怎么退货", understanding=understood("怎么退货")), POLICY)
    assert (keys(decision), options(decision)) == (["bot.fault.search"], ["human"])


def test_without_intents_a_sure_answer_is_still_given() -> None:
    assert decide(situation("怎么退货", result=SURE), POLICY).match == RETURNS


# --- did it help -----------------------------------------------------------------------------------------------------

GIVEN = AnswerGiven(
    turn_id="turn-0",
    article_id="id-returns",
    version=3,
    title="t",
    question="怎么退货",
    others=(("id-refund", "退款"),),
)


def test_helped_is_recorded_with_thanks() -> None:
    decision = decide(pressed("helped:yes", answer=GIVEN, state=DialogueState(misses=1)), POLICY)
    record = RecordHelped(article_id="id-returns", version=3, turn_id="turn-0", helped=Helped.YES)
    assert (decision.actions[0], keys(decision), decision.state.misses) == (record, ["bot.helped.yes"], 0)


def test_not_helped_is_recorded_as_a_miss_and_offers_the_next_best_and_a_person() -> None:
    decision = decide(pressed("helped:no", answer=GIVEN), POLICY)
    assert RecordMiss(question="怎么退货", why="not_helpful", best_article_id="id-returns") in decision.actions
    assert options(decision) == ["reason:wrong", "reason:unclear", "reason:other", "article:id-refund", "human"]
    assert decision.state.misses == 1


@pytest.mark.parametrize(("intent", "helped"), [("affirm", Helped.YES), ("deny", Helped.NO)])
def test_a_bare_yes_or_no_after_an_answer_says_whether_it_helped(intent: str, helped: Helped) -> None:
    state = DialogueState(expects=Expects.HELPED, answer=GIVEN)
    decision = decide(situation("x", state=state, understanding=understood("x", intent=intent), result=UNKNOWN), POLICY)
    record = decision.actions[0]
    assert isinstance(record, RecordHelped)
    assert record.helped is helped


def test_an_article_hands_over_to_its_department_by_its_button_by_words_and_after_it_did_not_help() -> None:
    match = replace(RETURNS, action=ArticleAction.HAND_OVER, department="after_sales")
    sure = found(Level.SURE, match)
    shown = decide(situation("怎么退货", understanding=understood("怎么退货"), result=sure), POLICY)
    assert options(shown) == ["helped:yes", "helped:no", "human:after_sales"]
    called = HandOver(reason=HandoffReason.ASKED, urgency=Urgency.NORMAL, department="after_sales")
    assert decide(pressed("human:after_sales"), POLICY).actions[0] == called
    state = replace(shown.state, offered=(("helped:no", "没用"), ("human:after_sales", "转人工")))
    words = understood("转人工", wants_person=True)
    assert decide(situation("转人工", state=state, understanding=words), POLICY).actions[0] == called
    nodded = replace(state, expects=Expects.PERSON)
    yes = decide(situation("好", state=nodded, understanding=understood("好", intent="affirm"), result=UNKNOWN), POLICY)
    assert yes.actions[0] == replace(called, reason=HandoffReason.UNANSWERED)
    not_helped = decide(pressed("helped:no", state=state, answer=state.answer), POLICY)
    assert options(not_helped)[-1] == "human:after_sales"
    assert state_from_json(state_to_json(state)) == state


def test_an_article_that_names_no_department_leaves_it_to_the_desk() -> None:
    sure = found(Level.SURE, replace(RETURNS, action=ArticleAction.HAND_OVER))
    shown = decide(situation("怎么退货", understanding=understood("怎么退货"), result=sure), POLICY)
    assert options(shown)[-1] == "human"
    called = decide(pressed("human"), POLICY).actions[0]
    assert called == HandOver(reason=HandoffReason.ASKED, urgency=Urgency.NORMAL)


def test_a_chosen_article_is_answered_and_one_that_is_gone_is_explained() -> None:
    chosen = decide(pressed("article:id-returns", shown=RETURNS, state=DialogueState(question="退")), POLICY)
    assert isinstance(chosen.actions[0], Answer)
    assert chosen.state.answer is not None
    assert chosen.state.answer.question == "退"
    gone = decide(pressed("article:id-returns"), POLICY)
    assert (keys(gone), options(gone)) == (["bot.answer.gone"], ["human"])


def test_none_of_these_is_a_miss_and_offers_a_person() -> None:
    decision = decide(pressed("none", state=DialogueState(question="退")), POLICY)
    assert RecordMiss(question="退", why="unsure") in decision.actions
    assert (decision.name, decision.state.misses) == ("offer_human", 1)


@pytest.mark.parametrize(
    "choice",
    [
        "nonsense",
        "form:skip",
        "form:category:unheard_of",
        "form:wanted:yacht",
        "helped:yes",
        "form:cancel",
        "form:withdraw",
    ],
)
def test_a_button_that_means_nothing_any_more_gets_a_word(choice: str) -> None:
    decision = decide(pressed(choice), POLICY)
    assert (keys(decision), options(decision)) == (["bot.press.gone"], ["human"])
