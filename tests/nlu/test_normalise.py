"""nlu: folding for machines, cleaning for people."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalise import TEXT_LIMIT, clean, fold

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("請問我的訂單什麼時候發貨！！！！", "我的订单什么时候发货!"),
        ("Ｈｅｌｌｏ　１２３", "hello 123"),
        ("sooooo slow???", "soo slow?"),
        ("tuikuan", "退款"),
        ("wo yao tui kuan", "我要退款"),
        ("how do i tuikuan", "how do i 退款"),
        ("CJ2611-088213到哪了", "订单号到哪了"),
        ("订单号：CJ2611088213 到哪了", "订单号 到哪了"),
        ("where is my order CJ2611-088213", "where is my order number"),
        ("call 13812345678 please", "call phone number please"),
        ("打 400-820-5566 没人接", "打 手机号 没人接"),
        ("SN 123456789012 warranty", "sn reference number warranty"),
        ("/restart", "/restart"),
        ('/intent{"a": 1}', '/intent{"a": 1}'),
        ("it’s broken", "it's broken"),
        ("😀😀😀", "😀"),
        ("你好", "你好"),
        ("你好 发票咋开", "发票咋开"),
        ("您好，请问怎么退货？", "怎么退货?"),
        ("在吗在吗 我的订单呢", "我的订单呢"),
        ("你好意思吗", "你好意思吗"),
        ("Hello there, where is my parcel", "where is my parcel"),
        ("hi", "hi"),
        ("hi-fi speaker", "hi-fi speaker"),
        ("洗衣机 8公斤 多少钱", "洗衣机 8公斤 多少钱"),
        ("亲，在吗？发票咋开", "发票咋开"),
        ("亲们 有木有优惠", "有没有优惠"),
        ("怎么退呀亲~", "怎么退呀"),
        ("亲", "亲"),
        ("亲戚送的能退吗", "亲戚送的能退吗"),
        ("是给我父亲", "是给我父亲"),
        ("退貨肿么办", "退货怎么办"),
        ("怎么薅羊毛", "怎么领优惠"),
        ("你们太坑了", "你们太坑了"),
    ],
)
def test_folding_brings_ways_of_writing_together(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_cleaning_leaves_nothing_that_cannot_be_stored_or_shown(text: str) -> None:
    kept = clean(text)
    assert len(kept) <= TEXT_LIMIT
    kept.encode("utf-8")  # raises on a lone surrogate
    assert all(c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"} for c in kept)
    assert clean(kept) == kept


@given(ANY_TEXT)
def test_folding_twice_is_the_same_as_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_text_is_cut_at_the_limit() -> None:
    assert len(clean("长" * 5_000)) == TEXT_LIMIT


def test_cleaning_keeps_line_ends_and_joined_emoji() -> None:
    assert clean("a\nb 👨‍👩‍👧 \u0000\ud800c") == "a\nb 👨‍👩‍👧 c"


def test_amounts_and_models_are_not_masked() -> None:
    assert fold("花了1299元 买的 RO-600") == "花了1299元 买的 ro-600"
