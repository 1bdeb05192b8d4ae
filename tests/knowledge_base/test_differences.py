"""tests: what differs between two states of an article, and two editors' work in one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.contracts import Language
from knowledge_base.contracts import ArticleAction, ArticleText, Details, Draft
from knowledge_base.differences import compare_drafts, compare_texts, fields_of, merge_drafts, pieces_text

ZH = ArticleText(
    language=Language.ZH, title="七天无理由退货怎么办", answer="签收后 7 天内可以退。", short="", questions=("咋退货",)
)
EN = ArticleText(
    language=Language.EN,
    title="How do I return something?",
    answer="Within 7 days.\n\n1. Pack it\n2. Send it",
    short="7 days.",
    questions=("send it back", "return"),
)
BASE = Draft(key="return", category="returns", products=("washer",), texts=(ZH, EN))


def with_en(draft: Draft, **changes: object) -> Draft:
    english = next(text for text in draft.texts if text.language is Language.EN)
    others = tuple(text for text in draft.texts if text.language is not Language.EN)
    return replace(draft, texts=(*others, replace(english, **changes)))  # type: ignore[arg-type]


def changed(pieces: tuple[object, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.changed]  # type: ignore[attr-defined]


def test_only_the_words_that_differ_are_marked() -> None:
    before, after = compare_texts("We refund within 7 days.\nKeep it.", "We refund within 14 days.\nKeep it.")
    assert changed(before) == ["7"]
    assert changed(after) == ["14"]


def test_chinese_is_compared_by_characters() -> None:
    before, after = compare_texts("签收后 7 天内可以退货", "签收后 15 天内可以换货")
    assert changed(before) == ["7", "退"]
    assert changed(after) == ["15", "换"]


@given(st.text(alphabet="ab 退货\n.", max_size=60), st.text(alphabet="ab 退货\n.", max_size=60))
def test_pieces_lose_nothing_and_what_is_not_marked_is_the_same(before: str, after: str) -> None:
    left, right = compare_texts(before, after)
    assert pieces_text(left) == before
    assert pieces_text(right) == after
    same = ["".join(piece.text for piece in pieces if not piece.changed) for pieces in (left, right)]
    assert same[0] == same[1]


def test_what_was_written_anew_is_marked_in_one_piece() -> None:
    before, after = compare_texts("我的订单里点申请退货", "对方的简短答案")
    assert (len(before), len(after)) == (1, 1)
    before, after = compare_texts("How do I return something?", "How do I send it back?")
    assert changed(before) == ["return something"]
    assert changed(after) == ["send it back"]


def test_a_text_too_long_for_words_is_still_compared_by_lines() -> None:
    before = "same\n" + "a b " * 5000
    after = "same\n" + "b c " * 5000
    left, right = compare_texts(before, after)
    assert [(piece.text[:5], piece.changed) for piece in left] == [("same\n", False), ("a b a", True)]
    assert pieces_text(right) == after


def test_every_field_that_differs_is_named_with_its_language() -> None:
    other = replace(with_en(BASE, title="How can I return something?"), category="orders")
    changes = compare_drafts(BASE, other)
    assert [(change.field, change.name, change.language) for change in changes] == [
        ("category", "category", None),
        ("en.title", "title", Language.EN),
    ]
    assert compare_drafts(BASE, BASE) == ()


def test_two_editors_in_different_fields_lose_nothing() -> None:
    theirs = replace(BASE, category="orders", texts=(replace(ZH, title="怎么退货"), EN))
    mine = with_en(BASE, answer="Within 14 days.")
    merged = merge_drafts(base=BASE, theirs=theirs, mine=mine)
    assert merged.conflicts == ()
    assert merged.content == with_en(theirs, answer="Within 14 days.")
    assert [change.field for change in merged.theirs] == ["category", "zh.title"]


def test_the_same_field_changed_twice_is_a_conflict_and_keeps_mine() -> None:
    merged = merge_drafts(
        base=BASE, theirs=with_en(BASE, title="Theirs?"), mine=with_en(BASE, title="Mine?", short="Mine too")
    )
    (conflict,) = merged.conflicts
    assert (conflict.field, pieces_text(conflict.before), pieces_text(conflict.after)) == (
        "en.title",
        "Theirs?",
        "Mine?",
    )
    assert fields_of(merged.content)["en.title"] == "Mine?"


def test_the_same_change_made_twice_is_no_conflict() -> None:
    same = with_en(BASE, title="Same?")
    assert merge_drafts(base=BASE, theirs=same, mine=same).conflicts == ()


def test_wordings_of_both_editors_are_joined() -> None:
    theirs = with_en(BASE, questions=("return", "theirs"))  # took out "send it back"
    mine = with_en(BASE, questions=("send it back", "return", "mine"))
    merged = merge_drafts(base=BASE, theirs=theirs, mine=mine)
    assert merged.conflicts == ()
    assert fields_of(merged.content)["en.questions"].splitlines() == ["return", "mine", "theirs"]


@pytest.mark.parametrize("language", list(Language))
def test_a_language_side_that_only_one_editor_began_is_kept(language: Language) -> None:
    alone = replace(BASE, texts=tuple(text for text in BASE.texts if text.language is not language))
    assert merge_drafts(base=alone, theirs=alone, mine=BASE).content == BASE
    assert merge_drafts(base=alone, theirs=BASE, mine=alone).content == BASE


def test_an_action_and_its_department_change_as_one() -> None:
    def offering(action: ArticleAction | None, department: str = "") -> Draft:
        return replace(BASE, details=Details(action=action, department=department))

    base, mine = offering(ArticleAction.HAND_OVER, "after_sales"), offering(ArticleAction.HAND_OVER, "consultation")
    theirs = offering(ArticleAction.OPEN_COMPLAINT)
    joined = merge_drafts(base=base, theirs=theirs, mine=mine)
    [conflict] = joined.conflicts
    assert (conflict.field, pieces_text(conflict.before), pieces_text(conflict.after)) == (
        "action",
        "open_complaint",
        "hand_over:consultation",
    )
    assert joined.content == mine
    assert merge_drafts(base=base, theirs=theirs, mine=base).content == theirs
    assert merge_drafts(base=base, theirs=base, mine=offering(None)).content == offering(None)
