"""nlu: the starter content keeps its own rules."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from kit.contracts import Language
from nlu.adapters.complaints import training_rows
from nlu.complaint.rows import MOODS, WANTS, read_rows
from nlu.contracts import Severity
from nlu.entities import find_entities
from nlu.language import HAN
from nlu.normalise import bare, clean, fold
from nlu.settings import CATEGORIES
from nlu.starter_content import HELD_OUT, OUTLIER, form_words, intent_examples, several_intents
from nlu.starter_content import read_rows as read_labelled

NEAR_COPY = 0.8
"""Cosine of the character n-grams; the nearest pair of rows written apart from each other has .76."""


def test_every_intent_has_twenty_examples_in_each_language() -> None:
    counts = Counter((e.label, bool(HAN.search(e.text))) for e in intent_examples())
    intents = {label for label, _ in counts}
    assert len(intents - {OUTLIER}) >= 25
    few = {label: counts[label, True] for label in intents if counts[label, True] + counts[label, False] < 40}
    assert not few


def test_no_held_out_question_is_trained_on() -> None:
    held_out = read_labelled(HELD_OUT)
    trained = {clean(e.text).casefold() for e in intent_examples()}
    assert {row.label for row in held_out} == {e.label for e in intent_examples()}
    assert [row.text for row in held_out if clean(row.text).casefold() in trained] == []


def test_no_message_with_two_intents_is_trained_on() -> None:
    trained = {bare(e.text) for e in intent_examples()}
    rows = several_intents()
    assert [row.text for row in rows if bare(row.text) in trained] == []
    assert {name for row in rows for name in row.intents} <= {e.label for e in intent_examples()}
    assert all(len(set(row.intents)) > 1 for row in rows)


def test_no_test_complaint_is_trained_on() -> None:
    trained = {fold(row.text) for row in training_rows()}
    assert [row.text for row in read_rows() if row.test and fold(row.text) in trained] == []


def test_no_training_row_is_a_near_copy_of_a_test_row() -> None:
    rows = read_rows()
    taught = [fold(row.text) for row in rows if not row.test]
    asked = [fold(row.text) for row in rows if row.test]
    grams = TfidfVectorizer(analyzer="char", ngram_range=(2, 3))
    nearest = (grams.fit_transform(taught) @ grams.transform(asked).T).max(axis=0).toarray()[0]
    assert [text for text, near in zip(asked, nearest, strict=True) if near >= NEAR_COPY] == []


@pytest.mark.parametrize("language", Language)
def test_the_complaint_sets_cover_every_category_and_severity_in_both_splits(language: Language) -> None:
    rows = [row for row in read_rows() if row.language is language]
    complaints = [row for row in rows if row.complaint]
    assert len(complaints) >= 600
    assert len(rows) - len(complaints) >= 400
    assert {row.category for row in complaints} == set(CATEGORIES)
    assert all(
        set(row.wants or ()) <= set(WANTS) and row.mood in MOODS and set(row.also) <= set(CATEGORIES)
        for row in complaints
    )
    cells = {(row.category, row.severity, row.test) for row in complaints}
    missing = [(c, s, t) for c in CATEGORIES for s in Severity for t in (True, False) if (c, s, t) not in cells]
    assert missing == []


def test_the_words_that_need_no_model_do_not_contradict_each_other() -> None:
    words = form_words()
    assert not words.person & (words.stop | words.skip)
    assert not words.stop & words.skip


def test_an_annotated_order_number_is_found_by_the_patterns() -> None:
    texts = [e.text for e in intent_examples() if "CJ2" in e.text]
    assert texts
    assert [t for t in texts if not any(e.kind == "order_number" for e in find_entities(t))] == []


def test_a_wrong_row_of_labelled_data_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "b"}\n\n{"text": "c", "intent": "d"}\n', encoding="utf-8")
    assert [(r.text, r.label) for r in read_labelled(path)] == [("a", "b"), ("c", "d")]
    for wrong in ("not json", '{"text": "a"}', '{"text": 3, "label": "b"}', '["a"]', '{"text": " ", "label": "b"}'):
        path.write_text(f'{{"text": "a", "label": "b"}}\n{wrong}\n', encoding="utf-8")
        with pytest.raises(ValueError, match="line 2"):
            read_labelled(path)
