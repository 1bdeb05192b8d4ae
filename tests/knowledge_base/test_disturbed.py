"""Promises of the disturbed wordings: the same every time, really changed, and each kind folds as it should."""

from __future__ import annotations

from collections import Counter

from kit.contracts import Language
from knowledge_base.evaluation.disturbed import EACH, disturbed
from knowledge_base.evaluation.rows import Faq
from knowledge_base.wordings import PlainWording, Role
from nlu.normalise import fold

TEXTS = {
    Language.ZH: [
        "退款什么时候到账",
        "收到的货少了配件怎么办",
        "换货的运费谁出呢",
        "app里怎么改收货地址",
        "试用十天可以退吗",
    ],
    Language.EN: ["when will my refund arrive", "parts are missing from the parcel", "who pays for the exchange"],
}
FAQS = [
    Faq(id=f"{language}-{at}", wordings=(PlainWording(language=language, role=Role.QUESTION, text=text),))
    for language, texts in TEXTS.items()
    for at, text in enumerate(texts)
]
BEFORE = {faq.id: faq.wordings[0].text for faq in FAQS}


def test_the_same_seed_gives_the_same_rows() -> None:
    assert disturbed(FAQS) == disturbed(FAQS)
    assert disturbed(FAQS, seed=1) != disturbed(FAQS)


def test_every_row_is_changed_and_names_its_article() -> None:
    rows = disturbed(FAQS)
    assert all(row.gold is not None and row.text != BEFORE[row.gold] for row in rows)
    assert len({row.group for row in rows}) == 15
    assert max(Counter(row.group for row in rows).values()) <= EACH


def test_ways_of_writing_that_folding_undoes_are_undone() -> None:
    for row in disturbed(FAQS):
        if row.group.startswith(("traditional", "full width")):
            assert row.gold is not None
            assert fold(row.text) == fold(BEFORE[row.gold])


def test_slips_keep_nearly_all_of_the_text() -> None:
    for row in disturbed(FAQS):
        if row.group.startswith(("sound", "swapped", "missing")):
            assert row.gold is not None
            kept = Counter(row.text) & Counter(BEFORE[row.gold])
            assert kept.total() >= len(BEFORE[row.gold]) - 1


def test_pinyin_and_mixed_wordings_hold_latin_letters() -> None:
    rows = disturbed(FAQS)
    assert all(row.text.isascii() for row in rows if row.group == "pinyin zh")
    for row in rows:
        if row.group in {"pinyin word zh", "mixed zh"}:
            assert any("a" <= c <= "z" for c in row.text)
            assert not row.text.isascii()


def test_texts_without_a_letter_to_spare_are_passed_over() -> None:
    short = Faq(id="short", wordings=(PlainWording(language=Language.EN, role=Role.QUESTION, text="tv?"),))
    assert disturbed([short]) == ()
