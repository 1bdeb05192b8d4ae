"""tests: what is only suspected to be a complaint is asked about once, and the customer's word decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.contracts import InboundKind, Owner
from bot.decide import decide
from bot.policy.suspected import IS_COMPLAINT, IS_QUESTION
from bot.state import DialogueState, Expects
from kit.contracts import Language
from knowledge_base.contracts import Level
from nlu.contracts import ComplaintReading, Severity
from tests.bot.support.complaints import SURE, heard
from tests.bot.support.desk import Parts
from tests.bot.support.policy import CASE, POLICY, keys, kinds, options, situation
from tests.bot.support.scripted import UNKNOWN, article, complaint, found, understood
from tests.bot.support.talk import Talk, choices_of

BOATS, DOOR = "你们卖不卖船票", "the door of my fridge hangs a little"


def suspected(category: str = "product_quality", severity: Severity = Severity.NORMAL) -> ComplaintReading:
    """A complaint that is only suspected."""
    return replace(complaint(category, severity), confidence=0.5, suspected=severity is not Severity.CRITICAL)


@pytest.mark.parametrize("result", [UNKNOWN, found(Level.UNSURE, article("fridge", confidence=0.4))])
def test_a_suspected_complaint_is_asked_about_before_any_file_is_opened(result: object) -> None:
    decision = decide(heard(BOATS, complaint=suspected(), result=result), POLICY)
    assert (kinds(decision), keys(decision)) == (["Say"], ["bot.suspected"])
    assert options(decision) == [IS_COMPLAINT, IS_QUESTION, "human"]
    assert (decision.state.expects, decision.state.question) == (Expects.SUSPECTED, BOATS)


def test_a_sure_answer_needs_no_question() -> None:
    assert decide(heard(BOATS, complaint=suspected(), result=SURE), POLICY).rule == "answering.sure"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("冰箱门有点歪", {"complaint": complaint()}),
        ("师傅把我的手弄破了", {"complaint": suspected(severity=Severity.CRITICAL)}),
        ("插座冒烟了", {"complaint": suspected()}),
        ("我要投诉 门歪了", {"complaint": suspected()}),
        ("门歪了 太过分了吧你们", {"complaint": suspected()}),
        ("门歪了给个说法", {"complaint": suspected(), "intent": "complaint"}),
        ("门歪了", {"complaint": suspected(), "owner": Owner.QUEUE}),
        ("门歪了", {"complaint": suspected(), "state": DialogueState(expects=Expects.SUSPECTED, question=BOATS)}),
        ("门还是歪的", {"complaint": suspected(), "state": DialogueState(case=CASE)}),
    ],
    ids=["sure", "critical", "danger", "says so", "angry", "intent", "waits", "asked already", "more of a file"],
)
def test_what_is_certain_urgent_or_asked_before_is_not_asked_about(text: str, changes: dict[str, object]) -> None:
    assert not {"suspected.asked"} & {decide(heard(text, **changes), POLICY).rule}


def test_the_customers_word_stands_over_the_reading() -> None:
    wrong = heard(BOATS, complaint=suspected(), result=SURE, said_complaint=True)
    assert decide(wrong, POLICY).rule == "complaint.opened"
    only_asked = heard(BOATS, complaint=suspected(), intent="complaint", said_complaint=False)
    assert decide(only_asked, POLICY).rule == "answering.unknown"


def test_a_word_that_comes_too_late_files_nothing_by_itself() -> None:
    late = situation("", kind=InboundKind.PRESS, choice=IS_COMPLAINT, understanding=understood(""))
    assert decide(late, POLICY).rule == "suspected.late"
    assert decide(replace(late, choice=IS_QUESTION), POLICY).rule == "press.gone"


@pytest.fixture
def talk(sqlite_parts: Parts) -> Talk:
    """A conversation in which both texts are only suspected to be complaints."""
    talk = Talk(parts=sqlite_parts)
    for text, language in ((BOATS, Language.ZH), (DOOR, Language.EN)):
        talk.understand.hear(text, language, complaint=suspected())
        talk.search.know(text, Level.UNSURE, article("doors", language, confidence=0.5))
    return talk


@pytest.mark.parametrize(
    ("text", "word"), [(BOATS, IS_COMPLAINT), (DOOR, "something is wrong"), (DOOR, "Yes!"), (BOATS, "有问题")]
)
async def test_who_says_that_something_is_wrong_need_not_say_it_again(talk: Talk, text: str, word: str) -> None:
    assert choices_of(await talk.say(text)) == [IS_COMPLAINT, IS_QUESTION, "human"]
    assert not talk.cases.files
    await (talk.press(word) if word == IS_COMPLAINT else talk.say(word))
    [case] = talk.cases.files.values()
    assert (case.what_happened, case.category) == (text, "product_quality")


@pytest.mark.parametrize(("text", "word"), [(BOATS, "只是咨询"), (BOATS, "咨询"), (DOOR, IS_QUESTION), (DOOR, "no")])
async def test_who_only_asks_gets_what_the_question_would_have_got(talk: Talk, text: str, word: str) -> None:
    await talk.say(text)
    replies = await (talk.press(word) if word == IS_QUESTION else talk.say(word))
    assert choices_of(replies) == ["article:id-doors", "none", "human"]
    assert not talk.cases.files
    assert [asked.question for asked in talk.search.asked] == [text]


async def test_another_question_instead_of_a_reply_opens_no_file_either(talk: Talk) -> None:
    await talk.say(BOATS)
    talk.understand.hear("那你们修不修手机", Language.ZH, complaint=suspected())
    assert choices_of(await talk.say("那你们修不修手机")) == [IS_COMPLAINT, IS_QUESTION, "human"]
    assert not talk.cases.files


async def test_a_reply_in_other_words_goes_on_with_both(talk: Talk) -> None:
    await talk.say(BOATS)
    talk.understand.hear("门关不上", Language.ZH, complaint=suspected())
    await talk.say("门关不上")
    [case] = talk.cases.files.values()
    assert case.what_happened == f"{BOATS}\n门关不上"
