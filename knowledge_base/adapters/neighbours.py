"""knowledge_base: nearest neighbours by FAISS. Fits `knowledge_base.segment.NeighboursBuilder`.

Exact up to some ten thousand points, a graph (HNSW) beyond; for more, compressed lists with an exact second look
(IVF-PQ), which are built several times as fast. Figures: decision 0020, `python -m benchmarks.index`. FAISS is imported
inside functions: it loads OpenMP.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.corpus import Floats
from knowledge_base.settings import IndexSettings

GRAPH_LINKS = 32
GRAPH_BUILD_EFFORT = 80
GRAPH_SEARCH_EFFORT = 80
LIST_PROBES = 48
SECOND_LOOK = 4
"""Times as many compressed neighbours are measured exactly as are wanted."""
LEAST_LOOKED = 256
TRAINING_POINTS_PER_LIST = 40


class FaissNeighbours:
    """Fits `knowledge_base.segment.Neighbours`."""

    def __init__(self, index: Any, points: Floats, kind: str) -> None:
        self.index, self._points, self._kind = index, points, kind
        self._parameters = _parameters(kind)

    @property
    def kind(self) -> str:
        return self._kind

    def nearest(self, point: Floats, count: int) -> npt.NDArray[np.int64]:
        total = len(self._points)
        if not total:
            return np.zeros(0, np.int64)
        wanted = min(count, total)
        looked = min(total, max(LEAST_LOOKED, wanted * SECOND_LOOK)) if self._kind == "lists" else wanted
        _, found = self.index.search(point[None], looked, params=self._parameters)
        rows = np.asarray(found[0], np.int64)
        rows = rows[rows >= 0]
        if self._kind == "lists":
            exact = self._points[rows] @ point
            rows = rows[np.argsort(-exact, kind="stable")[:wanted]]
        return rows


class FaissBuilder:
    """Chooses the kind of index by the number of points."""

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings

    def build(self, points: Floats) -> FaissNeighbours:
        """Index `points` (rows of length 1)."""
        import faiss  # noqa: PLC0415

        # One thread: the cores belong to the customers who are being answered meanwhile.
        faiss.omp_set_num_threads(self._settings.threads)
        dimensions = points.shape[1]
        metric = faiss.METRIC_INNER_PRODUCT
        index: Any
        if len(points) <= self._settings.exact_up_to:
            index, kind = faiss.IndexFlatIP(dimensions), "exact"
        elif len(points) <= self._settings.graph_up_to:
            index, kind = faiss.IndexHNSWFlat(dimensions, GRAPH_LINKS, metric), "graph"
            index.hnsw.efConstruction = GRAPH_BUILD_EFFORT
        else:
            lists = int(4 * np.sqrt(len(points)))
            index, kind = faiss.index_factory(dimensions, f"IVF{lists},PQ{dimensions // 6}x4fsr", metric), "lists"
            sample = np.random.default_rng(0).permutation(len(points))[: lists * TRAINING_POINTS_PER_LIST]
            index.train(points[np.sort(sample)])
        index.add(points)
        return FaissNeighbours(index, points, kind)

    def read(self, path: Path, points: Floats, kind: str) -> FaissNeighbours:
        """An index written by `write`."""
        import faiss  # noqa: PLC0415

        faiss.omp_set_num_threads(self._settings.threads)
        index = faiss.read_index(str(path))
        if index.ntotal != len(points) or index.d != points.shape[1]:
            raise ValueError(f"{path.name} holds {index.ntotal} points of {index.d} dimensions")
        return FaissNeighbours(index, points, kind)

    def write(self, neighbours: FaissNeighbours, path: Path) -> None:
        """Store the index; the points are stored beside it."""
        import faiss  # noqa: PLC0415

        faiss.write_index(neighbours.index, str(path))


def _parameters(kind: str) -> Any:
    import faiss  # noqa: PLC0415

    library: Any = faiss
    if kind == "graph":
        return library.SearchParametersHNSW(efSearch=GRAPH_SEARCH_EFFORT)
    return library.SearchParametersIVF(nprobe=LIST_PROBES) if kind == "lists" else None
