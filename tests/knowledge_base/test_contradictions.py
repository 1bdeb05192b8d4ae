"""tests: sentences that say different things of the same matter are found, and others are left alone."""

from __future__ import annotations

import pytest

from knowledge_base.contradictions import contradictions
from knowledge_base.starter import starter_drafts

APART = [
    ("签收后 **7 天**内可以无理由退货。", "签收后 15 天内可以无理由退货，运费自理。"),
    ("支持货到付款。", "我们不支持货到付款。"),
    ("整机保修 2 年。", "整机保修 1 年，电机保修 10 年。"),
    ("You can return it within 7 days of delivery.", "You can return any item within 15 days of delivery."),
    ("We accept cash on delivery.", "We do not accept cash on delivery."),
]
TOGETHER = [
    ("退款一般 1–3 个工作日到账。", "退款一般 3 个工作日内到账。"),
    ("退款 3 个工作日到账。", "发货后 7 个工作日送到。"),
    ("满 99 元包邮。", "运费 10 元。"),
    ("Delivery takes 3 to 5 days.", "Repairs take 10 days."),
    ("You can return it within 7 days.", "Please keep the box for 30 days."),
]


@pytest.mark.parametrize(("mine", "theirs"), APART)
def test_another_number_or_the_opposite_of_the_same_matter_is_a_contradiction(mine: str, theirs: str) -> None:
    [(one, other)] = contradictions(f"您好。{mine}", theirs)
    assert one in mine.replace("*", "")
    assert other in theirs
    assert contradictions(theirs, mine)


@pytest.mark.parametrize(("mine", "theirs"), TOGETHER)
def test_what_goes_together_or_speaks_of_something_else_is_none(mine: str, theirs: str) -> None:
    assert contradictions(mine, theirs) == ()


def test_what_customers_have_read_already_is_nothing_new() -> None:
    mine, theirs = APART[0]
    assert contradictions(mine, theirs, known=f"另外。{mine}") == ()


def test_the_starter_articles_of_a_category_do_not_contradict_each_other() -> None:
    answers: dict[tuple[str, str], list[str]] = {}
    for draft in starter_drafts():
        for side in draft.texts:
            answers.setdefault((draft.category, side.language), []).append(side.answer)
    pairs = [(one, other) for each in answers.values() for one in each for other in each if one is not other]
    assert len(pairs) > 1_000
    found = [pair for one, other in pairs for pair in contradictions(one, other)]
    assert found == []
