"""Promises of the starter content: both languages, wordings enough, and nothing held out is indexed or trained on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from kit.contracts import Language
from knowledge_base.corpus import LANGUAGE_NUMBER
from knowledge_base.features import read_query
from knowledge_base.starter import held_out, starter_drafts, unknown, unknown_for_fitting
from knowledge_base.validation import find_faults, tidy
from knowledge_base.wordings import wordings_of
from nlu.service import fold
from tests.support.editing import CATEGORIES, Library


def test_every_article_can_be_published_as_it_is() -> None:
    drafts = starter_drafts()
    assert len(drafts) >= 80
    assert len({draft.key for draft in drafts}) == len(drafts)
    for draft in drafts:
        assert find_faults(tidy(draft), publishing=True) == {}, draft.key
        assert {text.language for text in draft.texts} == set(Language), draft.key
        assert all(len(text.questions) >= 5 for text in draft.texts), draft.key


def test_one_wording_in_five_is_held_out_of_every_article() -> None:
    kept = Counter(
        (draft.key, text.language) for draft in starter_drafts() for text in draft.texts for _ in text.questions
    )
    out = Counter((row.gold, row.language) for row in held_out())
    assert set(kept) == set(out)
    for side in kept:
        assert 0.18 <= out[side] / (out[side] + kept[side]) <= 0.22, side


def test_nothing_held_out_is_indexed() -> None:
    indexed = {fold(wording.text) for draft in starter_drafts() for wording in wordings_of(draft)}
    assert not indexed & {fold(row.text) for row in (*held_out(), *unknown("test"), *unknown("dev"))}


def test_nothing_held_out_is_trained_on() -> None:
    trained = {fold(question.text) for question in unknown_for_fitting()}
    assert trained
    assert not trained & {fold(row.text) for row in (*held_out(), *unknown("test"))}
    assert len(unknown("dev")) == len(trained)


async def test_held_out_questions_find_their_articles(library: Library) -> None:
    keys = {draft.key for draft in starter_drafts() if draft.category in CATEGORIES}
    rows = [row for row in held_out() if row.gold in keys]
    first = among = 0
    for row in rows:
        result = await library.ask(row.text, language=row.language)
        found = [match.key for match in result.matches]
        first += found[0] == row.gold
        among += row.gold in found[:5]
    # The whole base's figures are measured by `python -m knowledge_base evaluate-own`.
    assert first / len(rows) >= 0.70
    assert among / len(rows) >= 0.90


@pytest.mark.parametrize("language", list(Language))
async def test_a_question_in_one_language_finds_an_article_of_the_other(library: Library, language: Language) -> None:
    base = await library.parts.live.current()
    corpus = base.big.corpus
    in_other = np.where(corpus.languages == LANGUAGE_NUMBER[language], -9.0, 0.0)
    ids = {draft.key: await library.article_id(draft.key) for draft in starter_drafts() if draft.category in CATEGORIES}
    rows = [row for row in held_out() if row.language == language and row.gold in ids]
    found = []
    for row in rows:
        reading = await library.reader.read(row.text, previous=language)
        query = read_query(reading.vector, reading.normalised, LANGUAGE_NUMBER[language], base.space)
        nearest = int((base.big.points @ query.point + in_other).argmax())
        found.append(corpus.articles[corpus.owner[nearest]].id == ids[str(row.gold)])
    # Twenty-one articles: one in five by chance would be much.
    assert np.mean(found) >= 0.5
