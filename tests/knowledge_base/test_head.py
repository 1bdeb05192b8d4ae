"""Promises of the learned score: what is left out is really left out, new articles and big bases do without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kit.contracts import Language
from knowledge_base import head as learned
from knowledge_base.corpus import ArticleRef, Corpus, build_corpus
from knowledge_base.features import Without, find_candidates, look_up_words, read_query
from knowledge_base.head import fit_head, head_for, head_scores, left_out_scores, likeness_of
from knowledge_base.lexicon import build_lexicon, look_up
from knowledge_base.space import fit_space, place
from knowledge_base.wordings import Role, Wording
from knowledge_base.words import words_of
from nlu.contracts import TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.normalise import fold
from tests.knowledge_base.test_fitting import many

SEGMENT = many()
ALL = np.arange(len(SEGMENT.corpus.articles))


def without_row(corpus: Corpus, gone: int) -> Corpus:
    """The same articles without one wording."""
    rows = [
        (
            ref,
            [
                Wording(language=Language.EN, role=Role.QUESTION, text=corpus.wordings[row], vector=corpus.vectors[row])
                for row in range(corpus.starts[number], corpus.starts[number + 1])
                if row != gone
            ],
        )
        for number, ref in enumerate(corpus.articles)
    ]
    return build_corpus(rows, dimensions=corpus.vectors.shape[1])


def test_a_wording_asked_is_scored_as_if_it_had_never_been_learned() -> None:
    corpus, row = SEGMENT.corpus, 9
    assert SEGMENT.head is not None
    shortcut = left_out_scores(SEGMENT.head, row, int(corpus.owner[row]), ALL)
    smaller = without_row(corpus, row)
    # The same space and word weights on both sides, so that only the learning differs.
    kept = np.delete(np.arange(len(corpus)), row)
    lexicon = build_lexicon([words_of(fold(text)) for text in smaller.wordings], like=SEGMENT.lexicon)
    again = fit_head(smaller, SEGMENT.points[kept], lexicon)
    assert again is not None
    words = look_up(SEGMENT.lexicon, words_of(fold(corpus.wordings[row])))
    beside = likeness_of(SEGMENT.head, SEGMENT.points[row], words)[kept]
    assert shortcut is not None
    assert np.allclose(shortcut, head_scores(again, beside, ALL), atol=2e-3)


def test_the_score_of_a_learned_wording_is_highest_for_its_own_article() -> None:
    corpus = SEGMENT.corpus
    assert SEGMENT.head is not None
    for row in range(0, len(corpus), 7):
        words = look_up(SEGMENT.lexicon, words_of(fold(corpus.wordings[row])))
        scores = head_scores(SEGMENT.head, likeness_of(SEGMENT.head, SEGMENT.points[row], words), ALL)
        assert int(scores.argmax()) == corpus.owner[row]


def test_a_new_version_keeps_what_was_learned_and_a_new_article_gets_what_is_expected() -> None:
    refs = (replace(SEGMENT.corpus.articles[4], version=2), ArticleRef(id="never-seen", version=1))
    head = head_for(SEGMENT.head, SEGMENT.corpus, refs)
    assert head is not None
    assert SEGMENT.head is not None
    assert np.array_equal(head.weights[0], SEGMENT.head.weights[4])
    assert np.isnan(head.weights[1]).all()
    corpus = replace(SEGMENT.corpus, articles=(*SEGMENT.corpus.articles[:-1], refs[1]))
    small = replace(SEGMENT, corpus=corpus, head=head_for(SEGMENT.head, SEGMENT.corpus, corpus.articles))
    text = corpus.wordings[-1]
    vector = HashingEncoder().encode([text], TextRole.QUERY)[0]
    query = read_query(vector, text, 1, fit_space(corpus))
    found = find_candidates(small, query, look_up_words(small, query))
    assert np.isfinite(found.features).all()
    assert int(found.features[:, -1].argmax()) == found.articles.tolist().index(len(corpus.articles) - 1)


def test_a_row_that_was_not_learned_has_no_shortcut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "MOST_ROWS", 40)
    corpus = SEGMENT.corpus
    points, _ = place(fit_space(corpus), corpus)
    head = fit_head(corpus, points, SEGMENT.lexicon)
    assert head is not None
    assert len(head.rows) == 40
    missing = next(row for row in range(len(corpus)) if row not in head.rows)
    assert left_out_scores(head, missing, int(corpus.owner[missing]), ALL) is None
    segment = replace(SEGMENT, head=head)
    query = read_query(corpus.vectors[missing], corpus.wordings[missing], 1, fit_space(corpus))
    without = Without(rows=frozenset([missing]), asked=missing)
    assert np.isfinite(find_candidates(segment, query, look_up_words(segment, query), without).features).all()


def test_one_article_and_too_many_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = SEGMENT.corpus
    monkeypatch.setattr(learned, "MOST_WEIGHTS", len(corpus) * len(corpus.articles) - 1)
    assert fit_head(corpus, SEGMENT.points, SEGMENT.lexicon) is None
    assert head_for(None, corpus, corpus.articles) is None
    segment = replace(SEGMENT, head=None)
    query = read_query(corpus.vectors[3], corpus.wordings[3], 1, fit_space(corpus))
    assert np.isfinite(find_candidates(segment, query, look_up_words(segment, query)).features).all()
