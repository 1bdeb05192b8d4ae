"""nlu.rasa: the mathematics of the intent model; numpy and scikit-learn, no Rasa.

Ranking: logistic regression on the centred sentence vector, joined with a linear SVM on word and character n-grams
(sum of log-probability and weighted margin). Scale and weight are chosen by cross-validation on the training data.

Out of scope: a small logistic model over signs that the message is strange (energy, top odds, nearest examples,
nearest outliers). It learns from cross-validation in which whole intents are held out as well: their examples, and
those of the outlier intent where there is one, are what "unknown" looks like. The cut refuses at most the wanted share
of messages that would have been understood rightly.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

SEED = 7
SCALES = (6.0, 12.0)
WEIGHTS = (0.0, 0.5, 1.0, 2.0, 3.0)
FOLDS = 5
CHOICE_ROWS = 4_000
"""Rows that choose scale and weight; more would only take longer."""
NEIGHBOURS = 40
"""Examples kept per intent for the distance signs."""
FEATURES = 40_000


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


class Words:
    """Word and character n-grams with TF-IDF weights; works for Chinese (no spaces) as for English."""

    def __init__(
        self, vocabularies: list[dict[str, int]] | None = None, weights: list[np.ndarray] | None = None
    ) -> None:
        self._parts = [
            TfidfVectorizer(
                token_pattern=r"(?u)[^\W\u4e00-\u9fff]+|[\u4e00-\u9fff]", ngram_range=(1, 2), sublinear_tf=True,
                dtype=np.float32, max_features=FEATURES, vocabulary=vocabularies[0] if vocabularies else None,
            ),
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32, max_features=FEATURES,
                vocabulary=vocabularies[1] if vocabularies else None,
            ),
        ]  # fmt: skip
        if weights:
            for part, idf in zip(self._parts, weights):
                part.idf_ = idf
        self._tables: list[tuple[Callable[[str], list[str]], dict[str, int], np.ndarray]] | None = None

    def fit(self, texts: list[str]) -> csr_matrix:
        return hstack([part.fit_transform(texts) for part in self._parts]).tocsr()

    def sums(self, texts: list[str], table: np.ndarray) -> np.ndarray:
        """The n-grams' weighted sum of `table` rows, one row a text.

        The same numbers as scikit-learn's transform and a product, at a tenth of its cost for a single text.
        """
        if self._tables is None:
            self._tables = [
                (part.build_analyzer(), dict(part.vocabulary_), np.asarray(part.idf_, np.float32))
                for part in self._parts
            ]
        made = np.zeros((len(texts), table.shape[1]), np.float32)
        for row, text in zip(made, texts):
            start = 0
            for analyze, places, idf in self._tables:
                counted = Counter(places[gram] for gram in analyze(text) if gram in places)
                if counted:
                    at = np.fromiter(counted.keys(), np.int64, len(counted))
                    values = (1 + np.log(np.fromiter(counted.values(), np.float32, len(counted)))) * idf[at]
                    row += (values / np.linalg.norm(values)) @ table[start + at]
                start += len(places)
        return made

    def state(self) -> tuple[list[dict[str, int]], list[np.ndarray]]:
        """What `__init__` wants to be the same again."""
        return [{k: int(v) for k, v in p.vocabulary_.items()} for p in self._parts], [p.idf_ for p in self._parts]


@dataclass
class Ranker:
    """Scores of the in-scope intents."""

    labels: list[str]
    mean: np.ndarray
    dense: np.ndarray
    dense_bias: np.ndarray
    words: Words | None
    sparse: np.ndarray | None
    sparse_bias: np.ndarray | None
    weight: float

    @classmethod
    def fit(cls, vectors: np.ndarray, texts: list[str], labels: np.ndarray, scale: float, weight: float) -> Ranker:
        mean = vectors.mean(axis=0)
        model = LogisticRegression(C=1.0, max_iter=150, tol=1e-3)
        model.fit((vectors - mean) * scale, labels)
        dense, bias = _both_sides(model.coef_ * scale, model.intercept_)
        names = [str(label) for label in model.classes_]
        if not weight:
            return cls(names, mean, dense, bias, None, None, None, 0.0)
        words = Words()
        margins = LinearSVC(C=0.5, random_state=SEED).fit(words.fit(texts), labels)
        sparse, sparse_bias = _both_sides(margins.coef_, margins.intercept_)
        # One row an n-gram: a text needs a few dozen of them.
        return cls(names, mean, dense, bias, words, np.ascontiguousarray(sparse.T), sparse_bias, weight)

    def parts(self, vectors: np.ndarray, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(dense scores, word margins); the margins are zeros when words are not used."""
        scores = (vectors - self.mean) @ self.dense.T + self.dense_bias
        if self.words is None:
            return scores, np.zeros_like(scores)
        return scores, self.words.sums(texts, self.sparse) + self.sparse_bias

    def join(self, dense: np.ndarray, margins: np.ndarray) -> np.ndarray:
        """Probabilities from the two parts."""
        return softmax(np.log(softmax(dense) + 1e-9) + self.weight * margins)


def _both_sides(rows: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One row a class, also where scikit-learn gives a single row for two classes."""
    if len(rows) == 1:
        rows, bias = np.vstack([-rows, rows]) / 2, np.concatenate([-bias, bias]) / 2
    return rows.astype(np.float32), bias.astype(np.float32)


def choose(vectors: np.ndarray, texts: list[str], labels: np.ndarray) -> tuple[float, float]:
    """(scale, weight) with the best cross-validated accuracy; the smaller weight where it makes no difference."""
    rng = np.random.default_rng(SEED)
    if len(labels) > CHOICE_ROWS:
        picked = np.sort(rng.choice(len(labels), CHOICE_ROWS, replace=False))
        vectors, texts, labels = vectors[picked], [texts[i] for i in picked], labels[picked]
    right = {(scale, weight): 0 for scale in SCALES for weight in WEIGHTS}
    for fitted, tested in folds(labels):
        some = [texts[i] for i in fitted], [texts[i] for i in tested]
        margins = None
        for scale in SCALES:
            ranker = Ranker.fit(vectors[fitted], some[0], labels[fitted], scale, 1.0 if margins is None else 0.0)
            dense, own = ranker.parts(vectors[tested], some[1])
            margins = own if margins is None else margins
            names = np.array(ranker.labels)
            for weight in WEIGHTS:
                ranker.weight = weight
                best = names[ranker.join(dense, margins).argmax(axis=1)]
                right[scale, weight] += int((best == labels[tested]).sum())
    return max(right, key=lambda key: (right[key], -key[1], -key[0]))


def folds(labels: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cross-validation splits that keep the intents' shares; fewer when an intent has few examples."""
    least = int(np.unique(labels, return_counts=True)[1].min())
    splits = StratifiedKFold(n_splits=max(2, min(FOLDS, least)), shuffle=True, random_state=SEED)
    return list(splits.split(np.zeros(len(labels)), labels))


@dataclass
class Strangeness:
    """Whether a message belongs to any intent at all."""

    examples: np.ndarray
    """Unit rows of centred example vectors, at most `NEIGHBOURS` an intent."""
    owner: np.ndarray
    """Index of the intent of each example row."""
    outliers: np.ndarray
    """The same for the outlier intent; may have no rows."""
    strange: np.ndarray
    """Weights of the straight cut between outliers and the rest (last one is the bias); empty without outliers."""
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    centre: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    spread: np.ndarray = field(default_factory=lambda: np.ones(0, np.float32))
    bias: float = 0.0
    cut: float = 0.0
    """Messages whose `known` is below this are out of scope."""

    @classmethod
    def around(cls, ranker: Ranker, vectors: np.ndarray, labels: np.ndarray, outliers: np.ndarray) -> Strangeness:
        """The reference points; the decision is learned later by `learn`."""
        rng = np.random.default_rng(SEED)
        places: list[int] = []
        owner: list[int] = []
        for index, label in enumerate(ranker.labels):
            own = np.flatnonzero(labels == label)
            if len(own) > NEIGHBOURS:
                own = rng.choice(own, NEIGHBOURS, replace=False)
            places += own.tolist()
            owner += [index] * len(own)
        centred = vectors - ranker.mean
        far = outliers - ranker.mean
        cut = np.zeros(0, np.float32)
        if len(outliers) >= 2 * FOLDS:
            model = LogisticRegression(C=1.0, max_iter=200, class_weight="balanced")
            model.fit(np.vstack([centred, far]) * 8.0, np.r_[np.ones(len(centred)), np.zeros(len(far))])
            cut = np.r_[model.coef_[0] * 8.0, model.intercept_[0]].astype(np.float32)
        return cls(unit(centred[places]).astype(np.float32), np.array(owner), unit(far).astype(np.float32), cut)

    def signs(self, ranker: Ranker, vectors: np.ndarray, dense: np.ndarray, margins: np.ndarray) -> np.ndarray:
        """One row of signs a message; larger means more at home (all but the last)."""
        joined = ranker.join(dense, margins)
        top = joined.argmax(axis=1)
        rows = np.arange(len(top))
        p = np.clip(joined[rows, top], 1e-6, 1 - 1e-6)
        ordered = np.sort(dense, axis=1)
        peak = ordered[:, -1:]
        energy = peak[:, 0] + np.log(np.exp(dense - peak).sum(axis=1))
        here = unit(vectors - ranker.mean)
        near = here @ self.examples.T
        own = np.where(self.owner[None, :] == top[:, None], near, -1.0).max(axis=1)
        closest = np.sort(near, axis=1)[:, -5:].mean(axis=1)
        signs = [np.log(p / (1 - p)), energy, ordered[:, -1] - ordered[:, -min(2, dense.shape[1])], own, closest,
                 margins[rows, top]]  # fmt: skip
        if len(self.outliers):
            far = here @ self.outliers.T
            signs += [closest - np.sort(far, axis=1)[:, -3:].mean(axis=1), far.max(axis=1)]
        if len(self.strange):
            signs.append((vectors - ranker.mean) @ self.strange[:-1] + self.strange[-1])
        return np.stack(signs, axis=1).astype(np.float32)

    def known(self, signs: np.ndarray) -> np.ndarray:
        """Log-odds of being in scope."""
        return ((signs - self.centre) / self.spread) @ self.weights + self.bias


@dataclass
class Blend:
    """The whole intent model."""

    ranker: Ranker
    strangeness: Strangeness
    outlier: str
    scale: float

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        texts: list[str],
        labels: list[str],
        *,
        outlier: str = "",
        wrongly_refused: float = 0.02,
    ) -> Blend:
        """Train on in-scope intents; `outlier` names the intent whose examples are out of scope ("" for none)."""
        names = np.array(labels, dtype=str)
        out = names == outlier
        far, far_texts = vectors[out], [t for t, o in zip(texts, out) if o]
        vectors, texts, names = vectors[~out], [t for t, o in zip(texts, out) if not o], names[~out]
        if len(np.unique(names)) < 2:
            raise ValueError("at least two intents beside the outlier intent are needed")
        scale, weight = choose(vectors, texts, names)
        signs, inside, right = cls._held_out_signs(vectors, texts, names, far, far_texts, scale, weight)
        ranker = Ranker.fit(vectors, texts, names, scale, weight)
        strangeness = Strangeness.around(ranker, vectors, names, far)
        cls._learn(strangeness, signs, inside, right, wrongly_refused)
        return cls(ranker, strangeness, outlier, scale)

    @staticmethod
    def _held_out_signs(
        vectors: np.ndarray, texts: list[str], names: np.ndarray, far: np.ndarray, far_texts: list[str],
        scale: float, weight: float,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
        """(signs, in scope?, ranked rightly?) of messages the fitting model has not seen, a fifth of intents unseen."""
        rng = np.random.default_rng(SEED)
        intents = rng.permutation(np.unique(names))
        parts = folds(names)
        if len(intents) < 2 * len(parts):
            parts = parts[:2]
        out_part = rng.integers(len(parts), size=len(far))
        all_signs, all_inside, all_right = [], [], []
        for number, (fitted, tested) in enumerate(parts):
            unseen = set(intents[number :: len(parts)]) if len(intents) >= 4 else set()
            fitted = fitted[[n not in unseen for n in names[fitted]]]
            some = [texts[i] for i in fitted]
            ranker = Ranker.fit(vectors[fitted], some, names[fitted], scale, weight)
            around = Strangeness.around(ranker, vectors[fitted], names[fitted], far[out_part != number])
            outside = np.flatnonzero(out_part == number)
            probe = np.vstack([vectors[tested], far[outside]])
            words = [texts[i] for i in tested] + [far_texts[i] for i in outside]
            dense, margins = ranker.parts(probe, words)
            truth = np.r_[names[tested], np.full(len(outside), "")]
            best = np.array(ranker.labels)[ranker.join(dense, margins).argmax(axis=1)]
            all_signs.append(around.signs(ranker, probe, dense, margins))
            all_inside.append(np.array([n != "" and n not in unseen for n in truth]))
            all_right.append(best == truth)
        return np.vstack(all_signs), np.concatenate(all_inside), np.concatenate(all_right)

    @staticmethod
    def _learn(
        strangeness: Strangeness, signs: np.ndarray, inside: np.ndarray, right: np.ndarray, wrongly_refused: float
    ) -> None:
        strangeness.centre, strangeness.spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
        scaled = (signs - strangeness.centre) / strangeness.spread
        if inside.all():
            # Nothing to learn strangeness from (three intents or fewer): the top odds alone decide.
            strangeness.weights = np.eye(1, signs.shape[1], dtype=np.float32)[0]
        else:
            model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500).fit(scaled, inside)
            strangeness.weights, strangeness.bias = model.coef_[0].astype(np.float32), float(model.intercept_[0])
        accepted = strangeness.known(signs)[inside & right]
        strangeness.cut = float(np.quantile(accepted, wrongly_refused)) if len(accepted) else 0.0

    def rank(self, vectors: np.ndarray, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities of `ranker.labels`, probability of being in scope, shifted so that .5 is the cut)."""
        dense, margins = self.ranker.parts(vectors, texts)
        signs = self.strangeness.signs(self.ranker, vectors, dense, margins)
        odds = self.strangeness.known(signs) - self.strangeness.cut
        return self.ranker.join(dense, margins), 1 / (1 + np.exp(-np.clip(odds, -30, 30)))

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON; nothing that runs when it is read."""
        r, s = self.ranker, self.strangeness
        words, idf = r.words.state() if r.words else ([], [])
        told = {"labels": r.labels, "weight": r.weight, "outlier": self.outlier, "scale": self.scale, "words": words,
                "bias": s.bias, "cut": s.cut}  # fmt: skip
        (folder / "blend.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        arrays = {
            "mean": r.mean, "dense": r.dense, "dense_bias": r.dense_bias, "examples": s.examples, "owner": s.owner,
            "outliers": s.outliers, "strange": s.strange, "weights": s.weights, "centre": s.centre, "spread": s.spread,
        }  # fmt: skip
        if r.words:
            arrays |= {"sparse": r.sparse, "sparse_bias": r.sparse_bias, "idf0": idf[0], "idf1": idf[1]}
        np.savez(folder / "blend.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Blend:
        told = json.loads((folder / "blend.json").read_text(encoding="utf-8"))
        with np.load(folder / "blend.npz", allow_pickle=False) as a:
            words = Words(told["words"], [a["idf0"], a["idf1"]]) if told["words"] else None
            sparse, sparse_bias = (a["sparse"], a["sparse_bias"]) if words else (None, None)
            ranker = Ranker(
                told["labels"], a["mean"], a["dense"], a["dense_bias"], words, sparse, sparse_bias, told["weight"]
            )
            strangeness = Strangeness(
                a["examples"], a["owner"], a["outliers"], a["strange"], a["weights"], a["centre"], a["spread"],
                told["bias"], told["cut"],
            )  # fmt: skip
        return cls(ranker, strangeness, told["outlier"], told["scale"])
