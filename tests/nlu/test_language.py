"""nlu: the language of one message."""

from __future__ import annotations

import pytest

from kit.contracts import Language
from nlu.language import detect_language

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    "text",
    [
        "在",
        "我的订单",
        "退款呢",
        "請問貨到了嗎",
        "ㄋㄟ",
        "空调 ac 不制冷",
        "wifi连不上",
        "iPhone 15 有货吗",
        "我的order什么时候到",
    ],
)
@pytest.mark.parametrize("previous", Language)
def test_chinese_is_heard_whatever_came_before(text: str, previous: Language) -> None:
    assert detect_language(text, previous) is ZH


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "hello",
        "where is my order CJ2611-088213",
        "what does 以旧换新 mean",
        "can you help me",
        "please send it to 广东省深圳市南山区",
        "空调 is not cooling",
    ],
)
@pytest.mark.parametrize("previous", Language)
def test_english_is_heard_whatever_came_before(text: str, previous: Language) -> None:
    assert detect_language(text, previous) is EN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "123",
        "CJ2611-088213",
        "13812345678",
        "👍",
        "😡😡😡",
        "???",
        "ok",
        "OK!",
        "a2",
        "RO-600",
        "4K",
        "https://clearhome.example/orders",
        "wifi",
        "me@example.com",
    ],
)
@pytest.mark.parametrize("previous", Language)
def test_what_says_nothing_leaves_the_language_as_it_was(text: str, previous: Language) -> None:
    assert detect_language(text, previous) is previous


@pytest.mark.parametrize(
    "text",
    [
        "tuikuan",
        "wo yao tui kuan",
        "Zhuanrengong",
        "zenme tuihuo",
        "ni hao, wo de dingdan hai mei fa huo",
        "you mei you huo",
        "kongtiao wai ji xiang",
        "lvxin duojiu huan",
    ],
)
def test_pinyin_is_chinese(text: str) -> None:
    assert detect_language(text, EN) is ZH


@pytest.mark.parametrize(
    "text",
    [
        "women shoes",
        "manage you",
        "long time no see",
        "how do i tuikuan",
        "banana",
        "send me the menu",
        "we change dance",
        "are you a machine",
        "change",
        "more men",
        "he can dance",
        "see you",
    ],
)
def test_english_that_looks_like_pinyin_stays_english(text: str) -> None:
    assert detect_language(text, EN) is EN
