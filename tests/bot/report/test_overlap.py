"""Promises of the published figures: no text that tests also teaches, in any set of the house."""

from __future__ import annotations

import pytest

from bot.app.report.overlap import Sets, nearest, shared, starter_sets
from nlu.service import bare

SETS = {sets.name: sets for sets in starter_sets()}


@pytest.mark.parametrize("name", SETS)
def test_no_test_text_teaches(name: str) -> None:
    sets = SETS[name]
    assert len(sets.teach) > 100
    assert len(sets.test) > 100
    assert shared(sets) == [], "take these texts out of the training files; the test rows stay as they are"


def test_every_measured_set_is_looked_at() -> None:
    assert len(SETS) == 5
    assert all(any(language in name for name in SETS) for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么退货？", "怎麼退貨"),
        ("How do I RETURN it?!", "how do i return it"),
        ("Ｗｉ－Ｆｉ 连不上", "wi-fi连不上！！"),
        ("您好，订单到哪了", "订单到哪了~"),
        ("please refund CJ2611-088213", "Please refund CJ2611-088999."),
    ],
)
def test_texts_that_differ_only_in_form_are_the_same(one: str, other: str) -> None:
    assert shared(Sets(name="x", teach=("something else", one), test=(other,))) == [other]


def test_other_questions_are_not_the_same() -> None:
    sets = Sets(name="x", teach=("can I return it", "能退货吗"), test=("can I exchange it", "不能退货吗", "!!!"))
    assert shared(sets) == []
    assert bare("!!!")


def test_near_ones_are_told_with_their_likeness() -> None:
    sets = Sets(name="x", teach=("where is my parcel now", "退款多久到"), test=("where is my parcel", "今天天气"))
    (near,) = nearest(sets, least=80)
    assert (near.test, near.teach) == ("where is my parcel", "where is my parcel now")
    assert 80 <= near.likeness < 100
