"""Promises of the fit: honest thresholds, few labels change nothing, a worse fit is not used."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kit.contracts import Language
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.calibration import (
    STARTING,
    Thresholds,
    Wanted,
    as_json,
    from_json,
    level_of,
)
from knowledge_base.contracts import Level
from knowledge_base.corpus import ArticleRef, build_corpus
from knowledge_base.features import RANK_FEATURES
from knowledge_base.fitting import (
    FEWEST,
    LEAST_ANSWERS,
    Labelled,
    Question,
    balance,
    cross_judged,
    fit,
    given_questions,
    judge,
    log_loss,
    lowest_threshold,
    measured_loss,
    own_questions,
)
from knowledge_base.segment import Segment, build_segment, read_wordings
from knowledge_base.settings import IndexSettings
from knowledge_base.space import fit_space
from knowledge_base.wordings import Role, Wording
from knowledge_base.words import words_of
from nlu.contracts import TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.service import fold
from tests.knowledge_base.test_live_base import MANY

WANTED = Wanted(answer_precision=0.9, clarify_precision=0.3, unknown_share=0.2)


def many() -> Segment:
    """A base of thirty articles with four wordings each."""
    encoder = HashingEncoder()
    rows = []
    for content in MANY:
        texts = [content.texts[0].title, *content.texts[0].questions]
        vectors = encoder.encode(texts, TextRole.QUERY)
        wordings = [
            Wording(language=Language.EN, role=Role.QUESTION, text=text, vector=vector)
            for text, vector in zip(texts, vectors, strict=True)
        ]
        rows.append((ArticleRef(id=content.key, version=1), wordings))
    corpus = build_corpus(rows, dimensions=encoder.dimensions)
    facts = read_wordings(corpus.wordings, fold)
    return build_segment(corpus, space=fit_space(corpus), facts=facts, builder=FaissBuilder(IndexSettings()))


def labelled(segment: Segment) -> list[Labelled]:
    folded = [fold(text) for text in segment.corpus.wordings]
    return balance(own_questions(segment, folded=folded), unknown_share=WANTED.unknown_share)


def test_a_left_out_row_is_really_out() -> None:
    segment = many()
    for question in labelled(segment):
        texts = [segment.corpus.wordings[row] for row in question.candidates.best_row]
        # The asked wording itself stands nowhere among the rows that speak for the candidates.
        similarity = question.candidates.similarity
        assert not np.any(similarity > 0.9999), texts


def test_own_questions_are_asked_once_with_and_once_without_their_article() -> None:
    segment = many()
    questions = labelled(segment)
    known = [question for question in questions if question.right is not None]
    assert len(known) == len(segment.corpus)
    assert len(questions) == 2 * len(known)
    assert own_questions(segment, folded=[fold(text) for text in segment.corpus.wordings], invent=False)
    share = sum(q.weight for q in questions if q.right is None) / sum(q.weight for q in questions)
    assert abs(share - WANTED.unknown_share) < 1e-6


def test_the_fit_is_better_than_the_start_on_what_it_did_not_see() -> None:
    questions = labelled(many())
    fitted = fit(questions, WANTED)
    assert fitted.questions == len(questions)
    assert fitted.loss < measured_loss(STARTING, questions)
    assert fitted.loss >= 0.8 * measured_loss(fitted, questions)


def test_few_labels_leave_the_starting_values() -> None:
    questions = labelled(many())
    known = [question for question in questions if question.right is not None][: FEWEST - 1]
    assert fit(known, WANTED) is STARTING
    assert fit([], WANTED) is STARTING


def test_fitting_twice_gives_the_same() -> None:
    assert fit(labelled(many()), WANTED).version == fit(labelled(many()), WANTED).version


def coded() -> Segment:
    """The same base, every article about one model."""
    encoder = HashingEncoder()
    rows = []
    for number, content in enumerate(MANY):
        texts = [f"{text} x{number}" for text in (content.texts[0].title, *content.texts[0].questions)]
        vectors = encoder.encode(texts, TextRole.QUERY)
        wordings = [
            Wording(language=Language.EN, role=Role.QUESTION, text=text, vector=vector)
            for text, vector in zip(texts, vectors, strict=True)
        ]
        rows.append((ArticleRef(id=content.key, version=1), wordings))
    corpus = build_corpus(rows, dimensions=encoder.dimensions)
    facts = read_wordings(corpus.wordings, fold)
    return build_segment(corpus, space=fit_space(corpus), facts=facts, builder=FaissBuilder(IndexSettings()))


def test_a_question_about_a_code_is_asked_once_more_about_another_and_the_fit_learns_to_doubt_it() -> None:
    segment = coded()
    questions = labelled(segment)
    others = [question for question in questions if question.other_code]
    assert len(others) == len(segment.corpus)
    assert {question.right for question in others} == {None}
    assert {question.weight for question in others} == {1.0}
    lacks = RANK_FEATURES.index("code_missing")
    assert all((question.candidates.features[:, lacks] == 1).all() for question in others)
    fitted = fit(questions, WANTED)
    known = [question for question in questions if question.right is not None]
    doubted = np.mean([judge(fitted, question).confidence for question in others])
    assert doubted < np.mean([judge(fitted, question).confidence for question in known]) / 2
    assert not any(question.other_code for question in labelled(many()))


def test_given_rows_without_unanswerable_ones_get_invented_ones() -> None:
    segment = many()
    space = fit_space(segment.corpus)
    vector = HashingEncoder().encode(["kettle please now"], TextRole.QUERY)[0]
    known = Question(vector=vector, folded="kettle please now", language=Language.EN, right="many-0")
    unknown = replace(known, right=None)
    assert [q.right for q in given_questions(segment, space, [known])] == [0, None]
    both = given_questions(segment, space, [known, unknown])
    assert [q.right for q in both] == [0, None]
    assert 0 in both[1].candidates.articles


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(0.1, 3)), min_size=1, max_size=80),
    st.floats(0.5, 0.99),
)
def test_a_threshold_keeps_the_precision_it_was_chosen_for(
    scored: list[tuple[float, bool, float]], precision: float
) -> None:
    threshold = lowest_threshold(scored, precision)
    if threshold is None:
        return
    # Equal scores cannot be told apart, so the answers are those that come first in the given order.
    above = [each for each in scored if each[0] > threshold]
    at = [each for each in scored if each[0] == threshold]
    assert len(above) + len(at) >= LEAST_ANSWERS
    if len(at) == 1:
        answers = above + at
        reached = sum(w for _, right, w in answers if right) / sum(w for _, _, w in answers)
        assert reached >= precision - 1e-6


def test_the_fewer_answers_a_threshold_rests_on_the_more_it_keeps_in_hand() -> None:
    few = [(1 - at / 40, at % 20 != 19, 1.0) for at in range(40)]
    many = [each for each in few for _ in range(25)]
    careful, bold = lowest_threshold(few, 0.94), lowest_threshold(many, 0.94)
    assert careful is not None
    assert bold is not None
    assert careful > bold


def test_nothing_to_judge_is_no_fault() -> None:
    assert lowest_threshold([], 0.9) is None
    assert log_loss([]) == 0.0
    assert log_loss(cross_judged(labelled(many())[:5])) > 0


def test_a_calibration_survives_its_json_and_refuses_that_of_other_features() -> None:
    fitted = fit(labelled(many()), WANTED)
    written = json.loads(json.dumps(as_json(fitted)))
    assert from_json(written) == fitted
    assert from_json(written | {"features": [list(RANK_FEATURES), ["one"]]}) is None
    assert from_json({}) is None


def test_levels_follow_the_thresholds() -> None:
    thresholds = Thresholds(answer=0.8, clarify=0.3)
    assert level_of([0.8, 0.1], thresholds) is Level.SURE
    assert level_of([0.79, 0.0], thresholds) is Level.UNSURE
    assert level_of([0.12, 0.1, 0.09], thresholds) is Level.UNSURE
    assert level_of([0.12, 0.1], thresholds) is Level.UNKNOWN
    assert level_of([], thresholds) is Level.UNKNOWN


def test_words_of_the_left_out_wording_alone_count_as_never_seen() -> None:
    segment = many()
    for question in labelled(segment):
        if question.right is None:
            continue
        others = {
            word
            for row, text in enumerate(segment.corpus.wordings)
            if words_of(fold(text)) != question.query.words
            for word in words_of(fold(text))
        }
        lonely = bool(question.query.words - others)
        # A customer's question brings words that no wording has; the fit must have met such questions.
        assert (question.seen.seen < 1) == lonely


def test_without_labels_the_order_is_no_worse_than_the_nearest_wording() -> None:
    known = [question for question in labelled(many()) if question.right is not None]
    nearest = RANK_FEATURES.index("own_cosine")
    alone = sum(q.candidates.articles[q.candidates.features[:, nearest].argmax()] == q.right for q in known)
    started = sum(judge(STARTING, question).right for question in known)
    assert 0 < alone <= started
