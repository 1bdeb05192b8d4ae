"""tests: what a short message means after an answer, from two searches, and typed instead of pressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.evaluation.fitting import Example, fit
from bot.follow_up import WEIGHTS, behind, combine, is_elliptical, is_settled, leans
from bot.policy.offered import choice_named
from bot.state import Topic
from knowledge_base.contracts import Level, Match
from tests.bot.support.policy import WORDS
from tests.bot.support.scripted import article, found
from tests.support.clock import START

TOPIC = Topic(question="运费多少", title="运费", article_id="id-fee", at=START)


def scored(**confidences: float) -> tuple[Match, ...]:
    """Articles with their confidences, best first."""
    named = sorted(confidences.items(), key=lambda pair: -pair[1])
    return tuple(article(name, confidence=confidence) for name, confidence in named)


def test_a_short_message_leans_on_a_fresh_topic_only() -> None:
    now = START + timedelta(minutes=29)
    assert leans("那退货的呢", TOPIC, now=now, minutes=30)
    assert not leans("那退货的呢", TOPIC, now=START + timedelta(minutes=31), minutes=30)
    assert not leans("那退货的呢", None, now=now, minutes=30)
    assert not leans("字" * 31, TOPIC, now=now, minutes=30)
    assert behind(TOPIC, "那退货的呢") == "运费多少 那退货的呢"


def test_what_the_addition_changed_counts_and_not_the_old_article_that_comes_up_again() -> None:
    alone = found(Level.UNSURE, *scored(returns=0.5, fee=0.2))
    context = found(Level.SURE, *scored(fee=0.9, returns=0.08))
    combined = combine(alone, context, old="id-fee")
    assert (combined.level, combined.matches[0].key) == (Level.SURE, "returns")
    assert combined.choices == ()


def test_the_old_article_is_meant_again_where_nothing_else_is() -> None:
    alone = found(Level.UNSURE, *scored(fee=0.7, other=0.05))
    context = found(Level.SURE, *scored(fee=0.99, other=0.001))
    combined = combine(alone, context, old="id-fee")
    assert (combined.level, combined.matches[0].key) == (Level.SURE, "fee")


def test_a_change_of_topic_is_what_it_says_by_itself() -> None:
    alone = found(Level.SURE, *scored(account=0.97))
    assert combine(alone, found(Level.SURE, *scored(fee=0.95)), old="id-fee") is alone


def test_what_seems_clear_by_itself_means_what_both_searches_are_sure_of() -> None:
    # "How long does that take", behind the booking of a repair.
    alone = found(Level.SURE, *scored(parcels=0.91, repairs=0.18))
    context = found(Level.SURE, *scored(booking=0.86, repairs=0.12))
    for elliptical in (False, True):
        combined = combine(alone, context, old="id-booking", elliptical=elliptical)
        assert (combined.level, combined.matches[0].key) == (Level.SURE, "repairs")


def test_what_seems_clear_by_itself_stays_so_where_both_together_are_sure_of_nothing() -> None:
    alone = found(Level.SURE, *scored(lift=0.95))
    context = found(Level.SURE, *scored(large=0.88, lift=0.002))
    assert combine(alone, context, old="id-large") is alone
    assert combine(alone, context, old="id-large", elliptical=True).level is not Level.SURE


@pytest.mark.parametrize(
    ("asked", "added", "together"),
    [
        ("洗衣机显示E1怎么办", "那E3呢", "洗衣机显示怎么办 那E3呢"),
        ("how long does the V8 run", "and the battery?", "how long does the V8 run and the battery?"),
        ("满299包邮吗", "那199呢", "满299包邮吗 那199呢"),
    ],
)
def test_a_code_takes_the_place_of_the_one_before(asked: str, added: str, together: str) -> None:
    assert behind(replace(TOPIC, question=asked), added) == together


def test_what_cannot_stand_by_itself_is_asked_about_with_the_old_article() -> None:
    alone = found(Level.UNKNOWN, *scored(other=0.01))
    context = found(Level.SURE, *scored(fee=0.9, other=0.002))
    combined = combine(alone, context, old="id-fee", elliptical=is_elliptical("那冰箱呢"))
    assert (combined.level, combined.choices[0].key) == (Level.UNSURE, "fee")
    assert not is_elliptical("今天天气怎么样")
    assert combine(alone, context, old="id-fee").level is Level.UNKNOWN


def test_nothing_known_stays_unknown() -> None:
    alone = found(Level.UNKNOWN, *scored(other=0.01, fee=0.01))
    context = found(Level.UNSURE, *scored(fee=0.4, other=0.02))
    assert combine(alone, context, old="id-fee").level is Level.UNKNOWN


def test_unsure_offers_different_articles_by_the_thresholds_of_the_base() -> None:
    alone = found(Level.UNSURE, *scored(one=0.3, two=0.3))
    context = found(Level.UNSURE, *scored(fee=0.5, one=0.1, two=0.1))
    combined = combine(alone, context, old="id-fee")
    assert combined.level is Level.UNSURE
    assert [match.key for match in combined.choices][:2] == ["one", "two"]
    assert replace(combined, choices=()).answer_threshold == alone.answer_threshold


def test_a_question_that_stands_in_the_base_word_for_word_leans_on_nothing() -> None:
    assert is_settled(found(Level.SURE, *scored(fee=0.99)))
    assert not is_settled(found(Level.SURE, *scored(fee=0.95)))
    assert not is_settled(found(Level.UNKNOWN))


def test_the_fit_finds_that_both_searches_count_and_the_old_article_does_not() -> None:
    examples = [
        Example(alone={"new": 0.6, "old": 0.1}, behind={"old": 0.9, "new": 0.06}, old="old", gold="new"),
        Example(alone={"new": 0.3, "far": 0.2}, behind={"old": 0.8, "new": 0.15}, old="old", gold="new"),
        Example(alone={"far": 0.05, "old": 0.02}, behind={"old": 0.7, "far": 0.01}, old="old", gold=None),
    ]
    weights = fit(examples)
    assert weights.alone > 0
    assert weights.behind > 0
    assert WEIGHTS.alone > 0 < WEIGHTS.behind


OFFERED = (("article:1", "怎么退货"), ("article:2", "退货运费谁出"), ("none", "都不是"), ("human", "转人工"))


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("都不是", "none"),
        ("退货运费谁出？", "article:2"),
        ("2", "article:2"),
        ("第一个", "article:1"),
        ("the second one", "article:2"),
        ("3", None),
        ("20", None),
        ("退款", None),
        ("", None),
    ],
)
def test_a_customer_may_type_what_stands_on_a_button_or_its_number(text: str, choice: str | None) -> None:
    assert choice_named(text, OFFERED) == choice


def test_a_number_means_nothing_where_there_is_no_choice_of_articles() -> None:
    assert choice_named("1", (("form:skip", "跳过"), ("human", "转人工"))) is None


def test_the_words_of_the_buttons_are_read_from_the_file_of_words() -> None:
    assert WORDS.leaves("不等了！")
    assert WORDS.only_vents("气死我了！！")
    assert not WORDS.only_vents("气死我了，洗衣机用了一天就漏水了")
