"""Promises of the index: every kind finds the same, a big base stays quick to change, saved and loaded are equal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kit.contracts import Language
from knowledge_base.adapters.neighbours import FaissBuilder
from knowledge_base.adapters.snapshot import FileSnapshots
from knowledge_base.calibration import STARTING
from knowledge_base.corpus import ArticleRef, Floats, build_corpus
from knowledge_base.searching import Base, search_base
from knowledge_base.segment import Segment, Snapshot, build_segment, read_wordings
from knowledge_base.settings import IndexSettings
from knowledge_base.space import fit_space, place
from knowledge_base.wordings import Role, Wording
from nlu.service import fold

EXACT = IndexSettings()
GRAPH = IndexSettings(exact_up_to=0)
LISTS = IndexSettings(exact_up_to=0, graph_up_to=0)


def clustered(rows: int, *, dimensions: int = 48, seed: int = 3) -> Floats:
    """Points as sentence vectors are: in clusters, a few rows each."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(rows // 8, dimensions))
    points = centres[random.integers(0, len(centres), rows)] + 0.6 * random.normal(size=(rows, dimensions))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.ascontiguousarray(points, np.float32)


@pytest.mark.parametrize(("settings", "kind"), [(EXACT, "exact"), (GRAPH, "graph"), (LISTS, "lists")])
def test_every_kind_of_index_finds_the_nearest(settings: IndexSettings, kind: str) -> None:
    points = clustered(4_000)
    queries = clustered(200, seed=9) * 0.3 + points[:200]
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    index = FaissBuilder(settings).build(points)
    assert index.kind == kind
    exact = (queries @ points.T).argmax(1)
    found = [int(index.nearest(query, 10)[0]) for query in queries]
    assert np.mean(found == exact) >= 0.99
    ranked = index.nearest(queries[0], 10)
    near = points[ranked] @ queries[0]
    assert list(near) == sorted(near, reverse=True)


def test_fewer_points_than_asked_for_are_all_found() -> None:
    points = clustered(16)
    for settings in (EXACT, GRAPH):
        assert set(FaissBuilder(settings).build(points).nearest(points[3], 50).tolist()) == set(range(16))
    assert len(FaissBuilder(EXACT).build(points[:0]).nearest(points[0], 5)) == 0


def made_up(articles: int, builder: FaissBuilder) -> Segment:
    """A base of made-up vectors and words."""
    points = clustered(articles * 4)
    rows = [
        (
            ArticleRef(id=f"a{number}", version=1),
            [
                Wording(
                    language=Language.EN,
                    role=Role.QUESTION,
                    text=f"word{number} and other{(number * 7 + at) % 50}",
                    vector=points[number * 4 + at],
                )
                for at in range(4)
            ],
        )
        for number in range(articles)
    ]
    corpus = build_corpus(rows, dimensions=48)
    return build_segment(corpus, space=fit_space(corpus), facts=read_wordings(corpus.wordings, fold), builder=builder)


def as_base(segment: Segment) -> Base:
    """`segment` as a base that can be asked."""
    return Base(
        version=1,
        encoder="e",
        big=segment,
        small=None,
        gone=frozenset(),
        space=fit_space(segment.corpus),
        calibration=STARTING,
    )


@pytest.mark.parametrize("settings", [GRAPH, LISTS])
def test_searches_agree_whatever_the_kind_of_index(settings: IndexSettings) -> None:
    exact = as_base(made_up(500, FaissBuilder(EXACT)))
    other = as_base(made_up(500, FaissBuilder(settings)))
    same = 0
    for row in range(0, 2_000, 10):
        vector, text = exact.big.corpus.vectors[row], exact.big.corpus.wordings[row]
        best = [
            search_base(base, vector=vector, folded=text, language=Language.EN).found[0].ref.id
            for base in (exact, other)
        ]
        same += best[0] == best[1]
    assert same >= 198


def test_a_loaded_snapshot_answers_exactly_as_the_saved_one(tmp_path: Path) -> None:
    builder = FaissBuilder(GRAPH)
    segment = made_up(200, builder)
    space = fit_space(segment.corpus)
    snapshots = FileSnapshots(tmp_path / "index", builder)
    snapshots.save(Snapshot(segment=segment, space=space, encoder="e"))
    assert snapshots.load(encoder="another") is None
    loaded = snapshots.load(encoder="e")
    assert loaded is not None
    before = replace(as_base(segment), space=space)
    after = replace(before, big=loaded.segment, space=loaded.space)
    for row in range(0, 800, 40):
        vector, text = segment.corpus.vectors[row], segment.corpus.wordings[row]
        found = [search_base(base, vector=vector, folded=text, language=Language.EN).found for base in (before, after)]
        assert [each.ref for each in found[0]] == [each.ref for each in found[1]]
        assert np.allclose([each.score for each in found[0]], [each.score for each in found[1]], atol=1e-2)


def test_only_the_newest_snapshot_is_kept(tmp_path: Path) -> None:
    builder = FaissBuilder(EXACT)
    snapshots = FileSnapshots(tmp_path / "index", builder)
    for articles in (20, 30):
        segment = made_up(articles, builder)
        snapshots.save(Snapshot(segment=segment, space=fit_space(segment.corpus), encoder="e"))
    assert len(list((tmp_path / "index").iterdir())) == 1
    loaded = snapshots.load(encoder="e")
    assert loaded is not None
    assert len(loaded.segment.corpus.articles) == 30


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    builder = FaissBuilder(EXACT)
    segment = made_up(5, builder)
    snapshots = FileSnapshots(tmp_path / "index", builder)
    snapshots.save(Snapshot(segment=segment, space=fit_space(segment.corpus), encoder="e"))
    assert snapshots.load(encoder="e") is None


def test_centring_brings_the_two_languages_together() -> None:
    random = np.random.default_rng(5)
    meaning = random.normal(size=(40, 48))
    cone = {Language.ZH: random.normal(size=48) * 8, Language.EN: random.normal(size=48) * 8}
    rows = []
    for number in range(40):
        wordings = []
        for language in Language:
            vector = meaning[number] + cone[language] + 0.3 * random.normal(size=48)
            vector = (vector / np.linalg.norm(vector)).astype(np.float32)
            wordings.append(Wording(language=language, role=Role.QUESTION, text=f"{language}{number}", vector=vector))
        rows.append((ArticleRef(id=str(number), version=1), wordings))
    corpus = build_corpus(rows, dimensions=48)
    points, _ = place(fit_space(corpus), corpus)

    def crossed(vectors: Floats) -> float:
        chinese, english = vectors[0::2], vectors[1::2]
        return float(((chinese @ english.T).argmax(1) == np.arange(40)).mean())

    assert crossed(points) > 0.9 > crossed(corpus.vectors)
