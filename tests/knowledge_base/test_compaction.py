"""Promises of compaction: the base made from what stands in memory is the one made from the texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kit.contracts import Language
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.compaction import compact
from knowledge_base.corpus import ArticleRef, build_corpus
from knowledge_base.searching import search_base
from knowledge_base.segment_making import Brought, SegmentMaker
from knowledge_base.settings import IndexSettings
from knowledge_base.wordings import Role, Wording
from nlu.service import fold
from tests.knowledge_base.test_index import as_base, clustered

POINTS = clustered(400)


class Sized:
    """Stands for the encoder of the vectors below."""

    dimensions = 48


MAKER = SegmentMaker(normalise=fold, builder=FaissBuilder(IndexSettings()), encoder=Sized())


def brought(number: int, *, version: int = 1) -> Brought:
    """An article of four wordings."""
    rows = POINTS[number * 4 : number * 4 + 4]
    words = [f"word{number} 第{number}个 other{(number * 7 + at) % 50} not version{version}" for at in range(4)]
    return ArticleRef(id=f"a{number}", version=version), tuple(
        Wording(
            language=Language.EN,
            role=Role.ANSWER if at == 3 else Role.QUESTION,
            text=text,
            vector=row.astype(np.float16).astype(np.float32),
        )
        for at, (text, row) in enumerate(zip(words, rows, strict=True))
    )


def test_a_compacted_base_is_the_base_built_from_the_texts() -> None:
    big, _ = MAKER.whole([brought(number) for number in range(60)])
    gone = frozenset([0, 7, 59])
    added = [brought(7, version=2), *(brought(number) for number in range(60, 90))]
    corpus, facts = compact(big, gone, [MAKER.addition(*each) for each in added])
    kept = [brought(number) for number in range(60) if number not in gone]
    expected = sorted([*kept, *added], key=lambda each: each[0].id)
    fresh = build_corpus(expected, dimensions=48)
    assert (corpus.articles, corpus.wordings) == (fresh.articles, fresh.wordings)
    for name in ("starts", "vectors", "languages", "roles", "owner"):
        assert np.array_equal(getattr(corpus, name), getattr(fresh, name)), name
    again = [MAKER.addition(*each).facts for each in expected]
    assert list(facts.words) == [words for each in again for words in each.words]
    assert np.array_equal(facts.denies, np.concatenate([each.denies for each in again]))
    assert np.array_equal(facts.asks, np.concatenate([each.asks for each in again]))


def test_a_renewed_base_answers_as_one_built_anew() -> None:
    big, _ = MAKER.whole([brought(number) for number in range(60)])
    renewed, space = MAKER.renewed(big, frozenset([3]), [MAKER.addition(*brought(70))], [brought(71)])
    numbers = [*(number for number in range(60) if number != 3), 70, 71]
    anew, other = MAKER.whole(sorted((brought(number) for number in numbers), key=lambda each: each[0].id))
    for number in (1, 30, 59, 70, 71, 3):
        _, wordings = brought(number)
        first, second = (
            search_base(
                replace(as_base(segment), space=place), vector=wordings[0].vector,
                folded=fold(wordings[0].text), language=Language.EN,
            ).found
            for segment, place in ((renewed, space), (anew, other))
        )  # fmt: skip
        assert [each.ref for each in first] == [each.ref for each in second]
        assert np.allclose([each.score for each in first], [each.score for each in second], atol=1e-5)


def test_nothing_is_left_when_all_is_gone() -> None:
    big, _ = MAKER.whole([brought(number) for number in range(3)])
    corpus, facts = compact(big, frozenset([0, 1, 2]), [])
    assert (len(corpus), corpus.articles, list(facts.words)) == (0, (), [])
