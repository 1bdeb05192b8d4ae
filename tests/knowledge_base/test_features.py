"""Promises of the features: what cosine does not see speaks for or against an article by itself."""

from __future__ import annotations

import pytest

from kit.contracts import Language
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.corpus import LANGUAGE_NUMBER, ArticleRef, build_corpus
from knowledge_base.features import RANK_FEATURES, find_candidates, look_up_words, read_query
from knowledge_base.segment import Segment, build_segment, read_wordings
from knowledge_base.settings import IndexSettings
from knowledge_base.space import Space, fit_space
from knowledge_base.wordings import Role, Wording
from nlu.contracts import TextRole
from nlu.encoder.hashing import HashingEncoder
from nlu.service import fold

ZH, EN = Language.ZH, Language.EN
WORDINGS = {
    "ten": (EN, "does the washer with 10kg fit"),
    "eight": (EN, "does the washer with 8kg fit"),
    "j5": (EN, "filter of the J5"),
    "j7": (EN, "filter of the J7"),
    "here": (ZH, "包裹收到了有破损"),
    "gone": (ZH, "包裹没有收到"),
    "how": (ZH, "怎么申请退款"),
    "when": (ZH, "退款多久到账"),
}


@pytest.fixture(scope="module")
def base() -> tuple[Segment, Space]:
    encoder = HashingEncoder()
    vectors = encoder.encode([text for _, text in WORDINGS.values()], TextRole.QUERY)
    rows = [
        (ArticleRef(id=name, version=1), [Wording(language=language, role=Role.QUESTION, text=text, vector=vector)])
        for (name, (language, text)), vector in zip(WORDINGS.items(), vectors, strict=True)
    ]
    corpus = build_corpus(rows, dimensions=encoder.dimensions)
    space = fit_space(corpus)
    facts = read_wordings(corpus.wordings, fold)
    return build_segment(corpus, space=space, facts=facts, builder=FaissBuilder(IndexSettings())), space


def features_of(base: tuple[Segment, Space], text: str, language: Language, name: str) -> dict[str, float]:
    """The value of one feature for each article."""
    segment, space = base
    vector = HashingEncoder().encode([text], TextRole.QUERY)[0]
    query = read_query(vector, fold(text), LANGUAGE_NUMBER[language], space)
    found = find_candidates(segment, query, look_up_words(segment, query))
    values = found.features[:, RANK_FEATURES.index(name)].tolist()
    ids = [segment.corpus.articles[number].id for number in found.articles.tolist()]
    return dict(zip(ids, values, strict=True))


@pytest.mark.parametrize(
    ("text", "language", "feature", "agrees", "differs"),
    [
        ("will the 10kg washer fit", EN, "numbers_missing", "ten", "eight"),
        ("a new filter for my j7", EN, "numbers_missing", "j7", "j5"),
        ("a new filter for my j7", EN, "code_missing", "j7", "j5"),
        ("包裹还没收到", ZH, "denial_differs", "gone", "here"),
        ("退款要多长时间", ZH, "kind_differs", "when", "how"),
    ],
)
def test_numbers_models_denials_and_kinds_of_question_tell_articles_apart(  # noqa: PLR0917 - the columns of the table
    base: tuple[Segment, Space], text: str, language: Language, feature: str, agrees: str, differs: str
) -> None:
    values = features_of(base, text, language, feature)
    assert values[agrees] == 0
    assert values[differs] == 1


def test_a_code_that_stands_nowhere_speaks_against_every_article(base: tuple[Segment, Space]) -> None:
    assert set(features_of(base, "filter of the J9", EN, "code_missing").values()) == {1}
    assert set(features_of(base, "will the 99kg washer fit", EN, "code_missing").values()) == {0}
