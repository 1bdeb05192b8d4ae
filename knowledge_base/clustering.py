"""knowledge_base: puts questions of one meaning together, one at a time. Pure.

A question joins the nearest cluster of its language if it is near enough, else it founds one; nothing is ever put
together anew, so a cluster keeps its identity however many questions join. Compared is in the space of the search
(`knowledge_base.space`), where cosines say something; what "near enough" means is learned from the base itself: its
articles are clusters whose questions are known (docs/decisions/0040).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kit.contracts import Language
from knowledge_base.contracts import ClusterState
from knowledge_base.corpus import QUESTION, Corpus, Floats
from knowledge_base.space import Space
from nlu.contracts import Vector

PRECISION = 0.75
"""Wanted share of right joins; a few strangers in a cluster cost less than the same matter ten times over."""
STARTING_LIMIT = 0.55
"""For a base too small to learn from."""
LEAST, MOST = 0.4, 0.9
"""Within these the learned limit stays."""
WORDINGS = 3
"""Articles with fewer wordings of a language teach nothing."""
ARTICLES = 20
"""With fewer such articles the starting limit is used."""
SAMPLE = 500
"""Articles that are learned from; each is compared with every other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cluster:
    """Questions of one meaning, as far as joining needs them."""

    id: str
    total: Floats
    """Sum of the vectors of its questions, as the encoder made them."""
    size: int

    def joined(self, vector: Floats) -> Cluster:
        """With one more question."""
        return Cluster(id=self.id, total=self.total + vector, size=self.size + 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredCluster:
    """A cluster as it is kept."""

    cluster: Cluster
    language: Language
    state: ClusterState
    article_id: str | None
    merged_into: str | None
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfiledMiss:
    """A miss that stands in no cluster yet."""

    id: str
    question: str
    language: Language
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filed:
    """Where a miss belongs."""

    miss: UnfiledMiss
    question: str
    """Personal data masked."""
    cluster_id: str
    """Where it is shown; the target of a merged cluster."""
    joined_id: str
    """The cluster whose vectors it joins."""
    founds: bool
    vector: Vector


def nearest(
    vector: Floats, clusters: tuple[Cluster, ...], *, space: Space, language: int
) -> tuple[Cluster, float] | None:
    """The cluster nearest to a question, and how near: a cosine. None without clusters."""
    if not clusters:
        return None
    centres = np.stack([cluster.total / np.float32(cluster.size) for cluster in clusters])
    near: Floats = _points(centres, space, language) @ _points(vector[None], space, language)[0]
    best = int(np.argmax(near))
    return clusters[best], float(near[best])


def learn_limit(corpus: Corpus, space: Space, language: int) -> float:
    """How near is near enough, from the articles' own wordings in one language.

    Every wording is tried twice: with its article there (the join may be right) and without it (any join is wrong).
    """
    rows = np.flatnonzero((corpus.languages == language) & (corpus.roles == QUESTION))
    owners, counts = np.unique(corpus.owner[rows], return_counts=True)
    owners = owners[counts >= WORDINGS]
    if len(owners) < ARTICLES:
        return STARTING_LIMIT
    owners = owners[:: max(1, len(owners) // SAMPLE)]
    rows = rows[np.isin(corpus.owner[rows], owners)]
    own = np.searchsorted(owners, corpus.owner[rows])
    vectors = corpus.vectors[rows]
    totals = np.zeros((len(owners), vectors.shape[1]), np.float32)
    np.add.at(totals, own, vectors)
    sizes = np.bincount(own).astype(np.float32)
    points = _points(vectors, space, language)
    others = points @ _points(totals / sizes[:, None], space, language).T
    others[np.arange(len(rows)), own] = -1
    rival = others.max(1)
    rest = _points((totals[own] - vectors) / (sizes[own] - 1)[:, None], space, language)
    mine = np.vecdot(points, rest)
    near = np.concatenate([np.maximum(mine, rival), rival])
    right = np.concatenate([mine > rival, np.zeros(len(rows), bool)])
    order = np.argsort(-near)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    limit = float(near[order][good[-1]]) if len(good) else MOST
    return min(MOST, max(LEAST, limit))


def _points(vectors: npt.NDArray[np.floating], space: Space, language: int) -> Floats:
    """Centred, and of length 1."""
    points = vectors - space.means[language, QUESTION]
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-6), np.float32)
