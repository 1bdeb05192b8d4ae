"""knowledge_base: a question read as the base would have written it, by the base's own words."""

from __future__ import annotations

import pytest

from knowledge_base.lexicon import build_lexicon
from knowledge_base.respelling import build_speller, respell
from knowledge_base.words import words_of

WORDINGS = [
    "怎么申请退款",
    "退款什么时候到账",
    "快递到哪了",
    "我的快递还没到",
    "发票怎么开",
    "收货地址能改吗",
    "空调不制冷",
    "净水器的滤芯多久换一次",
    "can i change my address",
    "we sell fans and machines",
    "who are you",
]
SPELLER = build_speller(build_lexicon([words_of(text) for text in WORDINGS]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tuikuan", "退款"),
        ("zenme tuikuan", "怎么退款"),
        ("zenmetuikuan", "怎么退款"),
        ("tui kuan", "退款"),
        ("kuaidi dao na le", "快递到哪了"),
        ("lvxin duojiu huan", "滤芯多久换"),
        ("怎么kaifapiao", "怎么开发票"),
        ("怎么gai地址", "怎么改地址"),
        ("我的kuaidi到哪了", "我的快递到哪了"),
    ],
)
def test_pinyin_is_read_by_the_words_of_the_base(typed: str, meant: str) -> None:
    assert (respell(SPELLER, typed) or typed).replace(" ", "") == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("发飘怎么开", "发票怎么开"),
        ("我的快弟还没到", "我的快递还没到"),
        ("退欸什么时候到账", "退款什么时候到账"),
        ("快第到哪了", "快递到哪了"),
        ("空条不制冷", "空调不制冷"),
        ("申请腿宽", "申请退款"),
        ("怎么森请退款", "怎么申请退款"),
    ],
)
def test_a_word_by_sound_or_shape_is_the_word_of_the_base(typed: str, meant: str) -> None:
    assert respell(SPELLER, typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "we change dance",
        "can i change my address",
        "do you sell machines",
        "menu",
        "banana",
        "change",
        "women are here",
        "how long is the fan",
        "我的order什么时候ship",
        "空调 app 连不上",
        "商城 api 文档",
        "收获地址能改吗",  # a word that exists: the encoder's business
        "我在青海",
        "退款什么时候到账",
        "",
        "😡😡",
    ],
)
def test_english_and_what_the_base_writes_itself_stay(text: str) -> None:
    assert respell(SPELLER, text) is None


def test_a_base_without_words_reads_nothing() -> None:
    assert respell(build_speller(build_lexicon([])), "tuikuan 快弟") is None
