"""tests: whether a short answer still says what its answer says, side by side of an article. Pure."""

from __future__ import annotations

from dataclasses import replace

from kit.contracts import Language
from knowledge_base.contracts import Draft
from knowledge_base.short_answers import mark_answers, stale_shorts
from tests.support.articles import side

ZH, EN = Language.ZH, Language.EN


def both(zh: tuple[str, str], en: tuple[str, str]) -> Draft:
    """An article of two sides, each an answer and its short one."""
    sides = ((ZH, *zh), (EN, *en))
    texts = tuple(replace(side(language, "?"), answer=answer, short=short) for language, answer, short in sides)
    return Draft(key="k", category="c", texts=texts)


def test_each_side_is_looked_at_by_itself() -> None:
    first = both(("七天", "七天"), ("seven days", "seven"))
    moved = both(("七天", "七天"), ("five days", "seven"))
    marks = mark_answers(mark_answers({}, before=None, after=first), before=first, after=moved)
    assert stale_shorts(marks, moved) == (EN,)


def test_a_side_without_a_short_answer_has_nothing_to_look_at() -> None:
    first, moved = both(("七天", ""), ("seven", "")), both(("五天", ""), ("five", ""))
    assert mark_answers({}, before=first, after=moved) == {}
    assert stale_shorts({}, moved) == ()


def test_in_a_store_that_kept_no_marks_the_next_change_counts() -> None:
    first, moved = both(("七天", "七天"), ("seven", "7")), both(("五天", "七天"), ("seven", "7"))
    assert stale_shorts({}, first) == ()
    assert stale_shorts(mark_answers({}, before=first, after=moved), moved) == (ZH,)


def test_a_short_answer_that_is_written_first_or_anew_fits() -> None:
    first = both(("七天", ""), ("seven", "7"))
    moved = both(("五天", "五天"), ("five", "5"))
    marks = mark_answers(mark_answers({}, before=None, after=first), before=first, after=moved)
    assert stale_shorts(marks, moved) == ()
