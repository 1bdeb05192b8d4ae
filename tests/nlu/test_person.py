"""nlu: does the customer ask for a human being?"""

from __future__ import annotations

import pytest

from nlu.contracts import Scored
from nlu.person import INTENT, wants_person
from nlu.starter_content import form_words

ASKS = [
    "转人工", "人工", "人工！！", "zhuanrengong", "请帮我转一下人工客服谢谢", "能不能找个真人跟我说", "我不要机器人 要真人", "有真人吗", "叫你们经理来",
    "不想跟机器人聊，转人工", "你好 转人工", "轉人工", "人工呢", "我要和真人客服说话",
    "I want to talk to a human", "agent please", "can i speak to a real person", "human", "HUMAN!!!", "connect me to an agent",
    "let me talk to someone", "get me a manager!!", "is there an actual human here", "i need a representative",
    "put me through to your supervisor",
]  # fmt: skip
DOES_NOT_ASK = [
    "不要转人工", "不用人工", "先不转人工", "人工费多少", "安装人工费怎么收", "人工智能音箱多少钱", "客服电话是多少", "上门的师傅是一个人吗", "我找不到订单", "个人信息在哪改",
    "how do i use the app, don't transfer me to a human", "agent orange", "what are your agent hours", "human error on my order",
    "my real estate agent bought a fridge", "is the person who delivers calling first", "personal data", "",
]  # fmt: skip


@pytest.mark.parametrize("text", ASKS)
def test_a_request_for_a_person_is_heard(text: str) -> None:
    assert wants_person(text, ())


@pytest.mark.parametrize("text", DOES_NOT_ASK)
def test_what_only_sounds_like_it_is_no_request(text: str) -> None:
    assert not wants_person(text, ())


@pytest.mark.parametrize("text", sorted(form_words().person))
def test_every_usual_phrase_works_without_a_model(text: str) -> None:
    assert wants_person(text, ())


def test_the_intent_decides_where_the_words_do_not() -> None:
    text = "这个机器人听不懂我说话"
    assert wants_person(text, [Scored(name=INTENT, confidence=0.9)])
    assert not wants_person(text, [Scored(name=INTENT, confidence=0.3)])
    assert not wants_person(text, [Scored(name="complaint", confidence=0.9), Scored(name=INTENT, confidence=0.8)])


def test_a_refusal_beats_the_intent() -> None:
    assert not wants_person("不要转人工", [Scored(name=INTENT, confidence=0.95)])
