"""Promises of the words: texts that say the same meet in both scripts; what denies and what is asked is noticed."""

from __future__ import annotations

import pytest

from knowledge_base.lexicon import best_rows, build_lexicon, look_up, overlaps
from knowledge_base.words import denies, is_number, question_kinds, words_of


def test_chinese_is_cut_into_words_and_pairs() -> None:
    words = words_of("怎么退货")
    assert {"w退货", "b退货"} <= words
    assert words & words_of("想退货的话")


def test_english_words_meet_by_their_stem() -> None:
    assert words_of("refunds arriving") == words_of("refund arrives")


def test_numbers_and_model_names_are_words_of_their_own() -> None:
    words = words_of("j5 pro 和 10kg 的洗衣机 cj-1000")
    assert {word for word in words if is_number(word)} == {"nj5", "n10kg", "ncj-1000"}


def test_mixed_texts_keep_both_scripts() -> None:
    assert {"wrefund", "w多久"} <= words_of("refund 多久")


def test_no_words_are_no_fault() -> None:
    assert words_of("") == words_of("😀 ?!") == frozenset()


@pytest.mark.parametrize("text", ["我没收到货", "不能退吗", "it does not start", "can't log in", "无法登录", "未到账"])
def test_what_denies_is_noticed(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize("text", ["能不能退", "有没有货", "可以退吗", "can i return it", "别的颜色", "到了没"])
def test_a_question_is_no_denial(text: str) -> None:
    assert not denies(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么退货", "how do i return it"),
        ("多久到账", "how long does it take"),
        ("多少钱一次", "how much is a visit"),
        ("在哪里看", "where do i see it"),
        ("为什么还没到", "why is it late"),
    ],
)
def test_the_same_kind_of_question_is_the_same_in_both_languages(one: str, other: str) -> None:
    assert question_kinds(one) & question_kinds(other)
    assert not question_kinds(one) & question_kinds("which colour")


def test_rare_words_weigh_more_than_common_ones() -> None:
    lexicon = build_lexicon([frozenset({"wthe", "wkettle"}), frozenset({"wthe"}), frozenset({"wthe", "wlamp"})])
    query = look_up(lexicon, ["wthe", "wkettle", "wstrange"])
    assert best_rows(lexicon, query, 1).tolist() == [0]
    assert 0 < query.seen < 1
    rows = best_rows(lexicon, query, 3)
    shared, stands = overlaps(lexicon, query, rows, rows * 0, 1)
    assert shared.argmax() == 0
    assert stands.sum() == 2
