"""tests: the questions of one message are told apart, and one question with words around it stays one."""

from __future__ import annotations

import pytest

from bot.questions import split_questions
from tests.bot.support.policy import WORDS


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("运费多少，还有发票怎么开", ("运费多少", "发票怎么开")),
        ("门店几点开门，在哪里", ("门店几点开门", "在哪里")),
        ("积分会过期吗 优惠券为什么用不了", ("积分会过期吗", "优惠券为什么用不了")),
        ("how much is delivery and how do i get an invoice?", ("how much is delivery", "how do i get an invoice?")),
        ("my fridge is loud. also, do points expire?", ("my fridge is loud", "do points expire?")),
    ],
)
def test_questions_of_one_message_are_told_apart(text: str, parts: tuple[str, ...]) -> None:
    assert split_questions(text, WORDS.question) == parts


@pytest.mark.parametrize(
    "text",
    [
        "洗衣机脱水的时候抖得厉害，怎么办",
        "我上周买的冰箱，现在降价了，能退差价吗",
        "在吗？怎么开发票？",
        "怎么开发票？麻烦您了，谢谢！",
        "还有优惠券吗",
        "are you there? how do i get an invoice?",
        "it says delivered but nothing came. what now?",
        "退货",
        "",
        "？？？",
    ],
)
def test_one_question_with_words_around_it_stays_one(text: str) -> None:
    assert split_questions(text, WORDS.question) in {(text,), (text.strip(),)}
