"""tests: follow-ups in the chat: answers, no more of this, yes you may; and the words that say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import decide
from bot.decisions import AnswerFollowUp, WishFollowUp
from bot.policy.situation import Situation
from cases.contracts import ChatReply, Stage
from cases.contracts.follow_ups import ChatQuestion, Outcome, Wish
from tests.bot.support.complaints import case_file
from tests.bot.support.desk import Parts
from tests.bot.support.policy import POLICY, keys, options, pressed, situation
from tests.bot.support.talk import Talk, choices_of


def wished(about: Situation) -> list[Wish]:
    return [action.wish for action in decide(about, POLICY).actions if isinstance(action, WishFollowUp)]


@pytest.mark.parametrize(
    "text", ["不要再回访了", "以后别回访我了", "please, no more follow-up calls", "Stop following up."]
)
def test_who_writes_that_they_want_none_gets_none(text: str) -> None:
    assert wished(situation(text)) == [Wish.NEVER]


@pytest.mark.parametrize("text", ["你们会回访吗", "为什么不用回访？", "我要投诉", "no follow-up needed for a screw?"])
def test_a_question_about_them_says_nothing_of_the_kind(text: str) -> None:
    assert wished(situation(text)) == []


def test_who_says_that_it_is_settled_is_asked_once_whether_they_may_be_asked() -> None:
    own = replace(case_file("TS2611-000001"), stage=Stage.TOLD)
    press = pressed("case:confirm:TS2611-000001", cases=(own,))
    asked = decide(replace(press, may_be_asked_for=True), POLICY)
    assert keys(asked) == ["bot.judge.confirmed", "bot.follow_up.may_we"]
    assert options(asked) == ["follow_up:wish:chat", "follow_up:wish:never"]
    assert options(decide(press, POLICY)) == []
    assert [wished(pressed(choice)) for choice in options(asked)] == [[Wish.CHAT], [Wish.NEVER]]


@pytest.mark.parametrize("choice", ["follow_up:wish:everything", "follow_up:", "follow_up:abc"])
def test_a_button_that_says_nothing_is_gone(choice: str) -> None:
    decision = decide(pressed(choice), POLICY)
    assert keys(decision) == ["bot.press.gone"]
    assert not any(isinstance(action, AnswerFollowUp | WishFollowUp) for action in decision.actions)


async def test_answers_lead_on_and_what_is_open_goes_into_the_case(sqlite_parts: Parts) -> None:
    talk = Talk(parts=sqlite_parts)
    await talk.say("你好")
    question = ChatQuestion(key="k", text="满意吗？", choices=(("follow_up:f:content:yes", "满意"),))
    case = case_file("TS2611-000001")
    talk.cases.files[case.id] = replace(case, conversation_id=talk.conversation_id)
    talk.follow_ups.replies = {
        ("f", "solved", "yes"): ChatReply(question=question),
        ("f", "content", "yes"): ChatReply(outcome=Outcome.REACHED),
        ("g", "solved", "no"): ChatReply(outcome=Outcome.UNSOLVED, case=case),
        ("h", "stop", ""): ChatReply(outcome=Outcome.REFUSED),
    }
    [next_one] = await talk.press("follow_up:f:solved:yes")
    assert (next_one.text, choices_of([next_one])) == ("满意吗？", ["follow_up:f:content:yes"])
    [thanks] = await talk.press("follow_up:f:content:yes")
    assert thanks.text.startswith("谢谢您告诉我们")
    [again] = await talk.press("follow_up:f:content:yes")
    assert again.text == talk.parts.texts("bot.press.gone", "zh")
    [open_] = await talk.press("follow_up:g:solved:no")
    assert "TS2611-000001" in open_.text
    await talk.say("水管还是漏得很厉害，地板都泡了")
    assert "水管还是漏" in talk.cases.files[case.id].what_happened
    [never] = await talk.press("follow_up:h:stop")
    assert never.text.startswith("好的，以后不再回访您")
    assert talk.follow_ups.surveyed == ["f", "g", "h"]
