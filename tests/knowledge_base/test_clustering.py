"""Promises of putting questions together: near ones join, others found their own, and the limit is learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kit.contracts import Language
from knowledge_base.clustering import ARTICLES, LEAST, MOST, STARTING_LIMIT, Cluster, learn_limit, nearest
from knowledge_base.corpus import ArticleRef, Corpus, Floats, build_corpus
from knowledge_base.space import Space
from knowledge_base.wordings import Role, Wording

DIMENSIONS = 16
SPACE = Space(means=np.zeros((2, 2, DIMENSIONS), np.float32), metric=np.eye(DIMENSIONS, dtype=np.float32))
EN = 1


def corpus_of(articles: int, *, spread: float) -> Corpus:
    """Articles with four wordings each; `spread` is how far these lie apart."""
    random = np.random.default_rng(7)

    def wording(centre: Floats) -> Wording:
        vector = centre + spread * random.normal(size=DIMENSIONS)
        return Wording(
            language=Language.EN,
            role=Role.QUESTION,
            text="x",
            vector=np.asarray(vector / np.linalg.norm(vector), np.float32),
        )

    centres = random.normal(size=(articles, DIMENSIONS))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    found = [
        (ArticleRef(id=str(number), version=1), [wording(centre) for _ in range(4)])
        for number, centre in enumerate(centres)
    ]
    return build_corpus(found, dimensions=DIMENSIONS)


def a_vector(*values: float) -> Floats:
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(values)] = values
    return vector


def test_a_question_is_nearest_to_the_cluster_of_its_meaning() -> None:
    first = Cluster(id="a", total=a_vector(2, 0), size=2)
    second = Cluster(id="b", total=a_vector(0, 1), size=1)
    found = nearest(a_vector(0.1, 1), (first, second), space=SPACE, language=EN)
    assert found is not None
    assert found[0].id == "b"
    assert found[1] > 0.9
    assert nearest(a_vector(1), (), space=SPACE, language=EN) is None


def test_a_joined_cluster_keeps_its_identity() -> None:
    cluster = Cluster(id="a", total=a_vector(1, 0), size=1).joined(a_vector(0, 1))
    assert (cluster.id, cluster.size) == ("a", 2)
    assert cluster.total.tolist()[:2] == [1.0, 1.0]


def test_a_small_base_teaches_nothing() -> None:
    assert learn_limit(corpus_of(ARTICLES - 1, spread=0.1), SPACE, EN) == STARTING_LIMIT


def test_at_the_learned_limit_most_joins_are_right() -> None:
    corpus = corpus_of(ARTICLES, spread=0.12)
    limit = learn_limit(corpus, SPACE, EN)
    assert LEAST <= limit <= MOST
    clusters: dict[str, Cluster] = {}
    right = wrong = 0
    for row in np.random.default_rng(2).permutation(len(corpus)):
        owner, vector = str(corpus.owner[row]), corpus.vectors[row]
        found = nearest(vector, tuple(clusters.values()), space=SPACE, language=EN)
        if found is None or found[1] < limit:
            clusters[f"{owner}-{row}"] = Cluster(id=f"{owner}-{row}", total=vector, size=1)
            continue
        clusters[found[0].id] = found[0].joined(vector)
        right, wrong = right + (found[0].id.split("-")[0] == owner), wrong + (found[0].id.split("-")[0] != owner)
    assert right > 3 * wrong


def test_where_nothing_can_be_told_apart_hardly_anything_joins() -> None:
    random = np.random.default_rng(1)
    corpus = corpus_of(ARTICLES, spread=0.1)
    noise = random.normal(size=corpus.vectors.shape)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    assert learn_limit(replace(corpus, vectors=np.asarray(noise, np.float32)), SPACE, EN) > STARTING_LIMIT
