"""nlu.complaint: what the heads, the word lists and the agreement figures promise, without the real encoder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu.adapters.complaints import fit_complaints
from nlu.adapters.evaluation import read_all
from nlu.complaint.agreement import agreement, read_second_labels
from nlu.complaint.evaluate import confusions, figures, macro_f1
from nlu.complaint.features import Features, dense_of
from nlu.complaint.heads import WORDS, Question, choose, fit_heads
from nlu.complaint.rows import read_any_rows, read_rows
from nlu.complaint.severity import choose_cuts, cohen_kappa, weighted_kappa
from nlu.complaint.topics import topic_counts, topic_spans
from nlu.complaint.words import Words
from nlu.contracts import Severity, TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.settings import ComplaintSettings

TEXTS = [
    *(f"parcel late {n} courier lost it" for n in range(12)),
    *(f"bill wrong {n} charged two times" for n in range(12)),
    *(f"app crash {n} cannot log in" for n in range(12)),
]
LABELS = ["late"] * 12 + ["bill"] * 12 + ["app"] * 12


def features(texts: list[str]) -> Features:
    vectors = HashingEncoder().encode(texts, TextRole.QUERY)
    return Features(dense_of(vectors, vectors.mean(axis=0)), Words().fit(texts), np.zeros((len(texts), 1), np.float32))


def test_what_a_row_scores_without_itself_is_what_a_fit_without_it_says() -> None:
    made = features(TEXTS)
    question = Question([None if at == 5 else label for at, label in enumerate(LABELS)])
    choice = choose(made, question)
    _, unseen = fit_heads(made, {"q": Question(LABELS)}, choice)
    heads, _ = fit_heads(made, {"q": question}, choice)
    head = heads["q"]
    near = np.exp(2 * (made.dense[5] @ made.dense.T - 1))
    score = near @ head.rows + (made.sparse[5] @ head.grams)[0]
    assert head.classes[int(np.argmax(score))] == head.classes[int(np.argmax(unseen["q"][5]))] == "late"


def test_questions_about_the_same_rows_are_answered_as_if_asked_alone() -> None:
    made = features(TEXTS)
    choice = choose(made, Question(LABELS))
    loud = Question(["yes" if at % 2 else "no" for at in range(len(TEXTS))])
    together, _ = fit_heads(made, {"what": Question(LABELS), "loud": loud}, choice)
    alone, _ = fit_heads(made, {"loud": loud}, choice)
    assert np.allclose(together["loud"].rows, alone["loud"].rows, atol=1e-4)
    assert together["loud"].sharpness == pytest.approx(alone["loud"].sharpness, rel=0.05)


def test_a_question_with_one_answer_is_answered() -> None:
    made = features(TEXTS)
    one = Question(["yes"] * len(TEXTS))
    assert choose(made, one).words in WORDS
    heads, unseen = fit_heads(made, {"one": one}, choose(made, one))
    assert heads["one"].classes == ("yes",)
    assert (unseen["one"] == 1).all()


def test_a_doubted_row_teaches_less() -> None:
    made = features(TEXTS)
    trusted = Question(LABELS, [1.0] * len(LABELS))
    doubted = Question(LABELS, [50.0] + [1.0] * (len(LABELS) - 1))
    choice = choose(made, trusted)
    one, other = (fit_heads(made, {"q": question}, choice)[0]["q"] for question in (trusted, doubted))
    assert np.abs(other.rows[0]).max() < np.abs(one.rows[0]).max() / 5


def test_topic_words_are_found_whole_in_latin_and_anywhere_in_chinese() -> None:
    def words(text: str) -> set[str]:
        return {text[start:end] for _, start, end in topic_spans(text)}

    assert {"快递", "退款"} <= words("快递没到我要退款")
    assert {"delivery", "customer service"} <= words("delivery and customer service")
    assert "ad" not in words("a bad day")
    assert topic_counts(["", "发票 发票 invoice"]).sum(axis=1).tolist() == pytest.approx([0, np.log(3)])


def test_the_cuts_find_the_critical_ones_and_one_half_where_there_are_none() -> None:
    truth = np.array([0] * 20 + [1] * 20 + [2] * 20)
    serious = np.array([0.1] * 20 + [0.8] * 20 + [0.9] * 20)
    critical = np.array([0.01] * 20 + [0.1] * 20 + [0.3] * 20)
    cuts = choose_cuts(truth, serious, critical, np.zeros(60, int))
    assert 0.1 < cuts.critical <= 0.3
    assert choose_cuts(truth[:40], serious[:40], critical[:40], np.zeros(40, int)).critical <= 0.6


def test_anybodys_rows_with_their_own_categories(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [{"text": text, "category": label} for text, label in zip(TEXTS, LABELS, strict=True)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    taught = read_any_rows(path)
    classifier = fit_complaints(HashingEncoder(), ComplaintSettings(), taught)
    readings = [
        classifier.read(reading) for reading in read_all(HashingEncoder(), ["parcel late courier", "app crash"])
    ]
    assert [reading.categories[0].name for reading in readings] == ["late", "app"]
    assert {category.name for category in readings[0].categories} == set(LABELS)
    assert (readings[0].is_complaint, readings[0].severity, readings[0].mood) == (True, Severity.NORMAL, None)
    found = figures(taught[:2], readings)
    assert (found.severity_kappa, found.wants_micro_f1, found.category_accuracy) == (None, None, 0.5)
    assert confusions(taught[:2], readings) == [("late", "app", 1)]


@pytest.mark.parametrize(
    "wrong", ["no json", "[]", '{"text": " "}', '{"category": "a"}', '{"text": "a", "severity": "x"}']
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"text": "a", "complaint": false}}\n\n{wrong}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        read_any_rows(path)


def test_two_labellings_of_two_hundred_rows_agree() -> None:
    labels = read_second_labels()
    assert len({label.id for label in labels}) == 200
    found = agreement(labels)
    assert found.rows == 200
    assert found.complaints >= 150
    assert found.category_kappa >= 0.85
    assert found.severity_weighted_kappa >= 0.9


def test_agreement_and_f1_are_what_the_books_say() -> None:
    assert weighted_kappa([0, 1, 2], [0, 1, 2]) == 1
    assert weighted_kappa([0, 0, 1, 1], [0, 1, 0, 1], 2) == pytest.approx(0)
    assert weighted_kappa([0, 0, 2, 2], [2, 2, 0, 0]) == pytest.approx(-1)
    assert cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]) == pytest.approx(0.5)
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    assert len(read_rows()) > 2_000
