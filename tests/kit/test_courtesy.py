"""tests: which pieces of a message are courtesy, and which say something by themselves."""

from __future__ import annotations

import pytest

from kit.courtesy import is_courtesy, says_something


@pytest.mark.parametrize(
    "text",
    [
        "您好", "你好，在吗？", "在么", "有人吗", "请问一下", "请问", "麻烦您一下", "打扰一下",
        "谢谢", "多谢啦", "非常感谢", "谢谢您了",
        "hi", "Hello there!", "hey, are you there?", "good morning", "excuse me",
        "thanks a lot", "Thank you so much.", "please", "sorry,",
    ],
)  # fmt: skip
def test_greeting_thanks_and_excuse_say_nothing(text: str) -> None:
    assert is_courtesy(text)
    assert not says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "你好意思吗", "谢谢你们的赔偿", "请问运费多少", "麻烦死了", "在吗我要退货", "退货",
        "hi-fi", "thank you for nothing", "many parts", "sorry it broke", "hello kitty fridge", "no refund",
    ],
)  # fmt: skip
def test_words_that_begin_like_courtesy_say_something(text: str) -> None:
    assert not is_courtesy(text)
    assert says_something(text)


@pytest.mark.parametrize("text", ["", "？？", "嗯", "refund", "😡"])
def test_a_sign_or_a_single_word_is_neither(text: str) -> None:
    assert not is_courtesy(text)
    assert not says_something(text)


@pytest.mark.parametrize("word", ["谢谢", "亲", "麻烦您", "thanks ", "hi there "])
def test_a_courtesy_said_a_thousand_times_is_read_in_one_go(word: str) -> None:
    assert is_courtesy(word * 1_000)
    assert not is_courtesy(word * 1_000 + "ß")
